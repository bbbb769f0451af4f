"""An enquiry shows who made it: only to whoever may know of them, and without putting them in danger."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.accounts.models import Role
from app.audit.models import AuditDetail
from app.complaints import actions as complaints
from app.complaints.models import Channel
from app.core import clock
from app.core.errors import RuleBroken
from app.duties import actions as duties
from app.enquiries import actions
from app.enquiries.models import Way
from app.people import actions as people
from app.people.models import ContactWay

SAFE, OTHER = "07700 900001", "07700 900666"


@pytest.fixture
def caseworker(make):
    return make.account(Role.CASEWORKER)


def call(session, caseworker, **more):
    return actions.take(
        session,
        actor=caseworker,
        way=Way.TELEPHONE,
        received_at=clock.now() - timedelta(days=3),
        said="Nobody told them what the scan had shown.",
        **more,
    )


@pytest.fixture
def unsafe(session, caseworker):
    person = people.add(session, {"name": "Josefa Marchetti", "telephone": SAFE})
    session.flush()
    people.change_contact(
        session,
        person,
        actor=caseworker,
        contact_by=ContactWay.TELEPHONE,
        contact_note="Only on this number, in the morning.",
        is_unsafe_to_contact=True,
    )
    return person


def test_an_enquiry_of_somebody_who_is_only_in_a_restricted_complaint_is_not_there(
    reader, session, make, caseworker
):
    client, _account = reader(Role.CASEWORKER)
    enquiry = call(session, caseworker, particulars={"name": "Josefa Marchetti"})
    complaint = complaints.log(
        session,
        actor=caseworker,
        channel=Channel.EMAIL,
        received_at=clock.now(),
        made_on=clock.today(),
        narrative="The scan.",
        complainant={"name": "Josefa Marchetti", "address": "1 Refuge Lane"},
        complainant_is=enquiry.person,
    )
    session.commit()
    begin = f"/complaints/new?enquiry={enquiry.reference}"
    assert "1 Refuge Lane" in client.get(begin).text

    duties.restrict(session, complaint, actor=make.account(Role.MANAGER), reasons="For her safety.")
    session.commit()

    assert client.get(begin).status_code == 404
    assert client.get(f"/enquiries/{enquiry.reference}").status_code == 404
    assert "Josefa Marchetti" not in client.get("/enquiries/").text


def test_no_caller_changes_how_somebody_is_reached_whom_it_is_not_safe_to_contact(
    session, caseworker, unsafe
):
    with pytest.raises(RuleBroken, match="not safe to contact") as refusal:
        call(session, caseworker, person=unsafe, particulars={"name": unsafe.name, "telephone": OTHER})
    assert (refusal.value.field, unsafe.telephone) == ("telephone", SAFE)

    call(session, caseworker, person=unsafe, particulars={"name": unsafe.name, "telephone": SAFE})
    call(session, caseworker, person=unsafe, particulars={"name": unsafe.name, "email": "j@post.example"})
    assert (unsafe.telephone, unsafe.email) == (SAFE, "j@post.example")


def test_every_page_of_an_enquiry_says_that_somebody_must_not_be_contacted_without_care(
    reader, session, caseworker, unsafe
):
    client, _account = reader(Role.CASEWORKER)
    enquiry = call(session, caseworker, person=unsafe)
    session.commit()

    for page in ("", "/writing", "/offer", "/close"):
        assert (
            "Only on this number, in the morning." in client.get(f"/enquiries/{enquiry.reference}{page}").text
        )


def test_what_was_written_down_first_stays_in_the_record_when_it_is_written_anew(reader, session, caseworker):
    client, _account = reader(Role.CASEWORKER)
    enquiry = call(session, caseworker)
    for words in ("The first text.", "The second text."):
        actions.write_down(session, enquiry, actor=caseworker, written=words, sent_on=clock.today())
    session.commit()

    assert any("The first text." in str(one.detail) for one in session.scalars(select(AuditDetail)))
    assert "The second text.</textarea>" in client.get(f"/enquiries/{enquiry.reference}/writing").text


def test_nobody_dies_before_they_were_born_whenever_that_was_said(session):
    person = people.add(session, {"name": "Q", "born_on": clock.today()})

    with pytest.raises(RuleBroken) as refusal:
        people.amend(person, {"name": "Q", "died_on": clock.today() - timedelta(days=1)})
    assert refusal.value.field == "died_on"
