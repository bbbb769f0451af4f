"""What the lists are made of: plain objects that nobody can change.

`ended` says that something is no longer offered; it can be read for good. `unverified` says what has not
been checked against a source, and `source` what it was checked against since.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from app.core import calendar
from app.core.calendar import Otherwise


@dataclass(frozen=True)
class Theme:
    """One of the four themes of the 2021 report on imaging."""

    number: int
    name: str


@dataclass(frozen=True)
class Failure:
    """One way in which one step of the imaging pathway goes wrong. Its code never changes meaning."""

    code: str
    name: str
    themes: tuple[int, ...]
    standards: tuple[str, ...]
    cite: str
    unverified: str = ""
    source: str = ""
    ended: bool = False


@dataclass(frozen=True)
class PathwayStep:
    """A station of imaging, from referral to learning, by its letter."""

    letter: str
    name: str
    failures: tuple[Failure, ...]

    def offered(self, borne: Collection[str] = ()) -> list[Failure]:
        """The failures that can be chosen: those not ended, and those that are borne already."""
        return [failure for failure in self.failures if not failure.ended or failure.code in borne]


@dataclass(frozen=True)
class Clause:
    ref: str
    gist: str
    unverified: str = ""


@dataclass(frozen=True)
class TimelineKind:
    """What a row of an imaging timeline says. `expected`: what a gap list asks of every examination."""

    key: str
    name: str
    expected: str = ""


@dataclass(frozen=True)
class TimelineInterval:
    """From one kind of row to the first of others; with the most days a standard allows, if one does."""

    key: str
    name: str
    begins: str
    ends: tuple[str, ...]
    standard: str = ""
    most_days: int = 0
    whole_case: bool = False


@dataclass(frozen=True)
class Standard:
    """Something a finding can measure against, with the days on which it was in force.

    No `in_force_from`: the day is not known, and nothing is said of whether it was in force.
    """

    key: str
    title: str
    publisher: str
    cite_for: tuple[str, ...]
    clauses: tuple[Clause, ...] = ()
    in_force_from: date | None = None
    in_force_to: date | None = None
    precision: str = "day"
    unverified: str = ""
    source: str = ""
    ended: bool = False

    def was_in_force_on(self, day: date) -> bool:
        begun = self.in_force_from is None or self.in_force_from <= day
        return begun and (self.in_force_to is None or day <= self.in_force_to)


@dataclass(frozen=True)
class Band:
    """A level of severity of injustice, with the range of money that goes with it, in pounds."""

    level: int
    name: str
    from_pounds: int | None = None
    to_pounds: int | None = None
    unverified: str = ""
    source: str = ""

    @property
    def money(self) -> str:
        if self.from_pounds is None:
            return "no payment"
        if self.to_pounds is None:
            return f"£{self.from_pounds:,} or more"
        return f"£{self.from_pounds:,} to £{self.to_pounds:,}"


@dataclass(frozen=True)
class Modality:
    """A kind of imaging: its DICOM code, its full name and the word a complainant would use."""

    code: str
    name: str
    plain: str
    ended: bool = False


@dataclass(frozen=True)
class Factor:
    key: str
    name: str
    ended: bool = False


@dataclass(frozen=True)
class StageName:
    """What the office calls a stage of a case, and what is done in it."""

    key: str
    name: str
    about: str


@dataclass(frozen=True)
class Clock:
    """A rule that turns a day into a last day."""

    id: str
    name: str
    amount: int
    unit: str
    counting: str
    basis: str
    unverified: str = ""

    def last_day(self, day: date, otherwise: Otherwise | None = None) -> date:
        """The last day in time, when the period is counted from `day` as this rule counts; with `otherwise`,
        by a calendar in which those days are counted so."""
        match self.unit, self.counting:
            case "working_days", "after the day":
                return calendar.working_days_after(day, self.amount, otherwise)
            case "months", "after the day":
                return calendar.last_day_after(day, self.amount)
            case "months", "beginning with the day":
                return calendar.last_day_beginning_with(day, self.amount)
            case "days", "after the day":
                return date.fromordinal(day.toordinal() + self.amount)
        raise ValueError(f"the clock {self.id} counts {self.unit} {self.counting}, which nobody can")


@dataclass(frozen=True)
class LegalTest:
    """One test of the initial check, asked of each allegation by itself.

    `exception` is what may be decided although the test is not met; empty where the law leaves no
    discretion. `reason` is offered for the statement of reasons. `options` names the list that is
    chosen from with the answer.
    """

    id: str
    name: str
    question: str
    basis: str
    met: str
    not_met: str
    reason: str
    exception: str = ""
    applies: str = "all"
    options: str = ""
    always_say_why: bool = False
    unverified: str = ""


@dataclass(frozen=True)
class ScriptLine:
    """One thing to say or ask, word by word."""

    key: str
    words: str
    unverified: str = ""
    source: str = ""
    ended: bool = False


@dataclass(frozen=True)
class ConsentScope:
    """One thing a person can consent to."""

    key: str
    words: str
    acts: bool = False
    say_what: bool = False
    ended: bool = False


@dataclass(frozen=True)
class Ground:
    """Why an organisation or a matter is ours to look into, or whose it is instead."""

    key: str
    name: str
    basis: str
    ours: bool
    signpost: str = ""
    unverified: str = ""
    source: str = ""
    ended: bool = False


@dataclass(frozen=True)
class DayOff:
    """A day on which the office counts otherwise than the calendar of England does."""

    day: date
    kind: str
    name: str
    ended: bool = False


@dataclass(frozen=True)
class RequestedItem:
    """One thing an organisation is asked for. `{when}` in its words stands for the days of the events.

    `events_from` and `events_to` say for events of which days it is asked for to begin with.
    """

    key: str
    name: str
    words: str
    usual: bool = False
    asks_in_force: bool = False
    events_from: date | None = None
    events_to: date | None = None
    unverified: str = ""
    source: str = ""
    ended: bool = False
