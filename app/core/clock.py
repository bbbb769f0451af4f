"""The one place that asks what time it is.

Two times are told apart. `now` is the office's time: what every rule, deadline and record
reads, and what a demonstration office may move. `wall` is the machine's time: how long
somebody has been away from the keyboard, which moving the office's clock does not change.
Instants are in UTC; days are days as on a calendar in London.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")

_offset = timedelta(0)
_standing_at: ContextVar[datetime | None] = ContextVar("standing_at", default=None)


def _read() -> datetime:
    return datetime.now(UTC)


def wall() -> datetime:
    """The machine's time, in UTC."""
    return _read()


def now() -> datetime:
    """The office's time, in UTC."""
    return _standing_at.get() or _read() + _offset


def today() -> date:
    """The day it is in the office."""
    return day_of(now())


def day_of(instant: datetime) -> date:
    """The day in London on which `instant` fell."""
    return instant.astimezone(LONDON).date()


def instant_of(day: date, at: time) -> datetime:
    """The instant, in UTC, at which a clock in London showed `at` on `day`.

    An hour that the autumn shows twice is taken the first time; one that the spring leaves out
    is read as if the clocks had not yet moved.
    """
    return datetime.combine(day, at, tzinfo=LONDON).astimezone(UTC)


def run_from(start: datetime | None) -> None:
    """Let the office's time start at `start` now and run on from there; None is the real time."""
    move_by(start - _read() if start else timedelta(0))


def move_by(offset: timedelta) -> None:
    """Set how far the office's time is ahead of the machine's, in this process."""
    global _offset
    _offset = offset


def offset() -> timedelta:
    """How far the office's time is ahead of the machine's."""
    return _offset


@contextmanager
def at(instant: datetime) -> Iterator[None]:
    """Stand still at `instant`: for making records of the past in the order in which they happened."""
    token = _standing_at.set(instant)
    try:
        yield
    finally:
        _standing_at.reset(token)
