"""What stands on a timeline, in the words people use: never more exact than it is known."""

from __future__ import annotations

from datetime import date, datetime

from app.core import clock
from app.timeline.models import Exactness, Row


def when(row: Row) -> str:
    """When it happened; for an absence, what was searched."""
    if row.until_at:
        return f"searched from {a_day(row.happened_on)} to {a_day(clock.day_of(row.until_at))}"
    return when_known(row.happened_at, row.exactness)


def when_known(begins: datetime, exactness: Exactness) -> str:
    there = begins.astimezone(clock.LONDON)
    match exactness:
        case Exactness.MINUTE:
            return f"{a_day(there.date())}, {there:%H:%M}"
        case Exactness.DAY:
            return a_day(there.date())
        case Exactness.MONTH:
            return f"{there:%B %Y}"
        case Exactness.ABOUT:
            return f"on or about {a_day(there.date())}"


def a_day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def days(count: int) -> str:
    return f"{count:,} day" if count == 1 else f"{count:,} days"


def lasted(least: int, most: int | None) -> str:
    """How long it took, as exactly as both ends are known."""
    if most is None:
        return f"at least {days(least)}"
    if least == most:
        return days(least)
    if least <= 0:
        return f"at most {days(most)}"
    return f"at least {least:,}, at most {days(most)}"
