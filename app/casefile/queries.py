from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session, joinedload

from app.accounts.models import Account
from app.audit.models import Access, AccessEntry
from app.casefile.models import Link, Note, OpeningReason, Proceeding
from app.complaints.models import Complaint
from app.core.errors import NotFound
from app.policy import visible_complaints

#: How many rows a page shows, and how many notes the page of a case begins with.
PAGE, LATEST = 25, 3
#: How many links, proceedings and openings with a reason one page tells of.
MOST = 100
#: What the access log keeps of a complaint that says somebody was in it.
WAS_IN = (Access.OPENED, Access.DOWNLOADED, Access.SENT, Access.REFUSED)


@dataclass(frozen=True)
class Linked:
    """A link as one of its two complaints sees it."""

    link: Link
    other: Complaint
    says: str


@dataclass(frozen=True)
class Opening:
    """That somebody was in a complaint, and why, where that was asked."""

    entry: AccessEntry
    name: str
    reason: OpeningReason | None


def notes(session: Session, complaint: Complaint, *, before: int = 0, size: int = PAGE) -> Sequence[Note]:
    """The notes beside a complaint, the newest first: `size`, and one more if there is. 0 is from the last."""
    found = select(Note).where(Note.complaint_id == complaint.id)
    if before:
        found = found.where(Note.number < before)
    found = found.options(*map(joinedload, (Note.author, Note.struck_by, Note.corrects)))
    return session.scalars(found.order_by(Note.number.desc()).limit(size + 1)).all()


def note_numbered(session: Session, complaint: Complaint, number: int) -> Note:
    """The note of that number beside the complaint. Raises `NotFound`."""
    wanted = Note.complaint_id == complaint.id, Note.number == number
    if note := session.scalar(select(Note).where(*wanted)):
        return note
    raise NotFound("There is no note of that number here.")


def links(session: Session, account: Account, complaint: Complaint) -> Sequence[Linked]:
    """The links of a complaint from both ends, the newest first, without those to what is closed to this person."""
    found = (
        select(Link)
        .where(
            or_(
                and_(Link.complaint_id == complaint.id, _known(account, Link.other_id)),
                and_(Link.other_id == complaint.id, _known(account, Link.complaint_id)),
            )
        )
        .options(
            joinedload(Link.complaint).joinedload(Complaint.case),
            joinedload(Link.other).joinedload(Complaint.case),
        )
    )
    rows = session.scalars(found.order_by(Link.id.desc()).limit(MOST)).unique().all()
    return [Linked(row, row.across_from(complaint), row.said_from(complaint)) for row in rows]


def link_numbered(session: Session, account: Account, complaint: Complaint, number: int) -> Link:
    """The link made from the complaint under that number, if this person may know of its other end."""
    for linked in links(session, account, complaint):
        if linked.link.complaint_id == complaint.id and linked.link.number == number:
            return linked.link
    raise NotFound("There is no link of that number here.")


def proceedings(session: Session, complaint: Complaint) -> Sequence[Proceeding]:
    """The proceedings elsewhere, the newest first."""
    found = select(Proceeding).where(Proceeding.complaint_id == complaint.id)
    return session.scalars(found.order_by(Proceeding.number.desc()).limit(MOST)).all()


def proceeding_numbered(session: Session, complaint: Complaint, number: int) -> Proceeding:
    """The proceeding of that number. Raises `NotFound`."""
    wanted = Proceeding.complaint_id == complaint.id, Proceeding.number == number
    if proceeding := session.scalar(select(Proceeding).where(*wanted)):
        return proceeding
    raise NotFound("There is no proceeding of that number here.")


def running(session: Session, complaint: Complaint) -> Mapping[int, str]:
    """The proceedings that have not ended, by number: those a case can be stayed because of."""
    return {one.number: one.called for one in proceedings(session, complaint) if one.ended_on is None}


def openings(session: Session, complaint: Complaint, *, before: int = 0) -> Sequence[Opening]:
    """Who was in a complaint, the latest first: a page, and one more if there is; from before an entry's id.

    What was noted before the log kept references is found where the page was about nothing else.
    """
    here = or_(
        AccessEntry.reference == complaint.reference,
        and_(AccessEntry.reference.is_(None), AccessEntry.subject == complaint.reference),
    )
    found = select(AccessEntry, Account.name).outerjoin(Account, Account.id == AccessEntry.account_id)
    found = found.where(here, AccessEntry.kind.in_(WAS_IN))
    if before:
        found = found.where(AccessEntry.id < before)
    rows = session.execute(found.order_by(AccessEntry.id.desc()).limit(PAGE + 1)).all()
    sessions = {entry.session_id for entry, _name in rows if entry.session_id}
    said = select(OpeningReason).where(
        OpeningReason.complaint_id == complaint.id, OpeningReason.session_id.in_(sessions)
    )
    reasons = {reason.session_id: reason for reason in session.scalars(said)}
    return [
        Opening(entry, name or "Nobody signed in", reasons.get(entry.session_id or 0)) for entry, name in rows
    ]


def _known(account: Account, complaint_id: Any) -> ColumnElement[bool]:
    """That the complaint of that id is one this person may know of."""
    return visible_complaints(account).where(Complaint.id == complaint_id).correlate(Link).exists()
