from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from app.audit.changes import Changes
from app.audit.events import Event


@dataclass(frozen=True, kw_only=True)
class StudyNamed(Event):
    name: ClassVar = "timeline.study_named"
    study: int
    called: str


@dataclass(frozen=True, kw_only=True)
class RowRecorded(Event):
    name: ClassVar = "timeline.recorded"
    row: int
    called: str
    when: str
    document: str | None
    title: str | None


@dataclass(frozen=True, kw_only=True)
class RowChanged(Event):
    name: ClassVar = "timeline.changed"
    row: int
    called: str
    changes: Changes


@dataclass(frozen=True, kw_only=True)
class RowChosen(Event):
    name: ClassVar = "timeline.chosen"
    row: int
    called: str
    when: str
    instead_of: list[int]
    reasons: str


@dataclass(frozen=True, kw_only=True)
class RowStruckOut(Event):
    name: ClassVar = "timeline.struck_out"
    row: int
    called: str
    when: str
    reasons: str
