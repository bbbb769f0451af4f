from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from app.audit.events import Event


@dataclass(frozen=True, kw_only=True)
class EvidenceBagged(Event):
    """All originals of a case were copied out of the office."""

    name: ClassVar = "evidence.bagged"
    documents: int
    manifest_sha256: str


@dataclass(frozen=True, kw_only=True)
class FileFoundWrong(Event):
    """A stored file was hashed again, and is not what was received."""

    name: ClassVar = "file.found_wrong"
    file: str
    outcome: str


@dataclass(frozen=True, kw_only=True)
class FileSettled(Event):
    """Somebody said what was done about a stored file that was not what was received."""

    name: ClassVar = "file.settled"
    file: str
    outcome: str
    settlement: str
