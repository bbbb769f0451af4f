from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from app.audit.events import Event


@dataclass(frozen=True, kw_only=True)
class AllegationTested(Event):
    """`answers`: by test, its answer, its note and its option, for those that were answered anew."""

    name: ClassVar = "allegation.tested"
    allegation: int
    answers: dict[str, list[str]]
    list_version: str


@dataclass(frozen=True, kw_only=True)
class KnowledgeDateAdded(Event):
    name: ClassVar = "knowledge_date.added"
    allegation: int
    known_on: date
    source: str
    note: str
    is_disputed: bool


@dataclass(frozen=True, kw_only=True)
class KnowledgeDateChosen(Event):
    name: ClassVar = "knowledge_date.chosen"
    allegation: int
    known_on: date
    was: date | None
    reasons: str


@dataclass(frozen=True, kw_only=True)
class DiscretionOpened(Event):
    name: ClassVar = "discretion.opened"
    allegation: int
    decider: str
    days_late: int
    for_looking: str
    against_looking: str


@dataclass(frozen=True, kw_only=True)
class DiscretionDecided(Event):
    name: ClassVar = "discretion.decided"
    allegation: int
    is_exercised: bool
    reasons: str
    facts: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class AllegationChecked(Event):
    name: ClassVar = "allegation.checked"
    allegation: int
    outcome: str
    reasons: str
    signposted_to: str
    facts: dict[str, Any]
    back_on: date | None = None
    joined_to: str = ""


@dataclass(frozen=True, kw_only=True)
class ReasonsSent(Event):
    name: ClassVar = "reasons.sent"
    allegations: list[int]
    sent_on: date
    to: list[str]
