from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from app.audit.changes import Changes
from app.audit.events import Event


@dataclass(frozen=True, kw_only=True)
class PersonChanged(Event):
    name: ClassVar = "person.changed"
    person_id: int
    changes: Changes
