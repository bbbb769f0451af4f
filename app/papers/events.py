from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from app.audit.events import Event


@dataclass(frozen=True, kw_only=True)
class PaperReceived(Event):
    name: ClassVar = "paper.received"
    paper: str
    filename: str
    sha256: str
    size: int


@dataclass(frozen=True, kw_only=True)
class PaperEntered(Event):
    name: ClassVar = "paper.entered"
    paper: str
    filename: str
    document: str
