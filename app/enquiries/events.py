from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from app.audit.events import Event


@dataclass(frozen=True, kw_only=True)
class EnquiryTaken(Event):
    name: ClassVar = "enquiry.taken"
    enquiry: str
    way: str
    received_at: datetime


@dataclass(frozen=True, kw_only=True)
class WritingOffered(Event):
    name: ClassVar = "writing.offered"
    enquiry: str
    on: date
    how: str


@dataclass(frozen=True, kw_only=True)
class EnquiryWritten(Event):
    """`before`: the words that were sent to them first, if they were written anew since."""

    name: ClassVar = "enquiry.written"
    enquiry: str
    sent_on: date
    before: str = ""


@dataclass(frozen=True, kw_only=True)
class EnquiryConfirmed(Event):
    name: ClassVar = "enquiry.confirmed"
    enquiry: str
    on: date
    how: str


@dataclass(frozen=True, kw_only=True)
class EnquiryClosed(Event):
    name: ClassVar = "enquiry.closed"
    enquiry: str
    words: str
    back_on: date | None


@dataclass(frozen=True, kw_only=True)
class EnquiryBecameComplaint(Event):
    name: ClassVar = "enquiry.became_complaint"
    enquiry: str
