from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from app.audit.changes import Changes
from app.audit.events import Event


@dataclass(frozen=True, kw_only=True)
class CaseOpened(Event):
    name: ClassVar = "case.opened"
    allegations: list[int]


@dataclass(frozen=True, kw_only=True)
class CaseMoved(Event):
    name: ClassVar = "case.moved"
    step: str
    from_stage: str
    to_stage: str
    reasons: str


@dataclass(frozen=True, kw_only=True)
class MediationBegun(Event):
    name: ClassVar = "case.mediation_begun"
    mediator: str
    until_on: date


@dataclass(frozen=True, kw_only=True)
class CaseAllocated(Event):
    name: ClassVar = "case.allocated"
    to_id: int
    to_name: str
    from_id: int | None
    from_name: str | None
    bulk: str = ""


@dataclass(frozen=True, kw_only=True)
class CaseGivenBack(Event):
    name: ClassVar = "case.given_back"
    to_id: int | None
    to_name: str | None
    from_name: str | None
    bulk: str


@dataclass(frozen=True, kw_only=True)
class AllegationCorrected(Event):
    name: ClassVar = "allegation.corrected"
    allegation: int
    changes: Changes
    reasons: str


@dataclass(frozen=True, kw_only=True)
class CaseFoundDuplicate(Event):
    name: ClassVar = "case.found_duplicate"
    of: str
    reasons: str
