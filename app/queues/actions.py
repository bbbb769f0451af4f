from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from app import policy
from app.accounts.models import Account
from app.allegations.models import InitialCheck
from app.audit.record import record
from app.core import clock
from app.core.errors import RuleBroken
from app.enquiries.models import Enquiry
from app.policy import Permission
from app.queues.events import ReturnMoved, ReturnSettled

Returning = Enquiry | InitialCheck


def settle(session: Session, returning: Returning, *, actor: Account, was_on: date, words: str) -> None:
    """Take it out of the diary: they came back, or nobody needs to look any more; `words` say which.

    `was_on` is the day that was shown to whoever decides. Raises `RuleBroken` if it is another by now.
    """
    policy.require(actor, Permission.DIARY_KEEP)
    _agree(returning, was_on)
    returning.diary_on = None
    told = ReturnSettled(**_which(returning), was_on=was_on, words=words)
    record(session, told, actor=actor, complaint=_complaint(returning))


def move(
    session: Session, returning: Returning, *, actor: Account, was_on: date, to_on: date, words: str
) -> None:
    """Look again on another day. What they were told, and when they may come back, stays as it was."""
    policy.require(actor, Permission.DIARY_KEEP)
    _agree(returning, was_on)
    if to_on <= clock.today():
        raise RuleBroken("The day must be in the future.", field="to_on")
    returning.diary_on = to_on
    told = ReturnMoved(**_which(returning), was_on=was_on, to_on=to_on, words=words)
    record(session, told, actor=actor, complaint=_complaint(returning))


def _agree(returning: Returning, was_on: date) -> None:
    if returning.diary_on is None:
        raise RuleBroken("This has been dealt with already.")
    if returning.diary_on != was_on:
        day = f"{returning.diary_on.day} {returning.diary_on:%B %Y}"
        raise RuleBroken(f"Somebody else has moved this meanwhile: it is in the diary for {day}.")


def _which(returning: Returning) -> dict[str, Any]:
    if isinstance(returning, Enquiry):
        return {"enquiry": returning.reference}
    return {"allegation": returning.allegation.number}


def _complaint(returning: Returning) -> Any:
    return None if isinstance(returning, Enquiry) else returning.allegation.complaint
