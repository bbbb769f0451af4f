"""What happened to a concern. Its words stay with it: the record says which one, and tells no more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from app.audit.events import Event


@dataclass(frozen=True, kw_only=True)
class ConcernRecorded(Event):
    name: ClassVar = "concern.recorded"
    concern: str


@dataclass(frozen=True, kw_only=True)
class ConcernMoved(Event):
    name: ClassVar = "concern.moved"
    concern: str
    from_state: str
    to_state: str


@dataclass(frozen=True, kw_only=True)
class ReaderNamed(Event):
    name: ClassVar = "concern.reader_named"
    concern: str
    account: int


@dataclass(frozen=True, kw_only=True)
class ReaderTaken(Event):
    name: ClassVar = "concern.reader_taken"
    concern: str
    account: int
