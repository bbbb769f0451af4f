from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from app.audit.events import Event


@dataclass(frozen=True, kw_only=True)
class DocumentScanned(Event):
    name: ClassVar = "document.scanned"
    document: str
    title: str
    state: str
    infection: str


@dataclass(frozen=True, kw_only=True)
class DocumentReleased(Event):
    name: ClassVar = "document.released"
    document: str
    title: str
    reasons: str
