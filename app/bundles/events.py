from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from app.audit.events import Event


@dataclass(frozen=True, kw_only=True)
class BundleAsked(Event):
    name: ClassVar = "bundle.asked"
    number: int
    whom: str
    because: str
    documents: list[Any]


@dataclass(frozen=True, kw_only=True)
class BundleMade(Event):
    name: ClassVar = "bundle.made"
    number: int
    whom: str
    pages: int
    sha256: str
    documents: list[Any]


@dataclass(frozen=True, kw_only=True)
class BundleCancelled(Event):
    name: ClassVar = "bundle.cancelled"
    number: int
