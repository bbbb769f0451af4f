from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from app.audit.changes import Changes
from app.audit.events import Event


@dataclass(frozen=True, kw_only=True)
class FindingWritten(Event):
    name: ClassVar = "finding.written"
    allegation: int
    changes: Changes
    standards: list[dict[str, Any]]
    evidence: list[int]
    outcome: str | None
