"""Moving the demonstration office's clock, for all processes at once: the distance is a row."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import policy
from app.accounts.models import Account
from app.audit.record import record
from app.core import clock
from app.core.errors import RuleBroken
from app.demonstration.events import ClockMoved
from app.demonstration.models import MovedClock
from app.policy import Permission

#: How far a clock may be moved from the machine's. Beyond, nothing in the office makes sense.
FURTHEST = timedelta(days=3660)


def read(session: Session) -> None:
    """Let this process tell the time as the row says; without a row, as it was started with."""
    seconds = session.scalar(select(MovedClock.seconds))
    if seconds is not None:
        clock.move_by(timedelta(seconds=seconds))


def move(session: Session, *, actor: Account | None, to: datetime) -> None:
    """Let the office's time be `to` now, and run on from there. Raises `RuleBroken` if that is too far."""
    policy.require(actor, Permission.CLOCK_MOVE)
    offset = to - clock.wall()
    if abs(offset) > FURTHEST:
        raise RuleBroken("Move the clock by ten years at most.", field="to_day")
    before = clock.now()
    row = session.scalar(select(MovedClock)) or MovedClock()
    row.seconds = round(offset.total_seconds())
    session.add(row)
    clock.move_by(timedelta(seconds=row.seconds))
    record(session, ClockMoved(was=before, to=clock.now()), actor=actor)
