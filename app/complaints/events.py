from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from app.audit.changes import Changes
from app.audit.events import Event


@dataclass(frozen=True, kw_only=True)
class ComplaintLogged(Event):
    name: ClassVar = "complaint.logged"
    channel: str
    received_at: datetime
    made_on: date


@dataclass(frozen=True, kw_only=True)
class ComplaintChanged(Event):
    name: ClassVar = "complaint.changed"
    changes: Changes


@dataclass(frozen=True, kw_only=True)
class ComplaintMoved(Event):
    name: ClassVar = "complaint.moved"
    step: str
    from_state: str
    to_state: str


@dataclass(frozen=True, kw_only=True)
class PartyAdded(Event):
    name: ClassVar = "party.added"
    person_id: int
    part: str
    basis: str


@dataclass(frozen=True, kw_only=True)
class DeadlineSet(Event):
    name: ClassVar = "deadline.set"
    rule: str
    calendar: str
    due_on: date
    was: date | None


@dataclass(frozen=True, kw_only=True)
class DeadlineCountedAgain(Event):
    """That a deadline moved because the office counts days otherwise than before."""

    name: ClassVar = "deadline.counted_again"
    rule: str
    calendar: str
    due_on: date
    was: date


@dataclass(frozen=True, kw_only=True)
class DeadlineMet(Event):
    name: ClassVar = "deadline.met"
    rule: str
    due_on: date
    met_on: date


@dataclass(frozen=True, kw_only=True)
class DeadlineReopened(Event):
    name: ClassVar = "deadline.reopened"
    rule: str
    due_on: date
    met_on: date


@dataclass(frozen=True, kw_only=True)
class OrganisationMatched(Event):
    name: ClassVar = "organisation.matched"
    words: str
    code: str | None


@dataclass(frozen=True, kw_only=True)
class TextRepeated(Event):
    """That a complaint says, word for word, what complaints of these numbers said before."""

    name: ClassVar = "text.repeated"
    complaints: list[int]
