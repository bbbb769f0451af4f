from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, func, or_, select, union_all
from sqlalchemy.orm import Session, joinedload

from app.accounts.models import Account
from app.complaints.models import Complaint
from app.core import clock
from app.core.dialect.asking import exists_for_each
from app.core.errors import NotFound
from app.core.references import read_reference
from app.enquiries.models import OPEN, OVER, WAITING, Enquiry, EnquiryState
from app.people.models import Person
from app.policy import is_closed, visible_complaints, visible_people

#: How many rows one page of the list shows.
PAGE = 25

#: What the list can show, by the word in its address.
SHOWN: dict[str, str] = {
    "open": "All that are open",
    "to-log": "Confirmed, to be logged",
    "waiting": "Waiting for them",
    "returning": "May come back from today",
    "over": "Over",
}


def visible(account: Account) -> Select[Enquiry]:
    """The enquiries this person may know of: not those that became a complaint closed to them.

    Nor those of somebody they may not know of: an enquiry shows who made it.
    """
    became_closed = select(Complaint.id).where(Complaint.enquiry_id == Enquiry.id, is_closed(account))
    person = visible_people(account).where(Person.id == Enquiry.person_id)
    return (
        select(Enquiry)
        .select_from(Enquiry)
        .where(
            ~exists_for_each(Enquiry, became_closed),
            or_(Enquiry.person_id.is_(None), exists_for_each(Enquiry, person)),
        )
    )


def by_reference(session: Session, account: Account, reference: str) -> Enquiry:
    """The enquiry of that reference, if this person may know of it. Raises `NotFound`."""
    found = visible(account).where(Enquiry.reference == read_reference(reference))
    enquiry = session.scalar(found.options(joinedload(Enquiry.person), joinedload(Enquiry.taken_by)))
    if enquiry is None:
        raise NotFound("There is no enquiry under that reference.")
    return enquiry


def became(session: Session, account: Account, enquiry: Enquiry) -> str | None:
    """The reference of the complaint it became, if this person may know of that."""
    mine = visible_complaints(account).where(Complaint.enquiry_id == enquiry.id)
    return session.scalar(mine.with_only_columns(Complaint.reference))


def page(session: Session, account: Account, shown: str, after: int) -> Sequence[Enquiry]:
    """One page of what is shown, the oldest first, after the one of that id; one more if there is."""
    firsts = [
        visible(account).where(meant, Enquiry.id > after).order_by(Enquiry.id).limit(PAGE + 1)
        for meant in _meanings(shown)
    ]
    ids = union_all(*[select(first.with_only_columns(Enquiry.id).subquery()) for first in firsts])
    enquiries = select(Enquiry).where(Enquiry.id.in_(ids))
    enquiries = enquiries.options(joinedload(Enquiry.person), joinedload(Enquiry.taken_by))
    return session.scalars(enquiries.order_by(Enquiry.id).limit(PAGE + 1)).all()


def count(session: Session, account: Account, shown: str) -> int:
    counted = visible(account).where(or_(*_meanings(shown))).with_only_columns(func.count(Enquiry.id))
    return session.scalar(counted) or 0


def earlier_of(session: Session, account: Account, person_key: str) -> Sequence[Enquiry]:
    """What this person asked before and which became no complaint, the newest first; at most ten."""
    mine = visible_people(account).subquery()
    theirs = (
        select(Enquiry)
        .join(mine, mine.c.id == Enquiry.person_id)
        .where(mine.c.key == person_key, Enquiry.state != EnquiryState.COMPLAINT)
    )
    return session.scalars(theirs.order_by(Enquiry.id.desc()).limit(10)).all()


def _meanings(shown: str) -> list[ColumnElement[bool]]:
    """What is shown, in parts that exclude each other: an index has each of them in order."""
    if shown == "returning":
        return [(Enquiry.state == EnquiryState.CLOSED) & (Enquiry.diary_on <= clock.today())]
    states = {"to-log": {EnquiryState.CONFIRMED}, "waiting": WAITING, "over": OVER}
    return [Enquiry.state == state for state in sorted(states.get(shown, OPEN))]
