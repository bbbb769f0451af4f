from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from app.audit.changes import Changes
from app.audit.events import Event


@dataclass(frozen=True, kw_only=True)
class ConsentGiven(Event):
    """`giver` and `to` are the keys of persons; `scopes` are keys of the list in this version."""

    name: ClassVar = "consent.given"
    consent: int
    giver: str
    to: str | None
    scopes: list[str]
    list_version: str
    words: str
    given_on: date
    way: str
    until_on: date | None


@dataclass(frozen=True, kw_only=True)
class ConsentChanged(Event):
    name: ClassVar = "consent.changed"
    consent: int
    changes: Changes


@dataclass(frozen=True, kw_only=True)
class ConsentWithdrawn(Event):
    name: ClassVar = "consent.withdrawn"
    consent: int
    withdrawn_on: date
    because: str


@dataclass(frozen=True, kw_only=True)
class BasisSaid(Event):
    """`person` is the key of whoever acts."""

    name: ClassVar = "basis.said"
    person: str
    part: str
    kind: str
    words: str
    evidence: str
    document: str | None


@dataclass(frozen=True, kw_only=True)
class BasisAccepted(Event):
    name: ClassVar = "basis.accepted"
    person: str
    part: str
    kind: str
    because: str


@dataclass(frozen=True, kw_only=True)
class DisagreementRecorded(Event):
    """`one` and `other` are the keys of persons."""

    name: ClassVar = "disagreement.recorded"
    disagreement: int
    one: str
    other: str
    about: str


@dataclass(frozen=True, kw_only=True)
class DisagreementDecided(Event):
    name: ClassVar = "disagreement.decided"
    disagreement: int
    dealt_with: str | None
    reasons: str
    changes: Changes


@dataclass(frozen=True, kw_only=True)
class DisagreementEnded(Event):
    name: ClassVar = "disagreement.ended"
    disagreement: int
    because: str
