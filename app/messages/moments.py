"""When something happened, from what a message says of it: an instant, how exactly it is known, and a word of doubt.

A time without an offset is what a clock in London showed. Where the clocks went back or forward that is not one
instant, and the note says which is taken. Nothing is made more exact than the message has it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING

from app.core import clock
from app.timeline.models import Exactness

if TYPE_CHECKING:
    from app.messages.models import ProposedRow

TWICE = "The clocks went back that night, and this hour came twice: the first is taken."
NEVER = "The clocks went forward that night, and no clock in London showed this time: it is read as if they had not."
YEAR_ONLY = (
    "Only the year is known, which is too little for a row: say when, as far as it is known otherwise."
)
HOUR_ONLY = "Only the hour is known: it is kept to the day."


@dataclass(frozen=True)
class Placed:
    """`happened_at` is the beginning of the minute, day or month; None with `exactness` where it cannot be placed."""

    happened_at: datetime | None
    exactness: Exactness | None
    note: str = ""


@dataclass(frozen=True)
class When:
    """What a row of the timeline is told: a day, how exactly it is known, and a time where that is to the minute."""

    happened_on: date
    exactness: Exactness
    at_time: time | None = None


def proposed_when(proposal: ProposedRow) -> When | None:
    """The same of a row that a message proposes, on a clock in London; None where it cannot be placed."""
    if proposal.happened_at is None or proposal.exactness is None:
        return None
    there = proposal.happened_at.astimezone(clock.LONDON)
    return When(
        there.date(),
        proposal.exactness,
        there.time() if proposal.exactness is Exactness.MINUTE else None,
    )


def placed(moment: Mapping[str, str]) -> Placed:
    """Where a moment, as a reader answers with it, stands in time."""
    day = date.fromisoformat(moment["day"])
    match moment["precision"]:
        case "year":
            return Placed(None, None, YEAR_ONLY)
        case "month":
            return Placed(clock.instant_of(day, time.min), Exactness.MONTH)
        case "day":
            return Placed(clock.instant_of(day, time.min), Exactness.DAY)
        case "hour":
            return Placed(clock.instant_of(day, time.min), Exactness.DAY, HOUR_ONLY)
    at = time.fromisoformat(moment["time"])
    if moment["offset"]:
        there = datetime.fromisoformat(f"{moment['day']}T{moment['time']}:00{moment['offset']}")
        return Placed(there.astimezone(UTC), Exactness.MINUTE)
    return Placed(clock.instant_of(day, at), Exactness.MINUTE, _doubt(day, at))


def _doubt(day: date, at: time) -> str:
    """What is to be said of a time on a clock in London that was not one instant."""
    first, second = (datetime.combine(day, at.replace(fold=fold), tzinfo=clock.LONDON) for fold in (0, 1))
    before, after = first.utcoffset(), second.utcoffset()
    if before is None or after is None or before == after:
        return ""
    return TWICE if before > after else NEVER
