"""People in a complaint who disagree about it: recorded, decided by a named person, and over one day."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app import policy
from app.accounts.models import Account
from app.audit.changes import change as change_row
from app.audit.record import record
from app.complaints.models import Complaint, Part
from app.consents.events import DisagreementDecided, DisagreementEnded, DisagreementRecorded
from app.consents.models import Disagreement, Sees
from app.core import clock
from app.core.errors import RuleBroken
from app.notices.actions import tell_whoever_may
from app.notices.models import NoticeKind
from app.people.models import Person
from app.policy import Permission


def record_disagreement(
    session: Session, complaint: Complaint, *, actor: Account, one: Person, other: Person, about: str
) -> Disagreement:
    """Record that two people in a complaint disagree about it. Until it is decided, nothing is held back."""
    policy.require(actor, Permission.DISAGREEMENT_RECORD, complaint)
    there = {party.person_id for party in complaint.parties}
    for field, person in (("one", one), ("other", other)):
        if person.id not in there:
            raise RuleBroken("Select somebody who is in this complaint.", field=field)
    if one is other:
        raise RuleBroken("Select two people.", field="other")
    standing = (each for each in complaint.disagreements if each.ended_at is None)
    if any({each.one_id, each.other_id} == {one.id, other.id} for each in standing):
        raise RuleBroken("It is recorded already that these two disagree.", field="other")
    number = len(complaint.disagreements) + 1
    made = Disagreement(number=number, one=one, other=other, about=about, recorded_by=actor)
    complaint.disagreements.append(made)
    told = DisagreementRecorded(disagreement=number, one=one.key, other=other.key, about=about)
    record(session, told, actor=actor, complaint=complaint)
    tell_whoever_may(
        session,
        Permission.DISAGREEMENT_DECIDE,
        NoticeKind.DISAGREEMENT,
        actor=actor,
        complaint=complaint,
        record=complaint,
    )
    return made


def decide(
    session: Session,
    disagreement: Disagreement,
    *,
    actor: Account,
    drawn_from: int | None = None,
    dealt_with: Person | None,
    one_sees: Sees,
    other_sees: Sees,
    reasons: str,
) -> None:
    """Decide with whom we deal, and what each of the two is sent; None is with both, each by themselves.

    A complainant is sent decisions and their reasons whatever is decided: s.14 of the 1993 Act.
    """
    complaint = disagreement.complaint
    policy.require(actor, Permission.DISAGREEMENT_DECIDE, complaint)
    disagreement.agree(drawn_from)
    if disagreement.ended_at is not None:
        raise RuleBroken("This disagreement is over.")
    if dealt_with not in {None, disagreement.one, disagreement.other}:
        raise RuleBroken("Select one of the two, or both.", field="dealt_with")
    complainants = complaint.people_as(Part.COMPLAINANT)
    for field, person, sees in (
        ("one_sees", disagreement.one, one_sees),
        ("other_sees", disagreement.other, other_sees),
    ):
        if sees is Sees.NOTHING and person in complainants:
            raise RuleBroken(
                f"{person.name} is the complainant: the law gives them the reasons of every decision (s.14).",
                field=field,
            )
        if sees is Sees.NOTHING and person is dealt_with:
            raise RuleBroken("Whoever we deal with has to be sent something.", field=field)
    changes = change_row(
        disagreement,
        dealt_with_id=dealt_with.id if dealt_with else None,
        one_sees=one_sees,
        other_sees=other_sees,
        reasons=reasons,
    )
    disagreement.decided_at, disagreement.decided_by = clock.now(), actor
    told = DisagreementDecided(
        disagreement=disagreement.number,
        dealt_with=dealt_with.key if dealt_with else None,
        reasons=reasons,
        changes=changes,
    )
    record(session, told, actor=actor, complaint=complaint)


def end(session: Session, disagreement: Disagreement, *, actor: Account, reasons: str) -> None:
    """Record that a disagreement is over. From now on each is sent what they would be sent without it."""
    policy.require(actor, Permission.DISAGREEMENT_DECIDE, disagreement.complaint)
    if disagreement.ended_at is not None:
        raise RuleBroken("This disagreement is over already.")
    disagreement.ended_at, disagreement.ended_by, disagreement.ended_because = clock.now(), actor, reasons
    told = DisagreementEnded(disagreement=disagreement.number, because=reasons)
    record(session, told, actor=actor, complaint=disagreement.complaint)
