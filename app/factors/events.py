from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from app.audit.events import Event


@dataclass(frozen=True, kw_only=True)
class SecondFactorAdded(Event):
    name: ClassVar = "second_factor.added"
    account: str
    what: str


@dataclass(frozen=True, kw_only=True)
class SecondFactorRemoved(Event):
    name: ClassVar = "second_factor.removed"
    account: str
    what: str


@dataclass(frozen=True, kw_only=True)
class RecoveryCodesMade(Event):
    name: ClassVar = "recovery_codes.made"
    account: str


@dataclass(frozen=True, kw_only=True)
class RecoveryCodeUsed(Event):
    name: ClassVar = "recovery_code.used"
    account: str
    left: int
