from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from app.audit.events import Event


@dataclass(frozen=True, kw_only=True)
class FilterSaved(Event):
    name: ClassVar = "filter.saved"
    called: str
    query: str
    shared: bool


@dataclass(frozen=True, kw_only=True)
class FilterRemoved(Event):
    name: ClassVar = "filter.removed"
    called: str
