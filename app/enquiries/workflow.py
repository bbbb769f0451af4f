"""Every way an enquiry may move on. Only `take` sets `Enquiry.state`."""

from __future__ import annotations

from app import policy
from app.accounts.models import Account
from app.core.steps import Step
from app.enquiries.models import Enquiry, EnquiryState
from app.policy import Permission

_TAKEN, _OFFERED, _WRITTEN = EnquiryState.TAKEN, EnquiryState.OFFERED, EnquiryState.WRITTEN

OFFER = Step(
    name="offer to write it down",
    sources=frozenset({_TAKEN}),
    target=_OFFERED,
    permission=Permission.ENQUIRY_TAKE,
)
WRITE = Step(
    name="write it down for them",
    sources=frozenset({_TAKEN, _OFFERED, _WRITTEN}),
    target=_WRITTEN,
    permission=Permission.ENQUIRY_TAKE,
)
CONFIRM = Step(
    name="record that they confirmed it",
    sources=frozenset({_WRITTEN}),
    target=EnquiryState.CONFIRMED,
    permission=Permission.ENQUIRY_TAKE,
)
CLOSE = Step(
    name="close it without a complaint",
    sources=frozenset({_TAKEN, _OFFERED, _WRITTEN}),
    target=EnquiryState.CLOSED,
    permission=Permission.ENQUIRY_TAKE,
)
#: In writing at last, by their own letter or by confirming ours; also after it was closed as premature.
BECOME = Step(
    name="log the complaint it became",
    sources=frozenset(EnquiryState) - {EnquiryState.COMPLAINT},
    target=EnquiryState.COMPLAINT,
    permission=Permission.COMPLAINT_LOG,
)

STEPS = (OFFER, WRITE, CONFIRM, CLOSE, BECOME)


def open_to(actor: Account, enquiry: Enquiry) -> list[Step]:
    """The steps this person could take with the enquiry now."""
    return [
        step
        for step in STEPS
        if policy.may(actor, Permission(step.permission), enquiry)
        and step.refusal(enquiry, enquiry.state) is None
    ]


def take(enquiry: Enquiry, step: Step, *, actor: Account | None) -> None:
    """Move the enquiry on by one step, or raise `NotPermitted` or `RuleBroken`."""
    policy.require(actor, Permission(step.permission), enquiry)
    step.check(enquiry, enquiry.state)
    enquiry.state = EnquiryState(step.target)
