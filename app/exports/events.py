from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from app.audit.events import Event


@dataclass(frozen=True, kw_only=True)
class ExportAsked(Event):
    name: ClassVar = "export.asked"
    sheet: str
    query: str


@dataclass(frozen=True, kw_only=True)
class ExportCancelled(Event):
    name: ClassVar = "export.cancelled"
    sheet: str
    query: str
