"""A complaint that nobody here logged, from the form for the public or a file, is compared with what is here.

By a named person, once, while it is being checked: the same questions as before one is logged.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy.orm import Session

from app import policy
from app.accounts.models import Account
from app.audit.record import record
from app.complaints import actions as complaints
from app.complaints.models import Complaint, ComplaintState, Part
from app.core.errors import RuleBroken
from app.doubles import merging, queries
from app.doubles.actions import (
    IS_IT_THE_SAME,
    NONE,
    WHO_IS_AFFECTED,
    WHO_IS_IT,
    Undecided,
    Weighed,
    came_again,
    is_among,
    is_named,
    tell_weighed,
)
from app.doubles.events import DoublesWeighed
from app.doubles.models import Whose
from app.doubles.queries import Candidate, Offer
from app.people.actions import Particulars
from app.people.models import Person
from app.policy import Permission

#: What of somebody is written into a note that their complaint came again.
SAID = ("name", "email", "telephone", "address", "nhs_number")


def is_open(complaint: Complaint) -> bool:
    """Whether it still has to be compared."""
    return complaint.is_to_compare and complaint.state is ComplaintState.INITIAL_CHECK


def offered(session: Session, account: Account, complaint: Complaint) -> Offer:
    """What may be here already of a complaint that is: the same as is offered of one that is being logged.

    But for the complaint itself, who is in it, and enquiries.
    """
    sender, affected = _people(complaint)
    senders = _likely(session, account, complaint, sender)
    said = queries.said_before(session, account, complaint.narrative)
    before = [*said, *(one.last for one in senders if one.last)]
    others = [one for one in before if one.is_complaint and one.reference != complaint.reference]
    return Offer(
        complainant=senders,
        affected=_likely(session, account, complaint, affected),
        same=queries.each_once(others),
    )


def weigh(session: Session, complaint: Complaint, *, actor: Account, weighed: Weighed) -> Complaint:
    """Keep what somebody says of what is offered, and give the complaint that it is from now on.

    Somebody known becomes whom the complaint is of: their record stays, under the name it has, with what
    they say of themselves now; it can be undone as any joining. One that is here already is noted there,
    and this one is closed. Raises `Undecided` before anything is changed, or `RuleBroken`.
    """
    policy.require(actor, Permission.COMPLAINT_CHANGE, complaint)
    if not is_open(complaint):
        raise RuleBroken("This complaint has been compared already, or its initial check is over.")
    found = offered(session, actor, complaint)
    if asked := dict(_open_questions(found, weighed)):
        raise Undecided(found, asked)
    sender, affected = _people(complaint)
    same = _same(session, complaint, weighed, actor)
    _tell_complaint(session, complaint, found, same, actor)
    tell_weighed(session, Whose.COMPLAINANT, found.complainant, weighed.complainant, actor, complaint)
    tell_weighed(session, Whose.AFFECTED, found.affected, weighed.affected, actor, complaint)
    if same is not None:
        complaints.close_as_same(session, complaint, actor=actor)
    complaint.is_to_compare = False
    _join(session, complaint, sender, found.complainant, weighed.complainant, actor)
    _join(session, complaint, affected, found.affected, weighed.affected, actor)
    return same or complaint


def _people(complaint: Complaint) -> tuple[Person | None, Person | None]:
    """The complainant, and the person affected if that is somebody else; each the first of several."""
    sender = next(iter(complaint.people_as(Part.COMPLAINANT)), None)
    affected = next(iter(complaint.people_as(Part.PERSON_AFFECTED)), None)
    return sender, None if affected is sender else affected


def _likely(
    session: Session, account: Account, complaint: Complaint, person: Person | None
) -> tuple[Candidate, ...]:
    if person is None:
        return ()
    inside = {party.person_id for party in complaint.parties}
    return tuple(one for one in queries.doubles_of(session, account, person) if one.id not in inside)


def _open_questions(found: Offer, weighed: Weighed) -> Iterator[tuple[str, str]]:
    """The fields that still have to be answered. Of one that came again, nobody has to say who sent it."""
    if found.same and not is_named(weighed.same, found.same):
        yield "same_as", IS_IT_THE_SAME
    must = weighed.same in {"", NONE}
    for field, sentence, candidates, key in (
        ("complainant_is", WHO_IS_IT, found.complainant, weighed.complainant),
        ("affected_is", WHO_IS_AFFECTED, found.affected, weighed.affected),
    ):
        if candidates and (must or key) and not is_among(key, candidates):
            yield field, sentence


def _same(session: Session, complaint: Complaint, weighed: Weighed, actor: Account) -> Complaint | None:
    """The complaint that this one is, noted there that it came again; None if it is one of its own."""
    if weighed.same in {"", NONE}:
        return None
    sender, affected = _people(complaint)
    other = policy.access_complaint(session, actor, weighed.same, Permission.COMPLAINT_VIEW)
    if other.state is ComplaintState.CLOSED or (other.case and not other.case.is_open):
        raise RuleBroken(
            f"{other.reference} is closed: nobody would look into this there. Select that this is a complaint"
            " of its own.",
            field="same_as",
        )
    if complaint.is_restricted and not other.is_restricted:
        raise RuleBroken(
            f"This complaint is only for those who are named, and {other.reference} is not: what it says"
            " would be read there by everybody.",
            field="same_as",
        )
    return came_again(
        session,
        weighed.same,
        actor=actor,
        complainant=_said_of(sender),
        affected=_said_of(affected),
        channel=complaint.channel,
        received_at=complaint.received_at,
        narrative=complaint.narrative,
        wanted=complaint.wanted,
        basis=next((party.basis for party in complaint.parties if party.basis), ""),
        logged_as=complaint.reference,
    )


def _said_of(person: Person | None) -> Particulars | None:
    return Particulars({name: getattr(person, name) for name in SAID}) if person else None


def _tell_complaint(
    session: Session, complaint: Complaint, found: Offer, same: Complaint | None, actor: Account
) -> None:
    """Keep which complaints were offered; also that there were none, as somebody looked."""
    offered = {one.reference: ["same_text"] if one.is_same_text else [] for one in found.same}
    told = DoublesWeighed(whose=Whose.COMPLAINT, offered=offered, chosen=same.id if same else None)
    record(session, told, actor=actor, complaint=complaint)


def _join(
    session: Session,
    complaint: Complaint,
    person: Person | None,
    candidates: Sequence[Candidate],
    key: str,
    actor: Account,
) -> None:
    """Let a new record be one with the known one that was chosen; nobody chosen is somebody new."""
    chosen = next((one for one in candidates if one.key == key), None)
    if person is None or chosen is None:
        return
    session.flush()
    known = session.get_one(Person, chosen.id)
    why = ". ".join(reason.label for reason in chosen.reasons)
    newest = dict.fromkeys(merging.FIELDS, merging.OTHER) | {"name": merging.THIS}
    reasons = f"{why}. Compared when {complaint.reference} came."
    merging.merge(session, known, person, actor=actor, reasons=reasons, choices=newest)
