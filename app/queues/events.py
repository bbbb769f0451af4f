from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from app.audit.events import Event


@dataclass(frozen=True, kw_only=True)
class ReturnSettled(Event):
    name: ClassVar = "return.settled"
    enquiry: str = ""
    allegation: int | None = None
    was_on: date
    words: str


@dataclass(frozen=True, kw_only=True)
class ReturnMoved(Event):
    name: ClassVar = "return.moved"
    enquiry: str = ""
    allegation: int | None = None
    was_on: date
    to_on: date
    words: str
