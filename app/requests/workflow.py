"""Every way a request may move. Only `take` sets `EvidenceRequest.state`.

The ladder has four rungs, each after the day that the one before gave: the request, a chaser (or several), the
formal warning of what s.13 of the Act says, and the memo that puts it to the ombudsman.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from app import policy
from app.accounts.models import Account
from app.audit.record import record
from app.core import calendar
from app.core.steps import Step
from app.policy import Permission
from app.requests.events import RequestMoved
from app.requests.models import WITH_THE_BODY, EvidenceRequest, RequestState, StepKind

S = RequestState


def has_items(request: EvidenceRequest) -> bool:
    return bool(request.items)


def something_is_wanted(request: EvidenceRequest) -> bool:
    return bool(request.wanted)


def nothing_is_wanted(request: EvidenceRequest) -> bool:
    return not request.wanted


def is_past_due(request: EvidenceRequest) -> bool:
    return request.is_overdue


_NOT_YET = "The last day for their answer has not passed yet."
_NOTHING = "Nothing is outstanding: each item is here or explained."

SEND = Step(
    name="send the request",
    sources=frozenset({S.DRAFTED}),
    target=S.SENT,
    permission=Permission.REQUEST_MAKE,
    guards={has_items: "It asks for nothing yet. Choose at least one item first."},
)
CHASE = Step(
    name="send a chaser",
    sources=frozenset({S.SENT, S.CHASED}),
    target=S.CHASED,
    permission=Permission.REQUEST_MAKE,
    guards={something_is_wanted: _NOTHING, is_past_due: _NOT_YET},
)
WARN = Step(
    name="send the formal warning",
    sources=frozenset({S.CHASED}),
    target=S.WARNED,
    permission=Permission.REQUEST_MAKE,
    guards={something_is_wanted: _NOTHING, is_past_due: _NOT_YET},
)
CERTIFY = Step(
    name="put it to the ombudsman under s.13",
    sources=frozenset({S.WARNED}),
    target=S.CERTIFIED,
    permission=Permission.REQUEST_ESCALATE,
    guards={something_is_wanted: _NOTHING, is_past_due: _NOT_YET},
)
COMPLETE = Step(
    name="complete the request",
    sources=WITH_THE_BODY,
    target=S.COMPLETE,
    permission=Permission.DOCUMENT_ADD,
    guards={nothing_is_wanted: "Items are outstanding still."},
)
ASK_AGAIN = Step(
    name="ask for it again",
    sources=frozenset({S.COMPLETE}),
    target=S.SENT,
    permission=Permission.DOCUMENT_ADD,
    guards={something_is_wanted: _NOTHING},
)
WITHDRAW = Step(
    name="withdraw the request",
    sources=WITH_THE_BODY | {S.DRAFTED},
    target=S.WITHDRAWN,
    permission=Permission.REQUEST_MAKE,
)

STEPS = (SEND, CHASE, WARN, CERTIFY, COMPLETE, ASK_AGAIN, WITHDRAW)
#: What goes out with a step.
LETTERS = {
    StepKind.REQUEST: SEND,
    StepKind.CHASER: CHASE,
    StepKind.FORMAL_WARNING: WARN,
    StepKind.CERTIFICATE_MEMO: CERTIFY,
}


def open_to(actor: Account, request: EvidenceRequest) -> list[Step]:
    """The steps this person could take with the request now."""
    return [
        step
        for step in STEPS
        if policy.may(actor, Permission(step.permission), request.case)
        and step.refusal(request, request.state) is None
    ]


def check(actor: Account, request: EvidenceRequest, step: Step) -> None:
    """Raise `NotPermitted` or `RuleBroken` unless this person could take the step now."""
    policy.require(actor, Permission(step.permission), request.case)
    step.check(request, request.state)


def take(
    session: Session,
    request: EvidenceRequest,
    step: Step,
    *,
    actor: Account,
    words: str = "",
    due_on: date | None = None,
) -> None:
    """Move the request on by one step; `due_on` is the day that the organisation is given with it."""
    check(actor, request, step)
    before, request.state = request.state, S(step.target)
    moved = RequestMoved(
        request=request.number,
        organisation=request.organisation.known_as,
        step=step.name,
        from_state=before,
        to_state=request.state,
        words=words,
        outstanding=[item.number for item in request.wanted],
        due_on=due_on,
        calendar=calendar.version() if due_on else "",
    )
    record(session, moved, actor=actor, complaint=request.case.complaint)
