"""What is said of a document later changes nothing of what came; and nothing that is relied on goes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.accounts.models import Role
from app.cases.models import CaseStage
from app.core import clock
from app.core.errors import NotPermitted, RuleBroken
from app.evidence import actions, provenance
from app.evidence.models import Document, Following
from tests.evidence.test_evidence import receive


@pytest.fixture
def case(make):
    return make.case(CaseStage.DETAILED_INVESTIGATION, whole=False)


@pytest.fixture
def document(app, session, case):
    return receive(session, case, app.extensions["files"])


def another(app, session, case, **given):
    return receive(session, case, app.extensions["files"], content=b"Another.", **given)


def test_a_withdrawn_document_stays_with_its_reason_and_nobody_outside_sees_it(session, case, document):
    [party] = actions.parties_of(case)
    actions.disclose(session, document, actor=case.owner, organisation=party)
    provenance.show_to_complainant(session, document, actor=case.owner)

    provenance.withdraw(session, document, actor=case.owner, reasons="It is of another patient.")

    assert (document.withdrawn_by, document.withdrawn_because) == (case.owner, "It is of another patient.")
    assert not document.is_disclosed_to(party.id)
    assert not document.is_seen_by_complainant
    for act in (
        lambda: provenance.withdraw(session, document, actor=case.owner, reasons="Again."),
        lambda: provenance.show_to_complainant(session, document, actor=case.owner),
        lambda: actions.disclose(session, document, actor=case.owner, organisation=party),
        lambda: actions.link(session, document, case.allegations[0], actor=case.owner, note="It shows."),
    ):
        with pytest.raises(RuleBroken, match="This document was withdrawn"):
            act()


def test_what_is_linked_or_followed_cannot_be_withdrawn(app, session, case, document):
    later = another(app, session, case)
    provenance.follow(session, later, actor=case.owner, earlier=document, following=Following.CORRECTED)
    actions.link(session, later, case.allegations[0], actor=case.owner, note="It shows.")

    with pytest.raises(RuleBroken, match="another document follows it"):
        provenance.withdraw(session, document, actor=case.owner, reasons="Wrong.")
    with pytest.raises(RuleBroken, match="it is linked to allegation 1"):
        provenance.withdraw(session, later, actor=case.owner, reasons="Wrong.")
    assert (document.withdrawn_at, later.withdrawn_at) == (None, None)


def test_a_version_follows_one_of_its_case_once_and_never_in_a_ring(app, session, make, case, document):
    later, owner = another(app, session, case), case.owner
    elsewhere = receive(session, make.case(), app.extensions["files"], content=b"Elsewhere.")

    def follow(one, earlier):
        provenance.follow(session, one, actor=owner, earlier=earlier, following=Following.ADDENDUM)

    follow(later, document)

    for one, earlier, told in (
        (document, later, "That document follows this one"),
        (document, document, "That document follows this one"),
        (document, elsewhere, "Select a document of this case"),
        (document, None, "Select a document of this case"),
        (later, document, "It follows “Report” already"),
    ):
        with pytest.raises(RuleBroken, match=told):
            follow(one, earlier)
    assert (document.followed_by, later.following) == ([later], Following.ADDENDUM)


def test_the_complainant_sees_a_document_until_it_is_withdrawn_from_them(session, case, document):
    provenance.show_to_complainant(session, document, actor=case.owner)
    with pytest.raises(RuleBroken, match="may see this document already"):
        provenance.show_to_complainant(session, document, actor=case.owner)

    provenance.withdraw_from_complainant(session, document, actor=case.owner)

    assert not document.is_seen_by_complainant
    with pytest.raises(RuleBroken, match="cannot see this document now"):
        provenance.withdraw_from_complainant(session, document, actor=case.owner)


def test_only_who_has_the_case_withdraws_or_shows(session, make, document):
    for act in (
        lambda: provenance.withdraw(session, document, actor=make.account(Role.INVESTIGATOR), reasons="No."),
        lambda: provenance.show_to_complainant(session, document, actor=make.account(Role.INVESTIGATOR)),
    ):
        with pytest.raises(NotPermitted):
            act()


@pytest.mark.parametrize(("days", "is_flagged"), [(-1, False), (0, False), (1, True)])
def test_a_document_dated_after_the_complaint_is_flagged_on_its_page_and_in_the_list(
    app, session, make, reader, days, is_flagged
):
    client, investigator = reader(Role.INVESTIGATOR)
    case = make.case(CaseStage.DETAILED_INVESTIGATION, whole=False, owner=investigator)
    document_on = case.complaint.made_on + timedelta(days=days)
    document = receive(
        session, case, app.extensions["files"], document_on=document_on, supplied_on=clock.today()
    )
    session.commit()

    listed = client.get(f"/cases/{case.reference}/evidence/").text
    shown = client.get(f"/cases/{case.reference}/evidence/{document.key}").text

    assert ("Dated after the complaint" in listed, "It bears a date after" in shown) == (is_flagged,) * 2


def test_its_pages_withdraw_and_follow_and_keep_what_was_typed(app, session, make, reader):
    client, investigator = reader(Role.INVESTIGATOR)
    case = make.case(CaseStage.DETAILED_INVESTIGATION, whole=False, owner=investigator)
    earlier, later = receive(session, case, app.extensions["files"]), another(app, session, case)
    session.commit()
    address = f"/cases/{case.reference}/evidence"

    told = {"earlier": earlier.key, "following": "addendum"}
    assert client.post(f"{address}/{later.key}/follows", data=told).status_code == 302
    refused = client.post(f"{address}/{earlier.key}/withdraw", data={"reasons": "Wrong patient."}).text
    assert "It cannot be withdrawn, as another document follows it" in refused
    assert "Wrong patient." in refused
    assert client.post(f"{address}/{later.key}/complainant").status_code == 302
    assert client.post(f"{address}/{later.key}/complainant/withdraw").status_code == 302
    assert client.post(f"{address}/{later.key}/withdraw", data={"reasons": "Doubled."}).status_code == 302

    session.expire_all()
    rows = session.scalars(select(Document).order_by(Document.id)).all()
    assert [(d.withdrawn_because, d.following) for d in rows] == [
        ("", None),
        ("Doubled.", Following.ADDENDUM),
    ]
    assert "Doubled." in client.get(f"{address}/{later.key}").text
