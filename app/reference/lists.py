"""The lists, read once from their files and handed out as plain objects that nobody can change."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from app.core import calendar

FOLDER = Path(__file__).parent / "lists"


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


@dataclass(frozen=True)
class PathwayStep:
    """A station of imaging, from referral to learning, by its letter."""

    letter: str
    name: str
    failures: tuple[Failure, ...]


@dataclass(frozen=True)
class Taxonomy:
    """The pathway and its failures, as of one version."""

    version: str
    in_force_from: date
    themes: tuple[Theme, ...]
    steps: tuple[PathwayStep, ...]

    def step(self, letter: str) -> PathwayStep | None:
        return next((step for step in self.steps if step.letter == letter), None)

    def failure(self, code: str) -> Failure | None:
        return self.by_code.get(code)

    @property
    def by_code(self) -> dict[str, Failure]:
        return {failure.code: failure for step in self.steps for failure in step.failures}


@dataclass(frozen=True)
class Clause:
    ref: str
    gist: str
    unverified: str = ""


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


@dataclass(frozen=True)
class Factor:
    key: str
    name: str


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

    def last_day(self, day: date) -> date:
        """The last day in time, when the period is counted from `day` as this rule counts."""
        match self.unit, self.counting:
            case "working_days", "after the day":
                return calendar.working_days_after(day, self.amount)
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

    words: str
    unverified: str = ""


@dataclass(frozen=True)
class ConsentScope:
    """One thing a person can consent to."""

    key: str
    words: str
    acts: bool = False
    say_what: bool = False


@dataclass(frozen=True)
class Ground:
    """Why an organisation or a matter is ours to look into, or whose it is instead."""

    key: str
    name: str
    basis: str
    ours: bool
    signpost: str = ""
    unverified: str = ""


@cache
def taxonomy() -> Taxonomy:
    """The pathway × failure taxonomy in force."""
    read = _read("failures")
    steps = (
        PathwayStep(step["letter"], step["name"], tuple(_made(Failure, row) for row in step["failure"]))
        for step in read["step"]
    )
    themes = tuple(_made(Theme, row) for row in read["theme"])
    return Taxonomy(read["version"], read["in_force_from"], themes, tuple(steps))


@cache
def standards() -> dict[str, Standard]:
    """The standards library by key."""
    rows = [row | {"clauses": _clauses(row.pop("clause", ()))} for row in _read("standards")["standard"]]
    return {row["key"]: _made(Standard, row) for row in rows}


def standards_for(codes: list[str]) -> list[Standard]:
    """The standards that may be cited for any of these failure codes, in the order of the library."""
    named = {key for code in codes if (failure := taxonomy().failure(code)) for key in failure.standards}
    return [
        standard
        for standard in standards().values()
        if standard.key in named
        or any(code in standard.cite_for or code[0] in standard.cite_for for code in codes)
    ]


@cache
def severity_bands() -> dict[int, Band]:
    """The bands of severity by level."""
    return {row["level"]: _made(Band, row) for row in _read("severity")["band"]}


@cache
def modalities() -> dict[str, Modality]:
    """The modalities by DICOM code, the ones seen most in complaints first."""
    return {row["code"]: _made(Modality, row) for row in _read("modalities")["modality"]}


@cache
def factors() -> dict[str, Factor]:
    """The contributory factors by key."""
    return {row["key"]: _made(Factor, row) for row in _read("factors")["factor"]}


@cache
def clocks() -> dict[str, Clock]:
    """The rules that count time, by id."""
    return {row["id"]: _made(Clock, row) for row in _read("clocks")["rule"]}


@cache
def legal_tests() -> dict[str, LegalTest]:
    """The tests of the initial check by id, in the order they are asked."""
    return {row["id"]: _made(LegalTest, row) for row in _read("legal_tests")["test"]}


@cache
def remit() -> dict[str, Ground]:
    """The grounds on which something is ours to look into or is not, by key."""
    return {row["key"]: _made(Ground, row) for row in _read("remit")["ground"]}


@cache
def stages() -> dict[str, StageName]:
    """The stages of a case by key, in the order of a case that goes all the way."""
    return {row["key"]: _made(StageName, row) for row in _read("stages")["stage"]}


@cache
def urgent() -> tuple[ScriptLine, ...]:
    """What is said and asked when somebody's health may be at urgent risk, in order."""
    return tuple(_made(ScriptLine, row) for row in _read("urgent")["line"])


@cache
def consent_scopes() -> dict[str, ConsentScope]:
    """What a person can consent to, by key, in the order it is asked."""
    return {row["key"]: _made(ConsentScope, row) for row in _read("consents")["scope"]}


@cache
def spellings() -> dict[str, str]:
    """British beginnings of words and the American ones they are compared as."""
    return dict(_read("spellings")["same"])


def version_of(name: str) -> str:
    """The version of the list in the file of that name."""
    return str(_read(name)["version"])


@cache
def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def _clauses(rows: Any) -> tuple[Clause, ...]:
    return tuple(_made(Clause, row) for row in rows)


def _made(kind: Any, row: dict[str, Any]) -> Any:
    return kind(**{name: tuple(value) if isinstance(value, list) else value for name, value in row.items()})
