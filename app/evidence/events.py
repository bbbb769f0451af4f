from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from app.audit.events import Event


@dataclass(frozen=True, kw_only=True)
class DocumentReceived(Event):
    name: ClassVar = "document.received"
    document: str
    title: str
    sha256: str
    size: int
    supplier: str
    organisation: str | None
    supplied_on: date


@dataclass(frozen=True, kw_only=True)
class DocumentLinked(Event):
    name: ClassVar = "document.linked"
    document: str
    title: str
    allegation: int
    page: str
    note: str
    weight: str = ""
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class RowLinked(Event):
    name: ClassVar = "timeline.linked"
    row: int
    title: str
    allegation: int
    note: str
    weight: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class LinkTakenBack(Event):
    name: ClassVar = "evidence.link_taken_back"
    title: str
    allegation: int
    page: str
    weight: str
    reasons: str


@dataclass(frozen=True, kw_only=True)
class DocumentDisclosed(Event):
    name: ClassVar = "document.disclosed"
    document: str
    title: str
    organisation: str


@dataclass(frozen=True, kw_only=True)
class DisclosureWithdrawn(Event):
    name: ClassVar = "disclosure.withdrawn"
    document: str
    title: str
    organisation: str


@dataclass(frozen=True, kw_only=True)
class DocumentWithdrawn(Event):
    name: ClassVar = "document.withdrawn"
    document: str
    title: str
    reasons: str


@dataclass(frozen=True, kw_only=True)
class DocumentFollows(Event):
    name: ClassVar = "document.follows"
    document: str
    title: str
    earlier: str
    following: str


@dataclass(frozen=True, kw_only=True)
class DocumentShownToComplainant(Event):
    name: ClassVar = "document.shown_to_complainant"
    document: str
    title: str


@dataclass(frozen=True, kw_only=True)
class DocumentWithdrawnFromComplainant(Event):
    name: ClassVar = "document.withdrawn_from_complainant"
    document: str
    title: str
