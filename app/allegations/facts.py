"""What the rules compute for the initial check of an allegation. They decide nothing: a person does."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from app.allegations.models import Allegation
from app.audit.events import plain
from app.core import calendar
from app.reference.lists import clocks, version_of

MAKING = "making"


@dataclass(frozen=True)
class TimeLimit:
    """The time limit of s.9(4): made not more than a year after the day the aggrieved had notice.

    Without a date of knowledge there is no last day; `days_late` is 0 when it was made in time.
    """

    rule: str
    list_version: str
    calendar: str
    made_on: date
    knowledge_on: date | None
    last_day: date | None
    days_late: int | None

    @property
    def is_in_time(self) -> bool | None:
        return None if self.days_late is None else self.days_late == 0

    @property
    def kept(self) -> dict[str, Any]:
        """The facts as they are kept with a decision."""
        return {name: plain(value) for name, value in asdict(self).items()}


def time_limit(allegation: Allegation) -> TimeLimit:
    """How the date of knowledge and the date of making stand to each other, by the Act."""
    made_on, known_on = allegation.complaint.made_on, allegation.knowledge_on
    last_day = clocks()[MAKING].last_day(known_on) if known_on else None
    return TimeLimit(
        rule=MAKING,
        list_version=version_of("clocks"),
        calendar=calendar.version(),
        made_on=made_on,
        knowledge_on=known_on,
        last_day=last_day,
        days_late=max(0, (made_on - last_day).days) if last_day else None,
    )
