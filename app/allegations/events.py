from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from app.audit.changes import Changes
from app.audit.events import Event


@dataclass(frozen=True, kw_only=True)
class IssueRecorded(Event):
    name: ClassVar = "issue.recorded"
    issue: int
    words: str


@dataclass(frozen=True, kw_only=True)
class IssueChanged(Event):
    name: ClassVar = "issue.changed"
    issue: int
    changes: Changes


@dataclass(frozen=True, kw_only=True)
class AllegationMade(Event):
    name: ClassVar = "allegation.made"
    allegation: int
    issue: int
    organisation: str


@dataclass(frozen=True, kw_only=True)
class AllegationChanged(Event):
    name: ClassVar = "allegation.changed"
    allegation: int
    changes: Changes


@dataclass(frozen=True, kw_only=True)
class AllegationCoded(Event):
    name: ClassVar = "allegation.coded"
    allegation: int
    standing: str
    added: list[str]
    removed: list[str]
    list_version: str
