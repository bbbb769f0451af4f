"""The clocks that start when a complaint is received, whatever becomes of it.

s.14(2HA) of the 1993 Act counts twelve months *beginning with* the day of receipt, not of
acceptance; the acknowledgement is a promise of the office. Both run from the day in London.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from app.accounts.models import Account
from app.audit.record import record
from app.complaints.events import DeadlineCountedAgain, DeadlineMet, DeadlineReopened, DeadlineSet
from app.complaints.models import Complaint, Deadline
from app.core import calendar, clock
from app.core.calendar import Otherwise
from app.core.errors import RuleBroken
from app.reference.lists import clocks

ACKNOWLEDGEMENT, CONCLUSION = "acknowledgement", "conclusion"
FROM_RECEIPT = (ACKNOWLEDGEMENT, CONCLUSION)


def start(session: Session, complaint: Complaint, *, actor: Account | None) -> None:
    """Set, or set again after a change of the date of receipt, what runs from receipt."""
    running = {deadline.rule: deadline for deadline in complaint.deadlines}
    for rule in FROM_RECEIPT:
        due_on = clocks()[rule].last_day(complaint.received_on)
        deadline = running.get(rule)
        was = deadline.due_on if deadline else None
        if was == due_on:
            continue
        if deadline is None:
            deadline = Deadline(rule=rule)
            complaint.deadlines.append(deadline)
        deadline.due_on, deadline.calendar = due_on, calendar.version()
        told = DeadlineSet(rule=rule, calendar=deadline.calendar, due_on=due_on, was=was)
        record(session, told, actor=actor, complaint=complaint)


def count_again(session: Session, deadline: Deadline, *, actor: Account | None, otherwise: Otherwise) -> None:
    """Count a deadline that runs by another calendar. The old day stays in the record."""
    complaint, was = deadline.complaint, deadline.due_on
    deadline.due_on = clocks()[deadline.rule].last_day(complaint.received_on, otherwise)
    deadline.calendar = calendar.version(otherwise)
    told = DeadlineCountedAgain(
        rule=deadline.rule, calendar=deadline.calendar, due_on=deadline.due_on, was=was
    )
    record(session, told, actor=actor, complaint=complaint)


def conclude(session: Session, complaint: Complaint, *, actor: Account | None) -> None:
    """Stop the twelve months of s.14(2HA): the complaint was decided or closed, today."""
    if any(deadline.rule == CONCLUSION and deadline.met_on is None for deadline in complaint.deadlines):
        meet(session, complaint, CONCLUSION, on=clock.today(), actor=actor)


def run_again(session: Session, complaint: Complaint, *, actor: Account | None) -> None:
    """The twelve months were not over after all: the case is open again. Nothing is added to them."""
    for deadline in complaint.deadlines:
        if deadline.rule == CONCLUSION and deadline.met_on is not None:
            told = DeadlineReopened(rule=deadline.rule, due_on=deadline.due_on, met_on=deadline.met_on)
            deadline.met_on = None
            record(session, told, actor=actor, complaint=complaint)


def meet(session: Session, complaint: Complaint, rule: str, *, on: date, actor: Account | None) -> None:
    """Record that what the clock waited for was done on a day. Raises `RuleBroken` for a day to come."""
    deadline = next((d for d in complaint.deadlines if d.rule == rule), None)
    if deadline is None or deadline.met_on is not None:
        raise RuleBroken("This has been recorded already.")
    if on > clock.today():
        raise RuleBroken("The day must not be in the future.", field="on")
    if on < complaint.received_on:
        raise RuleBroken("The day must not be before the complaint was received.", field="on")
    deadline.met_on = on
    told = DeadlineMet(rule=rule, due_on=deadline.due_on, met_on=on)
    record(session, told, actor=actor, complaint=complaint)
