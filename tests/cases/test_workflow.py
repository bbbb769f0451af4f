"""The whole matrix: every step of a case, from every stage, by everybody. What is not listed is refused."""

from __future__ import annotations

import pytest

from app.accounts.models import Role
from app.cases import actions, workflow
from app.cases.models import CaseStage, Closure
from app.complaints import clocks
from app.core import clock
from app.core.errors import CaseworkError, RuleBroken
from app.decisions.models import Comment
from app.reference import lists

S, R = CaseStage, Role

DECIDERS = {R.MANAGER, R.OMBUDSMAN}
INVESTIGATING = {R.INVESTIGATOR, *DECIDERS}

#: Step, the stages it can be taken from, and who may take it when they have the case.
ALLOWED = {
    workflow.MEDIATE: ({S.PRIMARY_INVESTIGATION}, INVESTIGATING),
    workflow.END_MEDIATION: ({S.MEDIATION}, INVESTIGATING),
    workflow.RETURN_TO_PRIMARY: ({S.DETAILED_INVESTIGATION}, DECIDERS),
    workflow.RESOLVE_BY_MEDIATION: ({S.MEDIATION}, DECIDERS),
    workflow.RESUME_INVESTIGATION: ({S.CLOSED}, DECIDERS),
    workflow.TAKE_UP_AGAIN: ({S.CLOSED}, DECIDERS),
    workflow.INVESTIGATE_IN_DETAIL: ({S.PRIMARY_INVESTIGATION}, INVESTIGATING),
    workflow.SHARE_PROVISIONAL_VIEWS: ({S.DETAILED_INVESTIGATION}, INVESTIGATING),
    workflow.INVESTIGATE_FURTHER: ({S.PROVISIONAL_VIEWS}, INVESTIGATING),
    workflow.PROPOSE_DECISION: ({S.PROVISIONAL_VIEWS}, INVESTIGATING),
    workflow.RETURN_DECISION: ({S.APPROVAL}, DECIDERS),
    workflow.APPROVE_DECISION: ({S.APPROVAL}, DECIDERS),
    workflow.CLOSE_DECIDED: ({S.COMPLIANCE}, DECIDERS),
    workflow.TAKE_NO_FURTHER_ACTION: ({S.PRIMARY_INVESTIGATION}, DECIDERS),
    workflow.RESOLVE: ({S.PRIMARY_INVESTIGATION, S.DETAILED_INVESTIGATION}, DECIDERS),
    workflow.DISCONTINUE: ({S.DETAILED_INVESTIGATION, S.PROVISIONAL_VIEWS}, DECIDERS),
    workflow.CLOSE_AS_DUPLICATE: ({S.PRIMARY_INVESTIGATION, S.DETAILED_INVESTIGATION}, DECIDERS),
}
#: As what a closed case had been closed, for the steps that open it again.
CLOSED_AS = {
    workflow.RESUME_INVESTIGATION: Closure.DISCONTINUED,
    workflow.TAKE_UP_AGAIN: Closure.NO_FURTHER_ACTION,
}


def test_the_table_above_knows_every_step():
    assert set(ALLOWED) == set(workflow.STEPS)


@pytest.mark.parametrize("role", [*Role])
@pytest.mark.parametrize("stage", [*CaseStage])
@pytest.mark.parametrize("step", workflow.STEPS, ids=lambda step: step.name)
def test_a_step_is_taken_by_those_allowed_and_refused_to_all_others(session, make, step, stage, role):
    actor = make.account(role)
    case = make.case(stage)
    if stage is S.CLOSED:
        case.closure = CLOSED_AS.get(step, Closure.DECIDED)
    if role is R.INVESTIGATOR and stage is not S.APPROVAL:
        case.owner = actor
        session.flush()
    stages, roles = ALLOWED[step]

    if stage in stages and role in roles:
        assert step in workflow.open_to(actor, case)
        workflow.take(session, case, step, actor=actor)
        assert case.stage is step.target
        assert case.closure is step.closure
    else:
        assert step not in workflow.open_to(actor, case)
        with pytest.raises(CaseworkError):
            workflow.take(session, case, step, actor=actor)
        assert case.stage is stage


@pytest.mark.parametrize("closure", [*Closure])
def test_a_closed_case_is_opened_again_only_as_what_it_was_closed_as_allows(session, make, closure):
    manager, case = make.account(R.MANAGER), make.case(S.CLOSED)
    case.closure = closure
    to = {Closure.DECIDED: None, Closure.DISCONTINUED: S.DETAILED_INVESTIGATION}
    wanted = to.get(closure, S.PRIMARY_INVESTIGATION)

    if wanted is None:
        with pytest.raises(RuleBroken, match="closed without a decision"):
            actions.reopen(session, case, actor=manager, reasons="New facts.")
        assert case.closure is closure
    else:
        actions.reopen(session, case, actor=manager, reasons="New facts.")
        assert (case.stage, case.closed_at, case.closure, case.closure_reasons) == (wanted, None, None, "")


def test_the_twelve_months_run_again_to_the_same_day_when_a_case_is_opened_again(session, make):
    manager, case = make.account(R.MANAGER), make.case()
    clocks.start(session, case.complaint, actor=manager)
    actions.close(session, case, actor=manager, closure=Closure.RESOLVED, reasons="They agreed.")
    [before] = [d.due_on for d in case.complaint.deadlines if d.rule == clocks.CONCLUSION]

    actions.reopen(session, case, actor=manager, reasons="The promise was not kept.")

    after = [(d.due_on, d.met_on) for d in case.complaint.deadlines if d.rule == clocks.CONCLUSION]
    assert after == [(before, None)]


def test_a_case_taken_back_in_error_is_put_to_the_organisations_anew(session, make):
    case = make.case(S.DETAILED_INVESTIGATION)

    actions.take_back(session, case, actor=make.account(R.MANAGER), reasons="It was too early.")
    assert case.put_to_parties_at is None

    actions.investigate_in_detail(session, case, actor=case.owner)
    assert case.put_to_parties_at is not None


def test_an_office_calls_its_stages_by_the_words_of_its_list():
    assert {stage.value: stage.label for stage in S} == {
        key: stage.name for key, stage in lists.stages().items()
    }


def refused(session, case, step, actor, sentence):
    with pytest.raises(RuleBroken, match=sentence):
        workflow.take(session, case, step, actor=actor)


def test_a_case_nobody_has_is_not_investigated_in_detail(session, make):
    case = make.case()
    case.owner = None
    session.flush()

    refused(session, case, workflow.INVESTIGATE_IN_DETAIL, make.account(R.MANAGER), "Give the case")


def test_an_investigator_who_does_not_have_the_case_cannot_move_it(session, make):
    case = make.case()

    with pytest.raises(CaseworkError, match="Only the investigator who has this case"):
        workflow.take(session, case, workflow.INVESTIGATE_IN_DETAIL, actor=make.account(R.INVESTIGATOR))


def test_provisional_views_wait_for_whole_findings_and_confirmed_codes(session, make):
    case = make.case(S.DETAILED_INVESTIGATION, whole=False)
    refused(session, case, workflow.SHARE_PROVISIONAL_VIEWS, case.owner, "needs a complete finding first")

    make.finding(case.allegations[0])
    case.allegations[0].codings[0].removed_at = clock.now()
    refused(session, case, workflow.SHARE_PROVISIONAL_VIEWS, case.owner, "Confirm the failure codes")


def test_a_decision_waits_until_the_parties_have_had_their_time_and_their_answers(session, make):
    case = make.case(S.PROVISIONAL_VIEWS)
    views = case.provisional_views[-1]
    views.comments_due_on = clock.today()
    refused(session, case, workflow.PROPOSE_DECISION, case.owner, "can still comment")

    views.comments_due_on = views.shared_at.date()
    views.comments.append(Comment(received_on=clock.today(), words="No."))
    refused(session, case, workflow.PROPOSE_DECISION, case.owner, "Answer every comment")


def test_a_case_with_a_recommendation_that_is_not_judged_stays_open(session, make):
    case = make.case(S.COMPLIANCE)
    make.recommendation(case)

    refused(session, case, workflow.CLOSE_DECIDED, make.account(R.MANAGER), "still to be judged")
