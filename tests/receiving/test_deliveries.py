"""A delivery says from whom it came and what its label declares; what is found is told apart from that for good."""

from __future__ import annotations

from io import BytesIO

import pytest
from sqlalchemy import select

from app.core.errors import RuleBroken
from app.core.files import Kept
from app.core.references import new_key
from app.evidence.actions import Arrived
from app.evidence.models import Document, Supplier
from app.receiving import actions, queries
from app.receiving.actions import Limits
from app.receiving.models import Delivery, Unit
from tests.receiving.conftest import begin, sha256

LIMITS = Limits(1000, 1000)


def add(session, delivery, content=b"x"):
    arrived = Arrived(
        kept=Kept(sha256(content), len(content)), filename="a.pdf", media_type="application/pdf"
    )
    return actions.add(session, delivery, actor=delivery.added_by, arrived=arrived, limits=LIMITS)


def test_declared_and_found_differ_for_good_once_all_of_it_is_in(session, sender):
    first = begin(session, sender.case, sender.account, declared=2, unit=Unit.DOCUMENTS)
    add(session, first)
    assert queries.found_in(session, first) == 1

    actions.close(session, first, actor=sender.account)
    second = begin(session, sender.case, sender.account, declared=1, unit=Unit.DOCUMENTS, supplements=first)
    add(session, second)

    with pytest.raises(RuleBroken, match="Begin another for what came later"):
        add(session, first)
    assert [(each.declared, queries.found_in(session, each)) for each in (first, second)] == [(2, 1), (1, 1)]
    assert second.supplements is first
    page = sender.client.get(f"{sender.address}/{first.key}").text
    assert "Its label says 2 documents, and 1 were found." in page


def test_what_nobody_can_count_yet_is_not_counted(session, sender):
    disc = begin(session, sender.case, sender.account, declared=2, unit=Unit.STUDIES)
    letter = begin(session, sender.case, sender.account, declared=3, unit=Unit.PAGES)
    add(session, letter).pages = 3
    unread = add(session, letter, b"other")

    assert [queries.found_in(session, each) for each in (disc, letter)] == [None, None]
    unread.pages = 1
    assert queries.found_in(session, letter) == 4


def test_all_of_it_is_not_in_while_a_file_is_on_its_way(session, sender):
    sender.announce()

    with pytest.raises(RuleBroken, match="on their way still"):
        actions.close(session, sender.delivery, actor=sender.account)


@pytest.mark.parametrize("given", [{"declared": 2}, {"unit": Unit.STUDIES}])
def test_a_number_goes_with_what_it_counts(session, sender, given):
    with pytest.raises(RuleBroken, match="or leave both empty"):
        begin(session, sender.case, sender.account, **given)


def test_what_an_organisation_delivered_it_may_see(session, sender):
    [party] = {allegation.organisation for allegation in sender.case.allegations}
    delivery = begin(session, sender.case, sender.account, supplier=Supplier.ORGANISATION, organisation=party)

    assert add(session, delivery).is_disclosed_to(party.id)


def test_without_scripts_several_files_are_sent_with_the_plain_form_once(session, sender):
    address, form = f"{sender.address}/{sender.delivery.key}/files", new_key()

    def send():
        files = [(BytesIO(b"one"), "one.pdf"), (BytesIO(b"two"), "two.pdf")]
        return sender.client.post(address, data={"files": files, "submission": form})

    assert "up to 100 MB at once" in sender.client.get(address).text
    assert [send().status_code, send().status_code] == [302, 302]
    session.expire_all()
    assert [d.filename for d in session.scalars(select(Document).order_by(Document.id))] == [
        "one.pdf",
        "two.pdf",
    ]


def test_the_pages_of_a_delivery_tell_of_it(session, sender):
    form = {
        "label": "Letter with enclosures",
        "supplier": "complainant",
        "supplied_on-day": "1",
        "supplied_on-month": "3",
        "supplied_on-year": "2025",
        "way": "post",
        "copy_kind": "copy",
        "declared": "3",
    }
    refused = sender.client.post(f"{sender.address}/new", data=form).text
    assert "or leave both empty" in refused
    assert "Letter with enclosures" in refused
    answer = sender.client.post(f"{sender.address}/new", data=form | {"unit": "pages"})

    session.expire_all()
    delivery = session.scalars(select(Delivery).order_by(Delivery.id.desc())).first()
    assert answer.location.endswith(f"/deliveries/{delivery.key}/files")
    assert "3 pages declared, 0 found" in " ".join(
        sender.client.get(f"{sender.address}/").text.replace("<strong>", "").split()
    )
    assert sender.client.post(f"{sender.address}/{delivery.key}/close").status_code == 302
    session.expire_all()
    assert (delivery.found, delivery.closed_at is None) == (0, False)
