"""A decision on an allegation rests on answers, and these on facts: what happens when a fact is changed."""

from __future__ import annotations

from datetime import date

import pytest

from app.accounts.models import Role
from app.allegations.models import CheckOutcome, KnowledgeSource
from app.casefile import proceedings
from app.casefile.models import ProceedingKind
from app.cases import actions as cases
from app.cases import corrections
from app.cases.models import CaseStage
from app.checks import actions, answers, discretion, queries
from app.checks.answers import Given
from app.checks.facts import local_resolution, time_limit
from app.complaints.models import ComplaintState
from app.core import clock
from app.core.errors import NotPermitted, RuleBroken
from app.decisions import actions as decisions
from tests.checks.conftest import EXCEPTION, MET, NOT_MET, PUT, UNDATED, put_out_of_time


def test_a_case_is_not_opened_on_an_acceptance_that_a_changed_date_has_overtaken(
    session, make, caseworker, manager, accepted
):
    complaint = accepted.complaint
    put_out_of_time(session, accepted, actor=caseworker)

    assert not answers.still_holds(accepted)
    with pytest.raises(RuleBroken, match="decided on allegation 1 rests on facts that have changed"):
        cases.open_case(session, complaint, actor=caseworker)
    assert (complaint.state, complaint.case) == (ComplaintState.INITIAL_CHECK, None)

    discretion.open_discretion(session, accepted, actor=caseworker, decider=manager, **PUT)
    session.flush()
    discretion.decide(session, accepted, actor=manager, is_exercised=True, reasons="They were ill.")
    exception = {"time": Given(answer=EXCEPTION, note="They were ill.")}
    answers.answer_tests(session, accepted, actor=caseworker, answers=exception)
    assert answers.still_holds(accepted)
    assert cases.open_case(session, complaint, actor=caseworker).allegations == [accepted]


def test_a_complaint_is_not_closed_on_a_refusal_that_a_changed_date_has_overtaken(
    session, make, caseworker, today
):
    today(2026, 3, 9)
    allegation = make.allegation(complained_locally_on=date(2026, 3, 1), **UNDATED)
    make.tested(allegation, "exhausted")
    actions.decide(
        session,
        allegation,
        actor=caseworker,
        outcome=CheckOutcome.SIGNPOST,
        reasons="Too early.",
        signposted_to="The trust",
        back_on=date(2026, 9, 1),
    )
    actions.record_reasons_sent(session, allegation.complaint, actor=caseworker, sent_on=clock.today())
    allegation.answered_locally_on = date(2026, 3, 8)

    with pytest.raises(RuleBroken, match="decide it again first"):
        actions.close_complaint(session, allegation.complaint, actor=caseworker)
    allegation.answered_locally_on = None
    actions.close_complaint(session, allegation.complaint, actor=caseworker)
    assert allegation.complaint.state is ComplaintState.CLOSED


def test_too_early_is_asked_again_when_the_six_months_are_over_but_an_exception_is_not(
    session, make, caseworker, today
):
    today(2026, 3, 9)
    refused, excepted = (make.allegation(complained_locally_on=date(2026, 3, 1), **UNDATED) for _ in "12")
    for allegation, answer in ((refused, NOT_MET), (excepted, EXCEPTION)):
        given = {"exhausted": Given(answer=answer, note="It has had a week.")}
        answers.answer_tests(session, allegation, actor=caseworker, answers=given)

    def open_again():
        return [
            any(one.is_stale for one in answers.tested(allegation) if one.test.id == "exhausted")
            for allegation in (refused, excepted)
        ]

    assert open_again() == [False, False]
    today(2026, 9, 1)
    assert (local_resolution(refused).is_overdue, open_again()) == (True, [True, False])


def test_a_legal_claim_opens_the_question_of_another_remedy_again(session, make, caseworker):
    allegation = make.tested(make.allegation())
    claim = {"actor": caseworker, "body": "The county court"}

    proceedings.record_proceeding(session, allegation.complaint, kind=ProceedingKind.INQUEST, **claim)
    assert [one.test.id for one in answers.tested(allegation) if one.is_stale] == []
    proceedings.record_proceeding(session, allegation.complaint, kind=ProceedingKind.CLAIM, **claim)

    assert [one.test.id for one in answers.tested(allegation) if one.is_stale] == ["other_remedy"]


def test_the_rest_gets_its_reasons_before_a_case_is_opened(session, make, caseworker, accepted):
    declined = make.allegation(accepted.complaint, outcome=CheckOutcome.DECLINE)
    declined.check.sent_on = None

    with pytest.raises(RuleBroken, match="reasons for what is not accepted first"):
        cases.open_case(session, accepted.complaint, actor=caseworker)
    actions.record_reasons_sent(session, accepted.complaint, actor=caseworker, sent_on=clock.today())
    cases.open_case(session, accepted.complaint, actor=caseworker)


def test_a_correction_that_makes_a_case_late_is_checked_again_before_a_decision_is_sent(
    session, make, caseworker, manager, accepted
):
    case = cases.open_case(session, accepted.complaint, actor=caseworker)
    case.owner, case.stage = make.account(Role.INVESTIGATOR), CaseStage.PROVISIONAL_VIEWS
    session.flush()
    earlier = {"knowledge_on": date(2025, 1, 2), "knowledge_source": KnowledgeSource.RECORD}
    corrections.correct_facts(session, case, accepted, actor=caseworker, reasons="The portal.", **earlier)
    assert time_limit(accepted).days_late == 66

    with pytest.raises(RuleBroken, match="rests on facts that have changed"):
        decisions.propose(session, case, actor=case.owner)

    discretion.open_discretion(session, accepted, actor=caseworker, decider=manager, **PUT)
    session.flush()
    assert [len(queries.waiting_for(session, one)) for one in (manager, caseworker)] == [1, 0]
    discretion.decide(session, accepted, actor=manager, is_exercised=True, reasons="Grave.")
    exception = {"time": Given(answer=EXCEPTION, note="Grave.")}
    answers.answer_tests(session, accepted, actor=caseworker, answers=exception)
    assert answers.what_fell(case.complaint) is None


@pytest.mark.parametrize("stage", [CaseStage.APPROVAL, CaseStage.COMPLIANCE, CaseStage.CLOSED])
def test_once_a_decision_is_being_approved_nothing_is_checked_again(session, make, caseworker, stage):
    [allegation] = make.case(stage).allegations

    with pytest.raises(NotPermitted, match="its decision is being approved or has been"):
        answers.answer_tests(session, allegation, actor=caseworker, answers={"writing": Given(answer=MET)})


def test_the_last_allegation_of_a_case_is_not_declined_away(session, make, caseworker, accepted):
    second = make.allegation(accepted.complaint, outcome=CheckOutcome.ACCEPT)
    case = cases.open_case(session, accepted.complaint, actor=caseworker)
    make.tested(accepted, "standing")
    make.tested(second, "standing")
    decline = {"actor": caseworker, "outcome": CheckOutcome.DECLINE, "reasons": "Not theirs to bring."}

    actions.decide(session, accepted, **decline)
    with pytest.raises(RuleBroken, match="close the case instead") as refusal:
        actions.decide(session, second, **decline)
    assert (refusal.value.field, case.allegations) == ("outcome", [second])


def test_what_has_a_finding_is_not_declined_and_nothing_new_comes_in_behind_the_organisations(
    session, make, caseworker
):
    case = make.case(CaseStage.DETAILED_INVESTIGATION)
    found, declined = (
        case.allegations[0],
        make.allegation(case.complaint, outcome=CheckOutcome.DECLINE),
    )
    make.tested(found, "standing")
    make.tested(declined)

    with pytest.raises(RuleBroken, match="A finding has been written"):
        actions.decide(session, found, actor=caseworker, outcome=CheckOutcome.DECLINE, reasons="No.")
    with pytest.raises(RuleBroken, match="back to primary investigation first"):
        actions.decide(session, declined, actor=caseworker, outcome=CheckOutcome.ACCEPT, reasons="Yes.")
