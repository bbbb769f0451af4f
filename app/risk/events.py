from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from app.audit.events import Event


@dataclass(frozen=True, kw_only=True)
class AlertRaised(Event):
    name: ClassVar = "alert.raised"
    alert: str


@dataclass(frozen=True, kw_only=True)
class AlertAcknowledged(Event):
    name: ClassVar = "alert.acknowledged"
    alert: str
    words: str
