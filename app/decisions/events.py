from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from app.audit.events import Event


@dataclass(frozen=True, kw_only=True)
class ProvisionalViewsShared(Event):
    name: ClassVar = "provisional_views.shared"
    window_days: int
    comments_due_on: date
    sha256: str


@dataclass(frozen=True, kw_only=True)
class CommentReceived(Event):
    name: ClassVar = "comment.received"
    comment: int
    organisation: str | None
    received_on: date


@dataclass(frozen=True, kw_only=True)
class CommentAnswered(Event):
    name: ClassVar = "comment.answered"
    comment: int
    answer: str
    was: str


@dataclass(frozen=True, kw_only=True)
class CommentWindowExtended(Event):
    name: ClassVar = "comment_window.extended"
    was_due_on: date
    due_on: date
    reasons: str


@dataclass(frozen=True, kw_only=True)
class CommentWindowCountedAgain(Event):
    name: ClassVar = "comment_window.counted_again"
    due_on: date
    was: date
    calendar: str


@dataclass(frozen=True, kw_only=True)
class DecisionProposed(Event):
    name: ClassVar = "decision.proposed"
    outcome: str
    sha256: str


@dataclass(frozen=True, kw_only=True)
class DecisionReturned(Event):
    name: ClassVar = "decision.returned"
    reasons: str


@dataclass(frozen=True, kw_only=True)
class DecisionApproved(Event):
    name: ClassVar = "decision.approved"
    outcome: str
    sha256: str
    recommendations: list[int]
