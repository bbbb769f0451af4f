from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from app.audit.events import Event


@dataclass(frozen=True, kw_only=True)
class ComplaintSentIn(Event):
    name: ClassVar = "complaint.sent_in"
    papers: int
