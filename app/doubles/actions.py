"""What is new is saved only when a named person has said that it is not here already."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app import policy
from app.accounts.models import Account
from app.audit.record import record
from app.casefile import actions as casefile
from app.complaints import actions as complaints
from app.complaints.models import Channel, Complaint, Part, Party
from app.core import clock
from app.core.errors import RuleBroken
from app.doubles import queries
from app.doubles.events import ComplaintCameAgain, DoublesWeighed
from app.doubles.models import Whose
from app.doubles.queries import Candidate, Offer
from app.enquiries import actions as enquiries
from app.enquiries import queries as contacts
from app.enquiries.models import Enquiry
from app.people import actions as people
from app.people.actions import Particulars
from app.people.models import Person
from app.policy import Permission

#: The answer that somebody is none of those offered, and that something is none of those.
NEW, NONE = "new", "none"


@dataclass(frozen=True)
class Weighed:
    """What whoever saves says of those offered: a key or `NEW`, a reference or `NONE`; empty: not said."""

    complainant: str = ""
    affected: str = ""
    same: str = ""
    contact: str = ""


class Undecided(RuleBroken):
    """Something may be here already, and nobody has said whether it is. `asked` are the open questions, by field."""

    def __init__(self, offer: Offer, asked: dict[str, str]) -> None:
        super().__init__(next(iter(asked.values())), field=next(iter(asked)))
        self.offer, self.asked = offer, asked


def log(
    session: Session,
    *,
    actor: Account,
    weighed: Weighed,
    complainant: Particulars | None,
    affected: Particulars | None = None,
    enquiry: Enquiry | None = None,
    **answers: Any,
) -> Complaint:
    """Log a complaint of somebody new or known; or note that one which is here came again, and return that.

    Raises `Undecided`, before anything is changed, where somebody or something may be here already.
    """
    policy.require(actor, Permission.COMPLAINT_LOG)
    sender = None if enquiry and enquiry.person else complainant
    found = queries.offer(
        session, actor, complainant=sender, affected=affected, narrative=answers["narrative"]
    )
    if asked := dict(_open_questions(found, weighed, began=enquiry is not None)):
        raise Undecided(found, asked)
    if weighed.same not in {"", NONE}:
        return came_again(
            session, weighed.same, actor=actor, complainant=complainant, affected=affected, **answers
        )
    if enquiry is None and weighed.contact not in {"", NONE}:
        enquiry = contacts.by_reference(session, actor, weighed.contact)
        _check_whose(enquiry, weighed)
    sender_is = _chosen(session, found.complainant, weighed.complainant)
    affected_is = _chosen(session, found.affected, weighed.affected)
    complaint = complaints.log(
        session,
        actor=actor,
        complainant=_as_known(sender_is, complainant),
        affected=_as_known(affected_is, affected),
        complainant_is=sender_is,
        affected_is=affected_is,
        enquiry=enquiry,
        **answers,
    )
    tell_weighed(session, Whose.COMPLAINANT, found.complainant, weighed.complainant, actor, complaint)
    tell_weighed(session, Whose.AFFECTED, found.affected, weighed.affected, actor, complaint)
    return complaint


def take(
    session: Session,
    *,
    actor: Account,
    weighed: Weighed,
    person: Person | None = None,
    particulars: Particulars | None = None,
    **answers: Any,
) -> Enquiry:
    """Write down a contact of somebody new or known. Raises `Undecided` where they may be known."""
    policy.require(actor, Permission.ENQUIRY_TAKE)
    asked_of = particulars if person is None else None
    found = queries.offer(session, actor, complainant=asked_of)
    if found.complainant and not is_among(weighed.complainant, found.complainant):
        raise Undecided(Offer(found.complainant), {"complainant_is": WHO_IS_IT})
    chosen = _chosen(session, found.complainant, weighed.complainant)
    said = _as_known(chosen, particulars)
    enquiry = enquiries.take(session, actor=actor, person=person or chosen, particulars=said, **answers)
    tell_weighed(session, Whose.CALLER, found.complainant, weighed.complainant, actor)
    return enquiry


def add_person(
    session: Session,
    complaint: Complaint,
    *,
    actor: Account,
    weighed: Weighed,
    part: Part,
    basis: str = "",
    **particulars: Any,
) -> Party:
    """Say that somebody new or known is something in a complaint. Raises `Undecided` where they may be known."""
    policy.require(actor, Permission.COMPLAINT_CHANGE, complaint)
    found = queries.offer(session, actor, complainant=Particulars(particulars))
    if found.complainant and not is_among(weighed.complainant, found.complainant):
        raise Undecided(Offer(found.complainant), {"complainant_is": WHO_IS_IT})
    known = _chosen(session, found.complainant, weighed.complainant)
    if known is not None:
        said = people.said_of(known, _as_known(known, particulars) or {})
        complaints.change_person(session, complaint, known, actor=actor, **said)
    party = complaints.add_person(
        session, complaint, actor=actor, part=part, basis=basis, person=known, **particulars
    )
    tell_weighed(session, Whose.ADDED, found.complainant, weighed.complainant, actor, complaint)
    return party


WHO_IS_IT = "Select who it is: somebody we know, or a new person."
WHO_IS_AFFECTED = "Select who the person affected is: somebody we know, or a new person."
IS_IT_THE_SAME = "Select whether this is a complaint that we have already."
DID_IT_BEGIN = "Select whether it began with one of these enquiries."


def _open_questions(found: Offer, weighed: Weighed, *, began: bool) -> Iterator[tuple[str, str]]:
    """The fields that still have to be answered, with what to do. `began`: it is known to have been an enquiry."""
    is_said_before = any(one.is_same_text for one in found.same)
    may_have_begun = not began and weighed.same in {"", NONE}
    theirs = any(one.is_same_text or one.person_key == weighed.complainant != "" for one in found.contacts)
    questions = (
        ("complainant_is", WHO_IS_IT, found.complainant, is_among(weighed.complainant, found.complainant)),
        ("affected_is", WHO_IS_AFFECTED, found.affected, is_among(weighed.affected, found.affected)),
        ("same_as", IS_IT_THE_SAME, is_said_before or weighed.same, is_named(weighed.same, found.same)),
        (
            "contact_is",
            DID_IT_BEGIN,
            may_have_begun and (theirs or weighed.contact),
            is_named(weighed.contact, found.contacts),
        ),
    )
    return (
        (field, sentence)
        for field, sentence, is_asked, is_answered in questions
        if is_asked and not is_answered
    )


def is_among(key: str, candidates: Sequence[Candidate]) -> bool:
    return key == NEW or any(one.key == key for one in candidates)


def is_named(reference: str, earlier: Sequence[queries.Earlier]) -> bool:
    return reference == NONE or any(one.reference == reference for one in earlier)


def _chosen(session: Session, offered: Sequence[Candidate], key: str) -> Person | None:
    """Whoever was chosen of those offered; a key that was not offered chooses nobody."""
    return next((session.get_one(Person, one.id) for one in offered if one.key == key), None)


def _as_known(person: Person | None, said: Particulars | None) -> Particulars | None:
    """What was said of somebody, under the name of the record that was chosen: only on purpose is that changed."""
    return said if person is None or said is None else Particulars(said | {"name": person.name})


def _check_whose(enquiry: Enquiry, weighed: Weighed) -> None:
    if enquiry.person is not None and enquiry.person.key != weighed.complainant:
        raise RuleBroken(
            f"That enquiry was made by {enquiry.person.name}. Select their record as the complainant’s, or"
            " that it began with none of these.",
            field="contact_is",
        )


def tell_weighed(
    session: Session,
    whose: Whose,
    offered: Sequence[Candidate],
    key: str,
    actor: Account,
    complaint: Complaint | None = None,
) -> None:
    """Keep who was offered, for which reasons, and who was chosen."""
    if not offered:
        return
    reasons = {f"{one.id}": list(one.reasons) for one in offered}
    chosen = next((one.id for one in offered if one.key == key), None)
    told = DoublesWeighed(whose=whose, offered=reasons, chosen=chosen)
    record(session, told, actor=actor, complaint=complaint)


def came_again(
    session: Session,
    reference: str,
    *,
    actor: Account,
    complainant: Particulars | None,
    affected: Particulars | None,
    channel: Channel,
    received_at: datetime,
    narrative: str,
    wanted: str = "",
    basis: str = "",
    logged_as: str = "",
    **_rest: Any,
) -> Complaint:
    """Note at a complaint that it came again, with what it says now. Nothing of what was typed is lost.

    `logged_as` is the reference of what had been logged before anybody saw that it is this one.
    """
    complaint = policy.access_complaint(session, actor, reference, Permission.COMPLAINT_VIEW)
    day = clock.day_of(received_at)
    said = [
        f"This came again ({channel.label}), received on {day.day} {day:%B %Y}.",
        *([f"It had been logged as {logged_as}, which is closed."] if logged_as else []),
        *(f"{value}" for value in (complainant or {}).values() if value),
        *([f"About: {', '.join(f'{value}' for value in affected.values() if value)}"] if affected else []),
        *([f"By what right: {basis}"] if basis else []),
        "The text is the same." if narrative == complaint.narrative else narrative,
        *([wanted] if wanted and wanted != complaint.wanted else []),
    ]
    note = casefile.write_note(session, complaint, actor=actor, words="\n\n".join(said))
    told = ComplaintCameAgain(channel=channel, received_on=day.isoformat(), note=note.number)
    record(session, told, actor=actor, complaint=complaint)
    return complaint
