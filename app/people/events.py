from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from app.audit.changes import Changes
from app.audit.events import Event


@dataclass(frozen=True, kw_only=True)
class PersonChanged(Event):
    name: ClassVar = "person.changed"
    person_id: int
    changes: Changes


@dataclass(frozen=True, kw_only=True)
class AdjustmentAgreed(Event):
    name: ClassVar = "adjustment.agreed"
    person: str
    kind: str
    words: str


@dataclass(frozen=True, kw_only=True)
class AdjustmentEnded(Event):
    name: ClassVar = "adjustment.ended"
    person: str
    kind: str


@dataclass(frozen=True, kw_only=True)
class ContactChanged(Event):
    name: ClassVar = "contact.changed"
    person: str
    changes: Changes


@dataclass(frozen=True, kw_only=True)
class VulnerabilityFlagged(Event):
    name: ClassVar = "vulnerability.flagged"
    person: str
    kind: str
    words: str
    review_on: date


@dataclass(frozen=True, kw_only=True)
class VulnerabilityReviewed(Event):
    name: ClassVar = "vulnerability.reviewed"
    person: str
    kind: str
    changes: Changes


@dataclass(frozen=True, kw_only=True)
class VulnerabilityEnded(Event):
    name: ClassVar = "vulnerability.ended"
    person: str
    kind: str
    because: str
