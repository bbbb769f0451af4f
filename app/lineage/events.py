from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from app.audit.changes import Changes
from app.audit.events import Event


@dataclass(frozen=True, kw_only=True)
class SuccessionRecorded(Event):
    name: ClassVar = "succession.recorded"
    succession: str
    was: str
    to: str
    kind: str
    happened_on: date
    source: str
    words: str


@dataclass(frozen=True, kw_only=True)
class SuccessionCorrected(Event):
    name: ClassVar = "succession.corrected"
    succession: str
    was: str
    to: str
    changes: Changes


@dataclass(frozen=True, kw_only=True)
class SuccessionWithdrawn(Event):
    name: ClassVar = "succession.withdrawn"
    succession: str
    was: str
    to: str
    reasons: str


@dataclass(frozen=True, kw_only=True)
class PortalOpened(Event):
    name: ClassVar = "succession.portal_opened"
    succession: str
    was: str
    to: str
    reasons: str


@dataclass(frozen=True, kw_only=True)
class PortalClosed(Event):
    name: ClassVar = "succession.portal_closed"
    succession: str
    was: str
    to: str


@dataclass(frozen=True, kw_only=True)
class OrganisationsMerged(Event):
    name: ClassVar = "organisations.merged"
    duplicate: str
    into: str
    moved: dict[str, int]
    reasons: str


@dataclass(frozen=True, kw_only=True)
class MergeUndone(Event):
    name: ClassVar = "organisations.merge_undone"
    duplicate: str
    into: str
    moved: dict[str, int]
    reasons: str
