from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from app.audit.events import Event


@dataclass(frozen=True, kw_only=True)
class StudyFiled(Event):
    name: ClassVar = "imaging.filed"
    study: str
    called: str
    likeness: str


@dataclass(frozen=True, kw_only=True)
class StudyDecided(Event):
    name: ClassVar = "imaging.decided"
    study: str
    called: str
    whose: str
    differing: list[str]
    reasons: str


@dataclass(frozen=True, kw_only=True)
class CopyAsked(Event):
    name: ClassVar = "imaging.copied"
    copy: str
    called: str
    made_for: str
    reasons: str
    documents: list[str]
    boxes: list[list[int]]
