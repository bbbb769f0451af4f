from __future__ import annotations

from datetime import date, time

import pytest

from app.accounts.models import Role
from app.audit.queries import story
from app.complaints import actions
from app.complaints.models import Channel, ComplaintState, Part
from app.core import clock
from app.core.errors import NotPermitted, Overtaken, RuleBroken
from app.core.references import read_reference
from app.people.nhs_number import Standing


def log(session, make, **given):
    answers = {
        "channel": Channel.EMAIL,
        "received_at": clock.now(),
        "made_on": clock.today(),
        "narrative": "Nobody read the scan.",
        "complainant": {"name": "Zoë D’Arcy-Whyte", "nhs_number": "999 000 0018"},
    }
    return actions.log(session, actor=make.account(Role.CASEWORKER), **answers | given)


def due(complaint):
    return {deadline.rule: deadline.due_on for deadline in complaint.deadlines}


def test_a_complaint_gets_its_reference_and_its_clocks_at_receipt(session, make, today):
    today(2026, 3, 2, 23, 50)

    complaint = log(session, make)

    assert read_reference(complaint.reference) == complaint.reference
    assert complaint.state is ComplaintState.INITIAL_CHECK
    assert due(complaint) == {"acknowledgement": date(2026, 3, 4), "conclusion": date(2027, 3, 1)}


def test_the_day_of_receipt_is_the_day_in_london(session, make, today):
    today(2026, 7, 2, 9, 0)
    half_past_midnight = clock.instant_of(date(2026, 7, 2), time(0, 30))

    complaint = log(session, make, received_at=half_past_midnight, made_on=date(2026, 7, 1))

    assert half_past_midnight.date() == date(2026, 7, 1)  # in UTC it is still the day before
    assert complaint.received_on == date(2026, 7, 2)
    assert due(complaint)["conclusion"] == date(2027, 7, 1)


def test_a_corrected_day_of_receipt_moves_the_clocks_and_the_old_day_stays_in_the_record(
    session, make, today
):
    today(2026, 3, 20)
    complaint = log(session, make)
    earlier = clock.instant_of(date(2026, 3, 2), time(9))

    actions.change(
        session, complaint, actor=make.account(Role.CASEWORKER), received_at=earlier, made_on=date(2026, 3, 1)
    )

    assert due(complaint) == {"acknowledgement": date(2026, 3, 4), "conclusion": date(2027, 3, 1)}
    told = [entry.detail for entry in story(session, complaint) if entry.event == "deadline.set"]
    assert [(detail["rule"], detail["was"]) for detail in told[:2]] == [
        ("conclusion", "2027-03-19"),
        ("acknowledgement", "2026-03-24"),
    ]


@pytest.mark.parametrize(
    ("number", "standing"), [("9990000018", Standing.VALID), ("9990000019", Standing.INVALID)]
)
def test_an_nhs_number_is_checked_and_never_blocks(session, make, number, standing):
    complaint = log(session, make, complainant={"name": "Ann Other", "nhs_number": number})

    [person] = complaint.people_as(Part.PERSON_AFFECTED)
    assert (person.nhs_number, person.nhs_number_standing) == (number, standing)


def test_who_complains_for_someone_else_is_the_complainant_and_the_other_the_person_affected(session, make):
    complaint = log(session, make, affected={"name": "Old Mr Other"}, basis="Daughter")

    assert [(p.person.name, p.part, p.basis) for p in complaint.parties] == [
        ("Zoë D’Arcy-Whyte", Part.COMPLAINANT, "Daughter"),
        ("Old Mr Other", Part.PERSON_AFFECTED, ""),
    ]


def test_a_complainant_may_be_not_known(session, make):
    complaint = log(session, make, complainant=None)

    assert (complaint.complainant_known, complaint.parties) == (False, [])


def test_dates_that_cannot_be_are_refused_at_their_field(session, make, today):
    tomorrow = clock.instant_of(date(2100, 1, 1), time(9))
    with pytest.raises(RuleBroken) as refusal:
        log(session, make, received_at=tomorrow)
    assert refusal.value.field == "received_at"
    with pytest.raises(RuleBroken) as refusal:
        log(session, make, made_on=date(2100, 1, 1))
    assert refusal.value.field == "made_on"


def test_the_second_of_two_savers_is_told(session, make):
    complaint, caseworker = log(session, make), make.account(Role.CASEWORKER)
    drawn_from = complaint.version
    actions.change(session, complaint, actor=caseworker, drawn_from=drawn_from, narrative="Mine.")
    session.flush()

    with pytest.raises(Overtaken):
        actions.change(session, complaint, actor=caseworker, drawn_from=drawn_from, narrative="Theirs.")
    assert complaint.narrative == "Mine."


def test_one_person_has_one_record_in_two_complaints(session, make):
    first, second, caseworker = log(session, make), log(session, make), make.account(Role.CASEWORKER)
    [person] = first.people_as(Part.COMPLAINANT)

    actions.add_person(
        session, second, actor=caseworker, part=Part.REPRESENTATIVE, basis="Friend", person=person
    )
    actions.change_person(session, first, person, actor=caseworker, name="Zoë Whyte")

    assert [p.name for p in second.people_as(Part.REPRESENTATIVE)] == ["Zoë Whyte"]
    with pytest.raises(RuleBroken, match="already"):
        actions.add_person(
            session, second, actor=caseworker, part=Part.REPRESENTATIVE, basis="x", person=person
        )


@pytest.mark.parametrize("role", [Role.INVESTIGATOR, Role.ADMINISTRATOR, Role.LIAISON])
def test_only_those_who_log_complaints_log_them(session, make, role):
    with pytest.raises(NotPermitted):
        actions.log(
            session,
            actor=make.account(role),
            channel=Channel.POST,
            received_at=clock.now(),
            made_on=clock.today(),
            narrative="x",
            complainant=None,
        )
