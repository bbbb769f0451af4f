from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from app import policy
from app.accounts.models import Account
from app.audit.changes import change as change_row
from app.audit.record import record
from app.complaints import clocks, workflow
from app.complaints.events import ComplaintChanged, ComplaintLogged, OrganisationMatched, PartyAdded
from app.complaints.models import Channel, Complaint, OrganisationToMatch, Part, Party
from app.core import clock
from app.core.errors import RuleBroken
from app.core.references import new_reference
from app.enquiries import actions as enquiries
from app.enquiries.models import Enquiry
from app.organisations.models import Organisation
from app.people import actions as people
from app.people.actions import Particulars
from app.people.events import PersonChanged
from app.people.models import Person
from app.policy import Permission


def log(
    session: Session,
    *,
    actor: Account | None,
    channel: Channel,
    received_at: datetime,
    made_on: date,
    body_received_on: date | None = None,
    narrative: str,
    wanted: str = "",
    complainant: Particulars | None,
    affected: Particulars | None = None,
    complainant_is: Person | None = None,
    affected_is: Person | None = None,
    basis: str = "",
    source: str | None = None,
    source_reference: str | None = None,
    enquiry: Enquiry | None = None,
) -> Complaint:
    """Log a complaint: give it its reference and start the clocks that run from receipt.

    No `complainant` is one whose name is not known; no `affected` is a complainant who is the
    person affected themselves. Whom we know already is given with what they say of themselves now
    (`complainant_is`, `affected_is`). A complaint that began as an `enquiry` is counted no longer as
    that; whoever made it is the complainant. Raises `RuleBroken` for dates that cannot be.
    """
    policy.require(actor, Permission.COMPLAINT_LOG)
    _check_dates(received_at, made_on)
    _check_referral(channel, received_at, body_received_on)
    _check_call(channel, enquiry)
    complaint = Complaint(
        reference=new_reference(),
        channel=channel,
        received_at=received_at,
        made_on=made_on,
        body_received_on=body_received_on,
        narrative=narrative,
        wanted=wanted,
        complainant_known=complainant is not None,
        logged_by=actor,
        source=source,
        source_reference=source_reference,
        enquiry=enquiry,
    )
    session.add(complaint)
    if enquiry is not None:
        enquiries.become(session, enquiry, actor=actor)
    logged = ComplaintLogged(channel=channel, received_at=received_at, made_on=made_on)
    record(session, logged, actor=actor, complaint=complaint)
    clocks.start(session, complaint, actor=actor)

    if complainant is not None:
        known = (enquiry and enquiry.person) or complainant_is
        person = _known_or_new(session, complaint, known, complainant, actor=actor)
        _add_party(session, complaint, person, Part.COMPLAINANT, basis, actor=actor)
        if affected is None:
            _add_party(session, complaint, person, Part.PERSON_AFFECTED, "", actor=actor)
    if affected is not None:
        person = _known_or_new(session, complaint, affected_is, affected, actor=actor)
        _add_party(session, complaint, person, Part.PERSON_AFFECTED, "", actor=actor)
    return complaint


def change(
    session: Session, complaint: Complaint, *, actor: Account, drawn_from: int | None = None, **answers: Any
) -> None:
    """Mend what was logged: how and when it reached us, what it says, what is wanted.

    A changed day of receipt moves the clocks that run from it; the old values stay in the record.
    """
    policy.require(actor, Permission.COMPLAINT_CHANGE, complaint)
    complaint.agree(drawn_from)
    if complaint.case and complaint.case.is_frozen:
        raise RuleBroken("The decision on it is being approved or has been. It can no longer be changed.")
    if answers.get("channel", complaint.channel) is not complaint.channel:
        _check_call(answers["channel"], complaint.enquiry)
    received_at = answers.get("received_at", complaint.received_at)
    _check_dates(received_at, answers.get("made_on", complaint.made_on))
    _check_referral(
        answers.get("channel", complaint.channel),
        received_at,
        answers.get("body_received_on", complaint.body_received_on),
    )
    if changes := change_row(complaint, **answers):
        record(session, ComplaintChanged(changes=changes), actor=actor, complaint=complaint)
        clocks.start(session, complaint, actor=actor)


def add_person(
    session: Session,
    complaint: Complaint,
    *,
    actor: Account,
    part: Part,
    basis: str = "",
    person: Person | None = None,
    **particulars: Any,
) -> Party:
    """Say that someone, known already or new, is something in this complaint."""
    policy.require(actor, Permission.COMPLAINT_CHANGE, complaint)
    if person is not None and any(p.person is person and p.part is part for p in complaint.parties):
        raise RuleBroken(f"{person.name} is the {part.label.lower()} here already.", field="part")
    if part is Part.REPRESENTATIVE and not basis:
        raise RuleBroken("Enter by what right they act for the person affected.", field="basis")
    if part is Part.COMPLAINANT:
        complaint.complainant_known = True
    someone = person or people.add(session, Particulars(**particulars))
    return _add_party(session, complaint, someone, part, basis, actor=actor)


def change_person(
    session: Session,
    complaint: Complaint,
    person: Person,
    *,
    actor: Account,
    drawn_from: int | None = None,
    **particulars: Any,
) -> None:
    """Mend what is known of a person in this complaint. It is one record, so it changes everywhere."""
    policy.require(actor, Permission.COMPLAINT_CHANGE, complaint)
    person.agree(drawn_from)
    if changes := people.amend(person, Particulars(**particulars)):
        changed = PersonChanged(person_id=person.id, changes=changes)
        record(session, changed, actor=actor, complaint=complaint)


def acknowledge(session: Session, complaint: Complaint, *, actor: Account, on: date) -> None:
    """Record that the complaint was acknowledged on a day."""
    policy.require(actor, Permission.COMPLAINT_CHANGE, complaint)
    clocks.meet(session, complaint, clocks.ACKNOWLEDGEMENT, on=on, actor=actor)


def close(session: Session, complaint: Complaint, *, actor: Account) -> None:
    """Close a complaint of which nothing was accepted. See `checks.actions`, which asks first whether that holds."""
    workflow.take(session, complaint, workflow.CLOSE, actor=actor)
    clocks.conclude(session, complaint, actor=actor)


def close_as_same(session: Session, complaint: Complaint, *, actor: Account) -> None:
    """Close a complaint that nobody here logged and that is here already. See `doubles.comparing`."""
    workflow.take(session, complaint, workflow.CLOSE_AS_SAME, actor=actor)
    clocks.conclude(session, complaint, actor=actor)


def settle_match(
    session: Session, waiting: OrganisationToMatch, *, actor: Account, organisation: Organisation | None
) -> None:
    """Say which organisation free text meant; None says that it is none of those we know."""
    policy.require(actor, Permission.COMPLAINT_CHANGE, waiting.complaint)
    if waiting.settled_at is not None:
        raise RuleBroken("Somebody has settled this already.")
    waiting.settled_at, waiting.settled_by_id = clock.now(), actor.id
    waiting.organisation_id = organisation.id if organisation else None
    matched = OrganisationMatched(words=waiting.words, code=organisation.known_as if organisation else None)
    record(session, matched, actor=actor, complaint=waiting.complaint)


def _add_party(
    session: Session, complaint: Complaint, person: Person, part: Part, basis: str, *, actor: Account | None
) -> Party:
    party = Party(person=person, part=part, basis=basis)
    complaint.parties.append(party)
    session.flush()
    added = PartyAdded(person_id=person.id, part=part, basis=basis)
    record(session, added, actor=actor, complaint=complaint)
    return party


def _known_or_new(
    session: Session,
    complaint: Complaint,
    known: Person | None,
    particulars: Particulars,
    *,
    actor: Account | None,
) -> Person:
    """Somebody new; or somebody known, with what they say of themselves now. What they leave out stays."""
    if known is None:
        return people.add(session, particulars)
    if changes := people.amend(known, people.said_of(known, particulars)):
        changed = PersonChanged(person_id=known.id, changes=changes)
        record(session, changed, actor=actor, complaint=complaint)
    return known


def _check_dates(received_at: datetime, made_on: date) -> None:
    if received_at > clock.now():
        raise RuleBroken("A complaint cannot be received in the future.", field="received_at")
    if made_on > clock.day_of(received_at):
        raise RuleBroken("It was made in writing by the day it was received, or before.", field="made_on")


def _check_referral(channel: Channel, received_at: datetime, body_received_on: date | None) -> None:
    if channel is Channel.REFERRED and body_received_on is None:
        raise RuleBroken(
            "Enter on which day the organisation had received it: s.10(3) counts from there.",
            field="body_received_on",
        )
    if body_received_on and body_received_on > clock.day_of(received_at):
        raise RuleBroken(
            "The organisation had it before it referred it to us, or on the same day.",
            field="body_received_on",
        )


def _check_call(channel: Channel, enquiry: Enquiry | None) -> None:
    """A call is no complaint before what was written down of it is confirmed in writing: s.9(2) of the 1993 Act."""
    if channel is Channel.TELEPHONE and (enquiry is None or enquiry.confirmed_on is None):
        raise RuleBroken(
            "A call becomes a complaint only in writing (s.9(2) of the Act). Take it as an enquiry, write it"
            " down, record that they confirmed it, and log the complaint from there.",
            field="channel",
        )
