from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from app import policy
from app.accounts.models import Account
from app.audit.record import record
from app.core import clock
from app.core.errors import RuleBroken
from app.enquiries import workflow
from app.enquiries.events import (
    EnquiryBecameComplaint,
    EnquiryClosed,
    EnquiryConfirmed,
    EnquiryTaken,
    EnquiryWritten,
    WritingOffered,
)
from app.enquiries.models import Enquiry, Way
from app.people import actions as people
from app.people.actions import Particulars
from app.people.events import PersonChanged
from app.people.models import Person
from app.policy import Permission


def take(
    session: Session,
    *,
    actor: Account,
    way: Way,
    received_at: datetime,
    said: str,
    about: str = "",
    is_identity_checked: bool = False,
    person: Person | None = None,
    particulars: Particulars | None = None,
) -> Enquiry:
    """Write down a contact: who it was, known already or new, and what they said. No name is none given.

    Of somebody known, `particulars` are what they say of themselves now.
    """
    policy.require(actor, Permission.ENQUIRY_TAKE)
    if received_at > clock.now():
        raise RuleBroken("A contact cannot be in the future.", field="received_at")
    someone = person or (people.add(session, particulars) if particulars else None)
    if person and particulars and (changes := people.amend(person, people.said_of(person, particulars))):
        record(session, PersonChanged(person_id=person.id, changes=changes), actor=actor)
    enquiry = Enquiry(
        way=way,
        received_at=received_at,
        said=said,
        about=about,
        is_identity_checked=is_identity_checked,
        person=someone,
        taken_by=actor,
    )
    session.add(enquiry)
    session.flush()
    taken = EnquiryTaken(enquiry=enquiry.reference, way=way, received_at=received_at)
    record(session, taken, actor=actor)
    return enquiry


def offer_to_write(
    session: Session,
    enquiry: Enquiry,
    *,
    actor: Account,
    drawn_from: int | None = None,
    on: date,
    how: str,
) -> None:
    """Record that we offered to write it down for them, since a complaint has to be in writing: s.9(2)."""
    enquiry.agree(drawn_from)
    _check_day(enquiry, on)
    workflow.take(enquiry, workflow.OFFER, actor=actor)
    enquiry.offered_on, enquiry.offered_how = on, how
    record(session, WritingOffered(enquiry=enquiry.reference, on=on, how=how), actor=actor)


def write_down(
    session: Session,
    enquiry: Enquiry,
    *,
    actor: Account,
    drawn_from: int | None = None,
    written: str,
    sent_on: date,
) -> None:
    """Keep what we wrote down for them, and when it went to them to be confirmed."""
    enquiry.agree(drawn_from)
    _check_day(enquiry, sent_on, field="sent_on")
    workflow.take(enquiry, workflow.WRITE, actor=actor)
    before, enquiry.written, enquiry.written_sent_on = enquiry.written, written, sent_on
    told = EnquiryWritten(enquiry=enquiry.reference, sent_on=sent_on, before=before)
    record(session, told, actor=actor)


def confirm(
    session: Session,
    enquiry: Enquiry,
    *,
    actor: Account,
    drawn_from: int | None = None,
    on: date,
    how: str,
) -> None:
    """Record that they confirmed in writing what we wrote down. From that day on it is made in writing."""
    enquiry.agree(drawn_from)
    _check_day(enquiry, on)
    if enquiry.written_sent_on and on < enquiry.written_sent_on:
        raise RuleBroken("They cannot have confirmed it before it was sent to them.", field="on")
    workflow.take(enquiry, workflow.CONFIRM, actor=actor)
    enquiry.confirmed_on, enquiry.confirmed_how = on, how
    record(session, EnquiryConfirmed(enquiry=enquiry.reference, on=on, how=how), actor=actor)


def close(
    session: Session,
    enquiry: Enquiry,
    *,
    actor: Account,
    drawn_from: int | None = None,
    closing: str,
    back_on: date | None = None,
) -> None:
    """Close a contact that becomes no complaint for now. With a day in the diary, they may come back."""
    enquiry.agree(drawn_from)
    if back_on and back_on <= clock.today():
        raise RuleBroken("The day must be in the future.", field="back_on")
    workflow.take(enquiry, workflow.CLOSE, actor=actor)
    enquiry.closing, enquiry.back_on, enquiry.closed_at = closing, back_on, clock.now()
    enquiry.diary_on = back_on
    closed = EnquiryClosed(enquiry=enquiry.reference, words=closing, back_on=back_on)
    record(session, closed, actor=actor)


def become(session: Session, enquiry: Enquiry, *, actor: Account | None) -> None:
    """Count it from now on as the complaint that is being logged. See `complaints.actions.log`."""
    workflow.take(enquiry, workflow.BECOME, actor=actor)
    enquiry.closed_at = None
    record(session, EnquiryBecameComplaint(enquiry=enquiry.reference), actor=actor)


def _check_day(enquiry: Enquiry, day: date, *, field: str = "on") -> None:
    if day > clock.today():
        raise RuleBroken("The day must not be in the future.", field=field)
    if day < enquiry.received_on:
        raise RuleBroken("The day must not be before the contact itself.", field=field)
