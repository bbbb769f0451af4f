from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from app.audit.changes import Changes
from app.audit.events import Event


@dataclass(frozen=True, kw_only=True)
class ListDraftBegun(Event):
    name: ClassVar = "list.draft_begun"
    about: str
    based_on: str
    goes_back_to: str


@dataclass(frozen=True, kw_only=True)
class ListRowDrafted(Event):
    name: ClassVar = "list.row_drafted"
    about: str
    row: str
    is_new: bool
    changes: Changes


@dataclass(frozen=True, kw_only=True)
class ListRowTakenOut(Event):
    name: ClassVar = "list.row_taken_out"
    about: str
    row: str
    changes: Changes


@dataclass(frozen=True, kw_only=True)
class ListDraftThrownAway(Event):
    name: ClassVar = "list.draft_thrown_away"
    about: str
    based_on: str
    rows: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class ListVersionPutInForce(Event):
    name: ClassVar = "list.put_in_force"
    about: str
    number: int
    based_on: str
    in_force_from: date
    reasons: str
    changed: dict[str, int]
