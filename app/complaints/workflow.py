"""Every way a complaint may move on from its initial check. Only `take` sets `Complaint.state`."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app import policy
from app.accounts.models import Account
from app.audit.record import record
from app.complaints.events import ComplaintMoved
from app.complaints.models import Complaint, ComplaintState
from app.core import clock
from app.core.steps import Step
from app.policy import Permission


def every_allegation_is_decided(complaint: Complaint) -> bool:
    return bool(complaint.allegations) and all(allegation.check for allegation in complaint.allegations)


def something_is_accepted(complaint: Complaint) -> bool:
    return any(allegation.is_accepted for allegation in complaint.allegations)


def nothing_is_accepted(complaint: Complaint) -> bool:
    return not something_is_accepted(complaint)


def the_rest_has_its_reasons(complaint: Complaint) -> bool:
    return all(
        allegation.check and allegation.check.sent_on
        for allegation in complaint.allegations
        if not allegation.is_accepted
    )


def reasons_are_sent(complaint: Complaint) -> bool:
    return all(allegation.check and allegation.check.sent_on for allegation in complaint.allegations)


def has_yet_to_be_compared(complaint: Complaint) -> bool:
    return complaint.is_to_compare


def nothing_is_decided(complaint: Complaint) -> bool:
    return not any(allegation.check for allegation in complaint.allegations)


_DECIDED = {every_allegation_is_decided: "Decide the initial check of every allegation first."}

ACCEPT = Step(
    name="accept the complaint for investigation",
    sources=frozenset({ComplaintState.INITIAL_CHECK}),
    target=ComplaintState.ACCEPTED,
    permission=Permission.COMPLAINT_ACCEPT,
    guards={
        **_DECIDED,
        something_is_accepted: "No allegation has been accepted: close the complaint instead.",
        the_rest_has_its_reasons: (
            "Send the complainant the reasons for what is not accepted first, and record the day: s.14(2) of"
            " the Act."
        ),
    },
)
CLOSE = Step(
    name="close the complaint",
    sources=frozenset({ComplaintState.INITIAL_CHECK}),
    target=ComplaintState.CLOSED,
    permission=Permission.COMPLAINT_CLOSE,
    guards={
        **_DECIDED,
        nothing_is_accepted: "An allegation has been accepted: open a case instead.",
        reasons_are_sent: "Send the complainant the reasons first, and record the day: s.14(2) of the Act.",
    },
)

#: Nobody in the office logged it, and it is one that is here already. See `doubles.comparing`.
CLOSE_AS_SAME = Step(
    name="close the complaint as one that is here already",
    sources=frozenset({ComplaintState.INITIAL_CHECK}),
    target=ComplaintState.CLOSED,
    permission=Permission.COMPLAINT_CLOSE,
    guards={
        has_yet_to_be_compared: "It has been compared with what is here already.",
        nothing_is_decided: (
            "An allegation in it has been decided. Join the others to that complaint at their initial check."
        ),
    },
)

STEPS = (ACCEPT, CLOSE, CLOSE_AS_SAME)


def open_to(actor: Account, complaint: Complaint) -> list[Step]:
    """The steps this person could take with the complaint now; comparing it is a page of its own."""
    return [
        step
        for step in STEPS
        if step is not CLOSE_AS_SAME
        and policy.may(actor, Permission(step.permission), complaint)
        and step.refusal(complaint, complaint.state) is None
    ]


def take(session: Session, complaint: Complaint, step: Step, *, actor: Account) -> None:
    """Move the complaint on by one step, or raise `NotPermitted` or `RuleBroken`."""
    policy.require(actor, Permission(step.permission), complaint)
    step.check(complaint, complaint.state)

    before, complaint.state = complaint.state, ComplaintState(step.target)
    complaint.closed_at = clock.now() if complaint.state is ComplaintState.CLOSED else None
    moved = ComplaintMoved(step=step.name, from_state=before, to_state=complaint.state)
    record(session, moved, actor=actor, complaint=complaint)
