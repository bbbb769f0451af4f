from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.accounts.models import Account
from app.allegations.models import Allegation, Issue
from app.complaints.models import Complaint, OrganisationToMatch, Party
from app.core.dialect import exists_for_each
from app.policy import visible_complaints

#: How many rows one page of a list shows.
PAGE = 25


def waiting_for_a_match(
    session: Session, account: Account, after: int, size: int = PAGE
) -> Sequence[OrganisationToMatch]:
    """Organisations named in free text that nobody has matched, oldest first, from the one after `after`.

    `size` of them, and one more if there is.
    """
    waiting = (
        select(OrganisationToMatch)
        .where(
            OrganisationToMatch.settled_at.is_(None),
            _known_to(account),
            OrganisationToMatch.id > after,
        )
        .options(joinedload(OrganisationToMatch.complaint))
    )
    return session.scalars(waiting.order_by(OrganisationToMatch.id).limit(size + 1)).all()


def count_waiting_for_a_match(session: Session, account: Account) -> int:
    waiting = select(func.count()).select_from(OrganisationToMatch)
    return session.scalar(waiting.where(OrganisationToMatch.settled_at.is_(None), _known_to(account))) or 0


def _known_to(account: Account) -> ColumnElement[bool]:
    """That the complaint in which it stands is one this person may know of."""
    its = visible_complaints(account).where(Complaint.id == OrganisationToMatch.complaint_id)
    return exists_for_each(OrganisationToMatch, its)


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
