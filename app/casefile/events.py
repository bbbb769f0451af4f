from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from app.audit.changes import Changes
from app.audit.events import Event


@dataclass(frozen=True, kw_only=True)
class NoteWritten(Event):
    name: ClassVar = "note.written"
    note: int
    words: str
    corrects: int | None


@dataclass(frozen=True, kw_only=True)
class NoteStruck(Event):
    name: ClassVar = "note.struck"
    note: int
    because: str


@dataclass(frozen=True, kw_only=True)
class ComplaintsLinked(Event):
    """Told in both stories. `other` is kept, and not shown: who reads one may not know of the other."""

    name: ClassVar = "complaint.linked"
    link: int
    kind: str
    says: str
    other: str
    words: str


@dataclass(frozen=True, kw_only=True)
class LinkEnded(Event):
    name: ClassVar = "complaint.link_ended"
    link: int
    says: str
    other: str
    because: str


@dataclass(frozen=True, kw_only=True)
class ProceedingRecorded(Event):
    name: ClassVar = "proceeding.recorded"
    proceeding: int
    kind: str
    called: str
    began_on: date | None


@dataclass(frozen=True, kw_only=True)
class ProceedingChanged(Event):
    name: ClassVar = "proceeding.changed"
    proceeding: int
    called: str
    changes: Changes


@dataclass(frozen=True, kw_only=True)
class CaseStayed(Event):
    name: ClassVar = "case.stayed"
    proceeding: int
    called: str
    review_on: date
    reasons: str


@dataclass(frozen=True, kw_only=True)
class StayReviewed(Event):
    name: ClassVar = "case.stay_reviewed"
    was_to_be_reviewed_on: date
    review_on: date
    reasons: str


@dataclass(frozen=True, kw_only=True)
class CaseResumed(Event):
    name: ClassVar = "case.resumed"
    reasons: str


@dataclass(frozen=True, kw_only=True)
class OpeningExplained(Event):
    name: ClassVar = "opening.explained"
    kind: str
    words: str
