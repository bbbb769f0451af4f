"""The whole matrix: every step of a recommendation, from every state, by everybody."""

from __future__ import annotations

import pytest

from app.accounts.models import Role
from app.cases.models import CaseStage
from app.core.errors import CaseworkError
from app.recommendations import workflow
from app.recommendations.models import RecommendationState

S, R = RecommendationState, Role

DECIDERS = {R.MANAGER, R.OMBUDSMAN}
JUDGES = {R.INVESTIGATOR, *DECIDERS}
OURS = {S.ISSUED, S.AGREED, S.DISPUTED}

ALLOWED = {
    workflow.ISSUE: ({S.DRAFT}, DECIDERS),
    workflow.DROP: ({S.DRAFT}, JUDGES),
    workflow.AGREE: ({S.ISSUED, S.DISPUTED}, {R.LIAISON}),
    workflow.DISPUTE: ({S.ISSUED}, {R.LIAISON}),
    workflow.SUBMIT: (OURS, {R.LIAISON}),
    workflow.ACCEPT: ({S.SUBMITTED}, JUDGES),
    workflow.REJECT: ({S.SUBMITTED}, JUDGES),
    workflow.FIND_NOT_COMPLIED: (OURS, JUDGES),
    workflow.WITHDRAW: (OURS | {S.SUBMITTED}, {R.OMBUDSMAN}),
}


def test_the_table_above_knows_every_step():
    assert set(ALLOWED) == set(workflow.STEPS)


@pytest.mark.parametrize("role", [*Role])
@pytest.mark.parametrize("state", [*RecommendationState])
@pytest.mark.parametrize("step", workflow.STEPS, ids=lambda step: step.name)
def test_a_step_is_taken_by_those_allowed_and_refused_to_all_others(session, make, step, state, role):
    draft = state is S.DRAFT and step is workflow.DROP
    case = make.case(CaseStage.DETAILED_INVESTIGATION if draft else CaseStage.COMPLIANCE)
    recommendation = make.recommendation(case, state)
    actor = make.account(role, **({"organisation": recommendation.organisation} if role is R.LIAISON else {}))
    if role is R.INVESTIGATOR and step is workflow.DROP:
        case.owner = actor
        session.flush()
    states, roles = ALLOWED[step]

    if state in states and role in roles:
        assert step in workflow.open_to(actor, recommendation)
        with session.no_autoflush:
            recommendation.done_on = recommendation.due_on if step is workflow.ACCEPT else None
            workflow.take(session, recommendation, step, actor=actor)
        assert recommendation.state is step.target
    else:
        assert step not in workflow.open_to(actor, recommendation)
        with pytest.raises(CaseworkError):
            workflow.take(session, recommendation, step, actor=actor)
        assert recommendation.state is state
