from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from app.audit.changes import Changes
from app.audit.events import Event


@dataclass(frozen=True, kw_only=True)
class ContactAdded(Event):
    name: ClassVar = "official.added"
    contact: str
    organisation: str
    kind: str
    called: str
    from_on: date


@dataclass(frozen=True, kw_only=True)
class ContactChanged(Event):
    name: ClassVar = "official.changed"
    contact: str
    organisation: str
    called: str
    changes: Changes
