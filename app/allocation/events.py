from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from app.audit.events import Event


@dataclass(frozen=True, kw_only=True)
class CasesGiven(Event):
    name: ClassVar = "cases.given"
    bulk: str
    given: int
    left_out: int


@dataclass(frozen=True, kw_only=True)
class CasesGivenBack(Event):
    name: ClassVar = "cases.given_back"
    bulk: str
    given_back: int
    left_out: int
