from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from app.audit.events import Event


@dataclass(frozen=True, kw_only=True)
class MessageRead(Event):
    name: ClassVar = "message.read"
    message: str
    called: str
    sender: str
    document: str
    title: str
    proposed: int
    likeness: str
    repeats: str | None
    contradicts: str | None


@dataclass(frozen=True, kw_only=True)
class MessageDecided(Event):
    name: ClassVar = "message.decided"
    message: str
    called: str
    whose: str
    differing: list[str]
    reasons: str


@dataclass(frozen=True, kw_only=True)
class ProposalAccepted(Event):
    name: ClassVar = "proposal.accepted"
    message: str
    called: str
    what: str
    place: str
    row: int


@dataclass(frozen=True, kw_only=True)
class ProposalDismissed(Event):
    name: ClassVar = "proposal.dismissed"
    message: str
    called: str
    what: str
    place: str
    reasons: str
