"""Every way a concern may move on. Only `take` sets `Concern.state`."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app import policy
from app.accounts.models import Account
from app.audit.record import record
from app.concerns.events import ConcernMoved
from app.concerns.models import Concern, ConcernState
from app.core.steps import Step
from app.policy import Permission

CONSIDER = Step(
    name="consider it",
    sources=frozenset({ConcernState.RECORDED}),
    target=ConcernState.CONSIDERED,
    permission=Permission.CONCERN_CONSIDER,
)
PASS_ON = Step(
    name="say that it was passed on",
    sources=frozenset({ConcernState.CONSIDERED}),
    target=ConcernState.PASSED_ON,
    permission=Permission.CONCERN_CONSIDER,
)
TAKE_NO_ACTION = Step(
    name="take no further action",
    sources=frozenset({ConcernState.CONSIDERED}),
    target=ConcernState.NO_ACTION,
    permission=Permission.CONCERN_CONSIDER,
)

STEPS = (CONSIDER, PASS_ON, TAKE_NO_ACTION)


def open_to(actor: Account, concern: Concern) -> list[Step]:
    """The steps this person could take with the concern now."""
    return [
        step
        for step in STEPS
        if policy.may(actor, Permission(step.permission), concern)
        and step.refusal(concern, concern.state) is None
    ]


def take(session: Session, concern: Concern, step: Step, *, actor: Account) -> None:
    """Move the concern on by one step, or raise `NotPermitted` or `RuleBroken`."""
    policy.require(actor, Permission(step.permission), concern)
    step.check(concern, concern.state)
    was, concern.state = concern.state, ConcernState(step.target)
    moved = ConcernMoved(concern=concern.key, from_state=was, to_state=concern.state)
    record(session, moved, actor=actor)
