from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from app.audit.changes import Changes
from app.audit.events import Event


@dataclass(frozen=True, kw_only=True)
class RequestDrafted(Event):
    name: ClassVar = "request.drafted"
    request: int
    organisation: str
    items: list[str]


@dataclass(frozen=True, kw_only=True)
class RequestChanged(Event):
    name: ClassVar = "request.changed"
    request: int
    changes: Changes


@dataclass(frozen=True, kw_only=True)
class RequestMoved(Event):
    name: ClassVar = "request.moved"
    request: int
    organisation: str
    step: str
    from_state: str
    to_state: str
    words: str
    outstanding: list[int]
    due_on: date | None
    calendar: str


@dataclass(frozen=True, kw_only=True)
class RequestCountedAgain(Event):
    name: ClassVar = "request.counted_again"
    request: int
    due_on: date
    was: date
    calendar: str


@dataclass(frozen=True, kw_only=True)
class ItemAnswered(Event):
    name: ClassVar = "request.item_answered"
    request: int
    item: int
    by: str
    document: str | None
    delivery: str | None
    state: str
    in_force_from: date | None
    in_force_until: date | None


@dataclass(frozen=True, kw_only=True)
class ItemSettled(Event):
    name: ClassVar = "request.item_settled"
    request: int
    item: int
    was: str
    state: str
    explanation: str


@dataclass(frozen=True, kw_only=True)
class AnswerTakenBack(Event):
    name: ClassVar = "request.answer_taken_back"
    request: int
    item: int
    by: str
    reasons: str
