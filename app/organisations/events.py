from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from app.audit.changes import Changes
from app.audit.events import Event


@dataclass(frozen=True, kw_only=True)
class OrganisationAdded(Event):
    name: ClassVar = "organisation.added"
    code: str
    called: str
    kind: str


@dataclass(frozen=True, kw_only=True)
class OrganisationChanged(Event):
    name: ClassVar = "organisation.changed"
    organisation: str
    known_from: str
    changes: Changes


@dataclass(frozen=True, kw_only=True)
class ArrangementRecorded(Event):
    name: ClassVar = "arrangement.recorded"
    organisation: str
    with_whom: str
    began_on: date
    ended_on: date | None


@dataclass(frozen=True, kw_only=True)
class ArrangementChanged(Event):
    name: ClassVar = "arrangement.changed"
    organisation: str
    changes: Changes


@dataclass(frozen=True, kw_only=True)
class RegisterLoaded(Event):
    name: ClassVar = "register.loaded"
    as_at: date
    sha256: str
    listed: int
    new: int
    changed: int
    missing: int
