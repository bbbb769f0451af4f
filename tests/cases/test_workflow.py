"""The whole matrix: every step of a case, from every stage, by everybody. What is not listed is refused."""

from __future__ import annotations

import pytest

from app.accounts.models import Role
from app.cases import workflow
from app.cases.models import CaseStage
from app.core import clock
from app.core.errors import CaseworkError, RuleBroken
from app.decisions.models import Comment

S, R = CaseStage, Role

DECIDERS = {R.MANAGER, R.OMBUDSMAN}
INVESTIGATING = {R.INVESTIGATOR, *DECIDERS}

#: Step, the stages it can be taken from, and who may take it when they have the case.
ALLOWED = {
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


def test_the_table_above_knows_every_step():
    assert set(ALLOWED) == set(workflow.STEPS)


@pytest.mark.parametrize("role", [*Role])
@pytest.mark.parametrize("stage", [*CaseStage])
@pytest.mark.parametrize("step", workflow.STEPS, ids=lambda step: step.name)
def test_a_step_is_taken_by_those_allowed_and_refused_to_all_others(session, make, step, stage, role):
    actor = make.account(role)
    case = make.case(stage)
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
