from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.accounts.models import Account
from app.allegations.models import Allegation
from app.complaints.models import Complaint, ComplaintState, OrganisationToMatch, Party
from app.policy import visible_complaints

#: How many rows one page of a list shows.
PAGE = 25


def in_state(
    session: Session, account: Account, state: ComplaintState | None, page: int
) -> Sequence[Complaint]:
    """One page of complaints, newest first, and one more if there is another page."""
    complaints = visible_complaints(account).options(
        selectinload(Complaint.parties).joinedload(Party.person),
        selectinload(Complaint.allegations).joinedload(Allegation.organisation),
    )
    if state is not None:
        complaints = complaints.where(Complaint.state == state)
    newest = complaints.order_by(Complaint.received_at.desc(), Complaint.id.desc())
    return session.scalars(newest.offset((page - 1) * PAGE).limit(PAGE + 1)).all()


def waiting_for_a_match(session: Session, account: Account, page: int) -> Sequence[OrganisationToMatch]:
    """Organisations named in free text that nobody has matched, oldest first, and one more if there is."""
    mine = visible_complaints(account).with_only_columns(Complaint.id)
    waiting = (
        select(OrganisationToMatch)
        .where(OrganisationToMatch.settled_at.is_(None), OrganisationToMatch.complaint_id.in_(mine))
        .options(joinedload(OrganisationToMatch.complaint))
    )
    oldest = waiting.order_by(OrganisationToMatch.id)
    return session.scalars(oldest.offset((page - 1) * PAGE).limit(PAGE + 1)).all()


def count_waiting_for_a_match(session: Session) -> int:
    waiting = select(func.count()).select_from(OrganisationToMatch)
    return session.scalar(waiting.where(OrganisationToMatch.settled_at.is_(None))) or 0
