"""What a list shows of a complaint is what its records say, at every moment."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from app.accounts.models import Role
from app.allegations.models import CheckOutcome, Coding, CodingStanding
from app.caseload import lines
from app.caseload.models import NEVER, Line, Mark, Standing
from app.caseload.said import facts
from app.cases.models import CaseStage
from app.cases.next_steps import NextStep
from app.complaints.models import Part, Party
from app.people.models import Person
from app.recommendations.models import RecommendationState


def line_of(session, complaint):
    session.commit()
    return session.scalars(select(Line).where(Line.complaint_id == complaint.id)).one()


def marks_of(session, complaint):
    session.commit()
    found = session.execute(select(Mark.kind, Mark.value).where(Mark.complaint_id == complaint.id))
    return {(kind.value, value) for kind, value in found}


def test_a_line_that_says_something_else_is_found_and_mended(session, make):
    case = make.case()
    session.commit()
    session.execute(update(Line).values(owner_id=None))
    assert list(lines.differing(session)) == [case.reference]

    assert lines.rebuild(session) == 1

    assert list(lines.differing(session)) == []


def test_records_from_before_there_were_lines_get_theirs(session, make):
    make.case()
    session.commit()
    session.execute(Mark.__table__.delete())
    session.execute(Line.__table__.delete())

    lines.catch_up(session)

    assert list(lines.differing(session)) == []


def test_a_complaint_has_its_line_from_the_commit_that_makes_it(session, make):
    complaint = make.complaint(complainant_known=False)

    line = line_of(session, complaint)

    assert (line.reference, line.standing, line.is_case, line.is_open, line.next_step, line.due_on) == (
        complaint.reference,
        Standing.INITIAL_CHECK,
        False,
        True,
        NextStep.CHECK,
        NEVER,
    )
    assert marks_of(session, complaint) == {("flag", "nobody_known")}


@pytest.mark.parametrize(
    ("stage", "next_step"),
    [
        (CaseStage.PRIMARY_INVESTIGATION, NextStep.LOOK_CLOSER),
        (CaseStage.DETAILED_INVESTIGATION, NextStep.FIND),
        (CaseStage.PROVISIONAL_VIEWS, NextStep.ANSWER_COMMENTS),
        (CaseStage.APPROVAL, NextStep.APPROVE),
        (CaseStage.COMPLIANCE, NextStep.CLOSE),
        (CaseStage.CLOSED, NextStep.NOTHING),
    ],
)
def test_a_line_says_the_stage_of_its_case_and_what_is_next(session, make, stage, next_step):
    case = make.case(stage)

    line = line_of(session, case.complaint)

    assert (line.standing.value, line.next_step, line.is_open) == (
        stage.value,
        next_step,
        stage is not CaseStage.CLOSED,
    )


def test_a_line_follows_when_the_name_of_a_person_changes(session, make):
    complaint = make.complaint()
    person = Person(name="Ada Orme", search_name="ada orme")
    complaint.parties.append(Party(person=person, part=Part.PERSON_AFFECTED))
    assert line_of(session, complaint).affected == "Ada Orme"

    person.name = "Ada Orme-Blythe"

    assert line_of(session, complaint).affected == "Ada Orme-Blythe"


def test_a_line_is_found_by_its_codes_their_steps_and_its_organisations(session, make):
    allegation = make.allegation(outcome=CheckOutcome.ACCEPT, modality="CT")
    coding = Coding(standing=CodingStanding.PROVISIONAL, code="J1", list_version="0.1")
    allegation.codings.append(coding)
    by_organisation = ("organisation", allegation.organisation.code)

    assert marks_of(session, allegation.complaint) == {
        by_organisation,
        ("modality", "CT"),
        ("code", "J1"),
        ("step", "J"),
        ("flag", "codes_provisional"),
    }

    coding.removed_at = allegation.created_at

    assert marks_of(session, allegation.complaint) == {by_organisation, ("modality", "CT")}


def test_evidence_that_waits_to_be_judged_is_flagged_and_next(session, make):
    recommendation = make.recommendation(state=RecommendationState.SUBMITTED)
    complaint = recommendation.case.complaint

    assert ("flag", "to_judge") in marks_of(session, complaint)
    assert line_of(session, complaint).next_step is NextStep.JUDGE


def test_nothing_is_left_of_a_line_whose_change_is_undone(session, make):
    case = make.case()
    was = line_of(session, case.complaint).owner_id
    case.owner = make.account(Role.INVESTIGATOR)
    session.flush()

    session.rollback()
    session.commit()

    assert line_of(session, case.complaint).owner_id == was
    assert list(lines.differing(session)) == []


def test_a_change_that_no_line_tells_of_works_out_none_of_the_many_of_one_person(session, make, statements):
    person = Person(name="Ada Often", search_name="ada often")
    make.complaint().parties.append(Party(person=person, part=Part.COMPLAINANT))
    session.commit()
    statements.clear()

    person.telephone = "07700 900123"
    session.commit()

    assert [one for one in statements if "caseload" in one] == []
    person.name = "Ada Seldom"
    session.commit()
    assert list(lines.differing(session)) == []


def test_what_a_line_tells_is_looked_up_by_its_complaint(session, make, looked):
    complaint = make.complaint()
    session.flush()
    looked.clear()

    session.execute(facts([complaint.id])).all()

    assert looked[0] == "SEARCH complaint USING INTEGER PRIMARY KEY (rowid=?)"
    assert [plan for plan in looked if "consent" in plan] == [
        "SEARCH consent USING INDEX sqlite_autoindex_consent_1 (complaint_id=?)"
    ]
