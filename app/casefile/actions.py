"""Notes and links. Neither is ever changed or removed: what was wrong is struck out or ended, with the reason."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import policy
from app.accounts.models import Account
from app.audit.record import record
from app.casefile.events import ComplaintsLinked, LinkEnded, NoteStruck, NoteWritten
from app.casefile.models import Link, LinkKind, Note
from app.complaints.models import Complaint
from app.core import clock
from app.core.errors import RuleBroken
from app.policy import Permission


def write_note(
    session: Session, complaint: Complaint, *, actor: Account, words: str, corrects: Note | None = None
) -> Note:
    """Write a note, or one that corrects or follows up an earlier one. Both stay."""
    policy.require(actor, Permission.NOTE_WRITE, complaint)
    if corrects is not None and corrects.complaint_id != complaint.id:
        raise RuleBroken("The note that is corrected is not one of this complaint.")
    number = next_number(session, Note, complaint)
    note = Note(complaint=complaint, number=number, words=words, corrects=corrects, author=actor)
    session.add(note)
    told = NoteWritten(note=number, words=words, corrects=corrects.number if corrects else None)
    record(session, told, actor=actor, complaint=complaint)
    return note


def strike_note(session: Session, note: Note, *, actor: Account, reasons: str) -> None:
    """Strike a note out. Its words can still be read, with the reason."""
    policy.require(actor, Permission.NOTE_STRIKE, note)
    if note.is_struck:
        raise RuleBroken("This note has been struck out already.")
    note.struck_at, note.struck_by, note.struck_because = clock.now(), actor, reasons
    record(session, NoteStruck(note=note.number, because=reasons), actor=actor, complaint=note.complaint)


def link(
    session: Session, complaint: Complaint, *, actor: Account, to: Complaint, kind: LinkKind, words: str = ""
) -> Link:
    """Say what two complaints have to do with each other. The caller has found both for the actor."""
    policy.require(actor, Permission.COMPLAINT_LINK, complaint)
    policy.require(actor, Permission.COMPLAINT_LINK, to)
    if to is complaint:
        raise RuleBroken("A complaint cannot be linked to itself.", field="to")
    pair = {complaint.id, to.id}
    same = select(Link.id).where(
        Link.kind == kind, Link.ended_at.is_(None), Link.complaint_id.in_(pair), Link.other_id.in_(pair)
    )
    if session.scalar(same.limit(1)):
        raise RuleBroken("These two are linked in that way already.", field="kind")
    number = next_number(session, Link, complaint)
    made = Link(complaint=complaint, number=number, other=to, kind=kind, words=words, made_by=actor)
    session.add(made)
    for side in (complaint, to):
        told = ComplaintsLinked(
            link=number,
            kind=kind,
            says=made.said_from(side),
            other=made.across_from(side).reference,
            words=words,
        )
        record(session, told, actor=actor, complaint=side)
    return made


def end_link(session: Session, ended: Link, *, actor: Account, reasons: str) -> None:
    """End a link, from either side. It stays in the file with the reason."""
    policy.require(actor, Permission.COMPLAINT_LINK, ended.complaint)
    if ended.ended_at is not None:
        raise RuleBroken("This link has been ended already.")
    ended.ended_at, ended.ended_by_id, ended.ended_because = clock.now(), actor.id, reasons
    for side in (ended.complaint, ended.other):
        told = LinkEnded(
            link=ended.number,
            says=ended.said_from(side),
            other=ended.across_from(side).reference,
            because=reasons,
        )
        record(session, told, actor=actor, complaint=side)


def next_number(session: Session, kind: Any, complaint: Complaint) -> int:
    """The next number of such rows in a complaint; of two at once, the database refuses the second."""
    last = select(func.max(kind.number)).where(kind.complaint_id == complaint.id)
    return (session.scalar(last) or 0) + 1
