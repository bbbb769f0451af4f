from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from app.audit.changes import Changes
from app.audit.events import Event


@dataclass(frozen=True, kw_only=True)
class DoublesWeighed(Event):
    """That somebody said whether those who were offered are who is meant. Numbers, not what is known of them."""

    name: ClassVar = "doubles.weighed"
    whose: str
    offered: dict[str, Any]
    chosen: int | None


@dataclass(frozen=True, kw_only=True)
class ComplaintCameAgain(Event):
    name: ClassVar = "complaint.came_again"
    channel: str
    received_on: str
    note: int


@dataclass(frozen=True, kw_only=True)
class PeopleMerged(Event):
    name: ClassVar = "people.merged"
    person: str
    merged: str
    because: str
    changes: Changes


@dataclass(frozen=True, kw_only=True)
class MergeUndone(Event):
    name: ClassVar = "merge.undone"
    person: str
    merged: str
    because: str
    changes: Changes
