"""The whole matrix: every step of a request, from every state, by everybody."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.accounts.models import Role
from app.core import clock
from app.core.errors import CaseworkError, NotPermitted, RuleBroken
from app.requests import actions, workflow
from app.requests.models import ItemState, RequestState

S, R = RequestState, Role

LEADERS = {R.MANAGER, R.OMBUDSMAN}
MAKERS = {R.INVESTIGATOR, *LEADERS}
ADDERS = {R.CASEWORKER, *MAKERS}
WITH_THEM = {S.SENT, S.CHASED, S.WARNED, S.CERTIFIED}

ALLOWED = {
    workflow.SEND: ({S.DRAFTED}, MAKERS),
    workflow.CHASE: ({S.SENT, S.CHASED}, MAKERS),
    workflow.WARN: ({S.CHASED}, MAKERS),
    workflow.CERTIFY: ({S.WARNED}, LEADERS),
    workflow.COMPLETE: (WITH_THEM, ADDERS),
    workflow.ASK_AGAIN: ({S.COMPLETE}, ADDERS),
    workflow.WITHDRAW: (WITH_THEM | {S.DRAFTED}, MAKERS),
}


def test_the_table_above_knows_every_step():
    assert set(ALLOWED) == set(workflow.STEPS)


@pytest.mark.parametrize("role", [*Role])
@pytest.mark.parametrize("step", workflow.STEPS, ids=lambda step: step.name)
def test_a_step_is_taken_by_those_allowed_and_refused_to_all_others(session, make, put, case, step, role):
    item = ItemState.RECEIVED if step is workflow.COMPLETE else ItemState.OUTSTANDING
    trust = case.allegations[0].organisation
    actor = make.account(role, **({"organisation": trust} if role is R.LIAISON else {}))
    if role is R.INVESTIGATOR:
        case.owner = actor
    states, roles = ALLOWED[step]
    for number, state in enumerate(RequestState, 1):
        request = put(case, state, item, number=number)
        if state in states and role in roles:
            assert step in workflow.open_to(actor, request)
            with session.no_autoflush:
                request.asked_on = request.asked_on or clock.today()
                request.due_on = request.due_on or clock.today()
                request.counted_from = request.counted_from or clock.now()
                workflow.take(session, request, step, actor=actor)
            assert request.state is step.target
        else:
            assert step not in workflow.open_to(actor, request)
            with pytest.raises(CaseworkError):
                workflow.take(session, request, step, actor=actor)
            assert request.state is state


@pytest.mark.parametrize(
    ("step", "state"),
    [(workflow.CHASE, S.SENT), (workflow.WARN, S.CHASED), (workflow.CERTIFY, S.WARNED)],
    ids=lambda value: getattr(value, "name", value),
)
def test_no_rung_is_taken_before_its_day_has_passed_or_once_nothing_is_outstanding(
    session, make, put, case, step, state
):
    manager = make.account(R.MANAGER)
    request = put(case, state)
    request.due_on = clock.today()
    with pytest.raises(RuleBroken, match="has not passed yet"):
        workflow.take(session, request, step, actor=manager)

    request.due_on = clock.today() - timedelta(days=1)
    other = put(case, state, ItemState.RECEIVED, ItemState.NOT_HELD, number=2)
    with pytest.raises(RuleBroken, match="each item is here or explained"):
        workflow.take(session, other, step, actor=manager)
    workflow.take(session, request, step, actor=manager)


def test_nothing_is_sent_that_asks_for_nothing(session, put, case):
    request = put(case, S.DRAFTED)
    request.items.clear()

    with pytest.raises(RuleBroken, match="asks for nothing"):
        actions.send(session, request, actor=case.owner)


def test_another_investigator_and_whoever_has_a_conflict_ask_for_nothing(session, make, case, trust):
    stranger = make.account(R.INVESTIGATOR)

    with pytest.raises(NotPermitted):
        actions.make(session, case, actor=stranger, organisation=trust, kinds=["report"], working_days=5)
