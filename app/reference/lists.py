"""The lists, handed out as plain objects that nobody can change, as they are in force on a day.

A list that the office may change is read from its versions (`shelf`), the others once from their files.
Without a day, today counts. What is no longer offered is among them: it can be read for good.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property, lru_cache

from app.core.calendar import Otherwise
from app.reference.catalogue import LISTS
from app.reference.checks import CLOSED, WORKING
from app.reference.files import shipped
from app.reference.rows import (
    Band,
    Clock,
    ConsentScope,
    DayOff,
    Factor,
    Failure,
    Ground,
    LegalTest,
    Modality,
    PathwayStep,
    RequestedItem,
    ScriptLine,
    StageName,
    Standard,
    Theme,
    TimelineInterval,
    TimelineKind,
)
from app.reference.shelf import Version, shelf


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

    @cached_property
    def by_code(self) -> dict[str, Failure]:
        return {failure.code: failure for step in self.steps for failure in step.failures}


def taxonomy(on: date | None = None) -> Taxonomy:
    """The pathway × failure taxonomy in force."""
    return _taxonomy(shelf.in_force("failures", on))


def standards(on: date | None = None) -> dict[str, Standard]:
    """The standards library by key."""
    return dict(shelf.in_force("standards", on).by_key)


def standards_for(codes: list[str]) -> list[Standard]:
    """The standards that may be cited for any of these failure codes, in the order of the library."""
    by_code = taxonomy().by_code
    named = {key for code in codes if (failure := by_code.get(code)) for key in failure.standards}
    return [
        standard
        for standard in standards().values()
        if standard.key in named
        or any(code in standard.cite_for or code[0] in standard.cite_for for code in codes)
    ]


def severity_bands(on: date | None = None) -> dict[int, Band]:
    """The bands of severity by level."""
    return dict(shelf.in_force("severity", on).by_key)


def modalities(on: date | None = None) -> dict[str, Modality]:
    """The modalities by DICOM code, the ones seen most in complaints first."""
    return dict(shelf.in_force("modalities", on).by_key)


def offered_modalities(besides: str = "") -> dict[str, Modality]:
    """The modalities that can be chosen today, and the one of the code that was chosen already."""
    return {code: one for code, one in modalities().items() if not one.ended or code == besides}


def factors(on: date | None = None) -> dict[str, Factor]:
    """The contributory factors by key."""
    return dict(shelf.in_force("factors", on).by_key)


def remit(on: date | None = None) -> dict[str, Ground]:
    """The grounds on which something is ours to look into or is not, by key."""
    return dict(shelf.in_force("remit", on).by_key)


def urgent(on: date | None = None) -> tuple[ScriptLine, ...]:
    """What is said and asked when somebody's health may be at urgent risk, in order."""
    return tuple(line for line in shelf.in_force("urgent", on).made if not line.ended)


def consent_scopes(on: date | None = None) -> dict[str, ConsentScope]:
    """What a person can consent to, by key, in the order it is asked."""
    return dict(shelf.in_force("consents", on).by_key)


def requested_items(on: date | None = None) -> dict[str, RequestedItem]:
    """What organisations can be asked for, by key, in the order it is offered."""
    return dict(shelf.in_force("request_items", on).by_key)


def days_of_the_office(on: date | None = None) -> list[DayOff]:
    """The days that this office counts otherwise than England does, in order."""
    counted = (one for one in shelf.in_force("calendar", on).made if not one.ended)
    return sorted(counted, key=lambda one: one.day)


def days_otherwise(on: date | None = None) -> Otherwise:
    """The days this office counts otherwise than the calendar of England."""
    return otherwise_by(shelf.in_force("calendar", on))


@cache
def clocks() -> dict[str, Clock]:
    """The rules that count time, by id."""
    return {row["id"]: Clock(**row) for row in shipped("clocks")["rule"]}


@cache
def legal_tests() -> dict[str, LegalTest]:
    """The tests of the initial check by id, in the order they are asked."""
    return {row["id"]: LegalTest(**row) for row in shipped("legal_tests")["test"]}


@cache
def stages() -> dict[str, StageName]:
    """The stages of a case by key, in the order of a case that goes all the way."""
    return {row["key"]: StageName(**row) for row in shipped("stages")["stage"]}


@cache
def timeline_kinds() -> dict[str, TimelineKind]:
    """What a row of an imaging timeline can say, by key, along the pathway."""
    return {row["key"]: TimelineKind(**row) for row in shipped("timeline")["kind"]}


@cache
def timeline_intervals() -> tuple[TimelineInterval, ...]:
    """The intervals that are told between the rows of an imaging timeline."""
    return tuple(
        TimelineInterval(**row | {"ends": tuple(row["ends"])}) for row in shipped("timeline")["interval"]
    )


@cache
def spellings() -> dict[str, str]:
    """British beginnings of words and the American ones they are compared as."""
    return dict(shipped("spellings")["same"])


def version_of(name: str, on: date | None = None) -> str:
    """The name of the version of the list that is in force: what is kept by rows chosen from it."""
    return shelf.in_force(name, on).name if name in LISTS else str(shipped(name)["version"])


#: For how many versions what is made of them is kept. They never change.
_KEPT = 8


@lru_cache(_KEPT)
def _taxonomy(version: Version) -> Taxonomy:
    read = shipped("failures")
    themes = tuple(Theme(**row) for row in read["theme"])
    steps = tuple(
        PathwayStep(
            step["letter"],
            step["name"],
            tuple(failure for failure in version.made if failure.code[0] == step["letter"]),
        )
        for step in read["step"]
    )
    return Taxonomy(version.name, version.in_force_from or read["in_force_from"], themes, steps)


@lru_cache(_KEPT)
def otherwise_by(version: Version) -> Otherwise:
    """The days that a version of the calendar counts otherwise."""
    counted: dict[str, dict[date, str]] = {CLOSED: {}, WORKING: {}}
    for row in version.made:
        if not row.ended:
            counted[row.kind][row.day] = row.name
    name = version.name if version.number else ""
    return Otherwise(name, closed=counted[CLOSED], working=counted[WORKING])
