from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.accounts.models import Account
from app.allegations.models import Allegation, Issue
from app.complaints.models import Complaint, OrganisationToMatch, Party
from app.policy import visible_complaints

#: How many rows one page of a list shows.
PAGE = 25


def waiting_for_a_match(
    session: Session, account: Account, after: int, size: int = PAGE
) -> Sequence[OrganisationToMatch]:
    """Organisations named in free text that nobody has matched, oldest first, from the one after `after`.

    `size` of them, and one more if there is.
    """
    waiting = unmatched(account).with_only_columns(OrganisationToMatch).where(OrganisationToMatch.id > after)
    waiting = waiting.options(joinedload(OrganisationToMatch.complaint))
    return session.scalars(waiting.order_by(OrganisationToMatch.id).limit(size + 1)).all()


def count_waiting_for_a_match(session: Session, account: Account) -> int:
    waiting = unmatched(account).with_only_columns(OrganisationToMatch.id).subquery()
    return session.scalar(select(func.count()).select_from(waiting)) or 0


def unmatched(account: Account) -> Select[Any]:
    """The complaints this person may know of, each with what was named in it and nobody has matched."""
    return (
        visible_complaints(account).join(Complaint.to_match).where(OrganisationToMatch.settled_at.is_(None))
    )


def gather(session: Session, account: Account, complaint: Complaint) -> Complaint:
    """The complaint with all that its page tells of, in as many statements for fifty allegations as for one."""
    issues = selectinload(Complaint.issues).selectinload(Issue.allegations)
    whole = visible_complaints(account).where(Complaint.id == complaint.id)
    whole = whole.options(
        issues.options(
            joinedload(Allegation.organisation),
            selectinload(Allegation.checks),
            selectinload(Allegation.codings),
        ),
        joinedload(Complaint.deadlines),
        joinedload(Complaint.parties).joinedload(Party.person),
        selectinload(Complaint.to_match),
    )
    return session.scalars(whole).unique().one()
