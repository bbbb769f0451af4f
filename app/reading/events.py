from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from app.audit.events import Event


@dataclass(frozen=True, kw_only=True)
class RegionCited(Event):
    name: ClassVar = "document.region_cited"
    document: str
    title: str
    allegation: int
    page: str
    box: list[Any]
