from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from app.audit.changes import Changes
from app.audit.events import Event


@dataclass(frozen=True, kw_only=True)
class RecommendationMade(Event):
    name: ClassVar = "recommendation.made"
    recommendation: int
    organisation: str
    action: str
    due_on: date


@dataclass(frozen=True, kw_only=True)
class RecommendationChanged(Event):
    name: ClassVar = "recommendation.changed"
    recommendation: int
    changes: Changes


@dataclass(frozen=True, kw_only=True)
class RecommendationMoved(Event):
    name: ClassVar = "recommendation.moved"
    recommendation: int
    organisation: str
    step: str
    from_state: str
    to_state: str
    words: str


@dataclass(frozen=True, kw_only=True)
class ProgressReported(Event):
    name: ClassVar = "progress.reported"
    recommendation: int
    organisation: str
    words: str


@dataclass(frozen=True, kw_only=True)
class EvidenceSubmitted(Event):
    name: ClassVar = "evidence.submitted"
    recommendation: int
    organisation: str
    claimed_done_on: date
    documents: list[str]


@dataclass(frozen=True, kw_only=True)
class EvidenceJudged(Event):
    name: ClassVar = "evidence.judged"
    recommendation: int
    verdict: str
    reasons: str
    done_on: date | None
    on_time: bool | None


@dataclass(frozen=True, kw_only=True)
class RecommendationExtended(Event):
    name: ClassVar = "recommendation.extended"
    recommendation: int
    was_due_on: date
    due_on: date
    reasons: str
