from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from app.audit.events import Event


@dataclass(frozen=True, kw_only=True)
class RedactionMarked(Event):
    name: ClassVar = "redaction.marked"
    document: str
    title: str
    page: int
    box: list[Any]
    reason: str
    words: str


@dataclass(frozen=True, kw_only=True)
class RedactionsConfirmed(Event):
    name: ClassVar = "redaction.confirmed"
    document: str
    title: str
    marks: list[Any]


@dataclass(frozen=True, kw_only=True)
class RedactionStruckOut(Event):
    name: ClassVar = "redaction.struck_out"
    document: str
    title: str
    page: int
    box: list[Any]


@dataclass(frozen=True, kw_only=True)
class DocumentRedacted(Event):
    name: ClassVar = "document.redacted"
    document: str
    title: str
    copy: str
    copy_title: str
    sha256: str
    marks: int
