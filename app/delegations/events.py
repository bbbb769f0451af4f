from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from app.audit.events import Event


@dataclass(frozen=True, kw_only=True)
class DelegationMade(Event):
    name: ClassVar = "delegation.made"
    delegation: str
    permission: str
    what: str
    giver: str
    to: str
    from_on: date
    until_on: date | None
    instrument: str


@dataclass(frozen=True, kw_only=True)
class DelegationWithdrawn(Event):
    name: ClassVar = "delegation.withdrawn"
    delegation: str
    permission: str
    what: str
    giver: str
    to: str
    reasons: str
