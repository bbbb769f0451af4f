from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from app.audit.events import Event


@dataclass(frozen=True, kw_only=True)
class ConflictDeclared(Event):
    name: ClassVar = "conflict.declared"
    conflict: str
    whose: str
    kind: str
    subject: str
    words: str
    since: date


@dataclass(frozen=True, kw_only=True)
class ConflictLifted(Event):
    name: ClassVar = "conflict.lifted"
    conflict: str
    whose: str
    subject: str
    reasons: str


@dataclass(frozen=True, kw_only=True)
class AbsenceArranged(Event):
    name: ClassVar = "absence.arranged"
    whose: str
    cover: str
    from_on: date
    to_on: date


@dataclass(frozen=True, kw_only=True)
class AbsenceEnded(Event):
    name: ClassVar = "absence.ended"
    whose: str
    cover: str


@dataclass(frozen=True, kw_only=True)
class ComplaintRestricted(Event):
    name: ClassVar = "complaint.restricted"
    reasons: str


@dataclass(frozen=True, kw_only=True)
class RestrictionLifted(Event):
    name: ClassVar = "complaint.restriction_lifted"
    reasons: str


@dataclass(frozen=True, kw_only=True)
class PersonNamed(Event):
    name: ClassVar = "access.named"
    account: int
    called: str


@dataclass(frozen=True, kw_only=True)
class CoverOpened(Event):
    name: ClassVar = "access.cover_opened"
    cover: str
    whose: str
    from_on: date
    to_on: date


@dataclass(frozen=True, kw_only=True)
class CoverClosed(Event):
    name: ClassVar = "access.cover_closed"
    cover: str
    whose: str


@dataclass(frozen=True, kw_only=True)
class NameTaken(Event):
    name: ClassVar = "access.taken"
    account: int
    called: str
