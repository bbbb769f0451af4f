from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from app.audit.events import Event


@dataclass(frozen=True, kw_only=True)
class ClockMoved(Event):
    name: ClassVar = "clock.moved"
    was: datetime
    to: datetime
