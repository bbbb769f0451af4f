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
