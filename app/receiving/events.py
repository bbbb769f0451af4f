from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from app.audit.events import Event


@dataclass(frozen=True, kw_only=True)
class DeliveryBegun(Event):
    name: ClassVar = "delivery.begun"
    delivery: str
    label: str
    supplier: str
    organisation: str | None
    supplied_on: date
    way: str
    declared: int | None
    unit: str | None


@dataclass(frozen=True, kw_only=True)
class DeliveryClosed(Event):
    name: ClassVar = "delivery.closed"
    delivery: str
    label: str
    declared: int | None
    found: int | None
    unit: str | None
    documents: int
