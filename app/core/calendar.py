"""Days, working days and periods, as the law counts them.

Working days are those of England: not Saturdays, Sundays or bank holidays; and an office may say that
it counts some days otherwise (`Otherwise`). Every date that is computed here and stored is stored with
the rule and the `version` of the calendar that gave it.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache, partial
from types import MappingProxyType

from app.core.alone import alone

#: Days the office can count with. Outside, a sum would run off the end of the calendar.
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)


@dataclass(frozen=True)
class Otherwise:
    """Days that this office counts otherwise than England does, by their names, and which list says so."""

    name: str = ""
    closed: Mapping[date, str] = field(default_factory=dict)
    working: Mapping[date, str] = field(default_factory=dict)

    @property
    def days(self) -> frozenset[date]:
        return frozenset(self.closed) | frozenset(self.working)


def count_otherwise(says: Callable[[], Otherwise]) -> None:
    """Have `says` asked, each time a day is counted, which days this office counts otherwise."""
    global _otherwise
    _otherwise = says


_otherwise: Callable[[], Otherwise] = Otherwise


@cache
def _england() -> Callable[..., Mapping[date, str]]:
    """The bank holidays of England in `years`; loaded when a day is first counted."""
    return partial(alone("holidays.countries.united_kingdom").UnitedKingdom, subdiv="ENG", expand=False)


@cache
def _version_of_england() -> str:
    import holidays

    return f"England, holidays {holidays.__version__}"


def version(otherwise: Otherwise | None = None) -> str:
    """Which calendar this is, to be kept beside every date computed with it."""
    name = (otherwise or _otherwise()).name
    return f"{_version_of_england()}, {name}" if name else _version_of_england()


@cache
def bank_holidays(year: int) -> Mapping[date, str]:
    """The bank holidays of England in `year`, in order, with their names.

    A year at a time: the library's own calendar grows while it is asked, and shows half a year to a second thread.
    """
    return MappingProxyType(dict(sorted(_england()(years=year).items())))


def is_working_day_in_england(day: date) -> bool:
    return day.weekday() < 5 and day not in bank_holidays(day.year)


def is_working_day(day: date, otherwise: Otherwise | None = None) -> bool:
    """Whether this office counts the day as a working day; with `otherwise`, whether it would."""
    otherwise = otherwise or _otherwise()
    if day in otherwise.closed:
        return False
    return day in otherwise.working or is_working_day_in_england(day)


def working_days_after(day: date, count: int, otherwise: Otherwise | None = None) -> date:
    """The last of `count` working days, the first of which is the next working day after `day`."""
    otherwise = otherwise or _otherwise()
    while count:
        day += timedelta(days=1)
        count -= is_working_day(day, otherwise)
    return day


def months_after(day: date, months: int) -> date:
    """The corresponding date `months` later: the same day of the month, or else the month's last."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def months_between(day: date, later: date) -> int:
    """How many whole months have passed from `day` to `later`; 0 if `later` is before it."""
    months = (later.year - day.year) * 12 + later.month - day.month
    return max(0, months - (months_after(day, months) > later)) if months > 0 else 0


def last_day_after(day: date, months: int) -> date:
    """The last day of a period of months that runs *after* `day`: the day itself does not count."""
    return months_after(day, months)


def last_day_beginning_with(day: date, months: int) -> date:
    """The last day of a period of months *beginning with* `day`: the day itself is its first."""
    anniversary = months_after(day, months)
    return anniversary - timedelta(days=1) if anniversary.day == day.day else anniversary
