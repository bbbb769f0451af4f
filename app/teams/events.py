from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from app.audit.changes import Changes
from app.audit.events import Event


@dataclass(frozen=True, kw_only=True)
class TeamMade(Event):
    name: ClassVar = "team.made"
    team: str
    called: str


@dataclass(frozen=True, kw_only=True)
class TeamChanged(Event):
    name: ClassVar = "team.changed"
    team: str
    called: str
    changes: Changes


@dataclass(frozen=True, kw_only=True)
class TeamEnded(Event):
    name: ClassVar = "team.ended"
    team: str
    called: str


@dataclass(frozen=True, kw_only=True)
class MemberJoined(Event):
    name: ClassVar = "team.joined"
    team: str
    called: str
    who: str
    from_on: date
    came_from: str


@dataclass(frozen=True, kw_only=True)
class MemberLeft(Event):
    name: ClassVar = "team.left"
    team: str
    called: str
    who: str
    until_on: date
