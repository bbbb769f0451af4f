from __future__ import annotations

from sqlalchemy.orm import Session, joinedload, selectinload

from app.accounts.models import Account
from app.allegations.models import Allegation, Issue
from app.complaints.models import Complaint, Party
from app.core.errors import NotFound
from app.policy import visible_complaints


def gathered(session: Session, account: Account, complaint: Complaint, number: int) -> Allegation:
    """The allegation of that number with what is said of it, and who is in the complaint by which right: in two
    statements, however many there are. Raises `NotFound`.
    """
    parties = joinedload(Complaint.parties).options(joinedload(Party.person), joinedload(Party.bases))
    allegations = selectinload(Complaint.allegations).options(
        joinedload(Allegation.issue), joinedload(Allegation.organisation), joinedload(Allegation.discretions)
    )
    whole = visible_complaints(account).where(Complaint.id == complaint.id).options(parties, allegations)
    session.scalars(whole).unique().one()
    return numbered(complaint, number)


def numbered(complaint: Complaint, number: int) -> Allegation:
    """The allegation of that number in the complaint. Raises `NotFound`."""
    for allegation in complaint.allegations:
        if allegation.number == number:
            return allegation
    raise NotFound("There is no allegation of that number in this complaint.")


def issue_numbered(complaint: Complaint, number: int) -> Issue:
    """The issue of that number in the complaint. Raises `NotFound`."""
    for issue in complaint.issues:
        if issue.number == number:
            return issue
    raise NotFound("There is no issue of that number in this complaint.")
