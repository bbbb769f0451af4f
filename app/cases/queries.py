from __future__ import annotations

from sqlalchemy.orm import Session, joinedload, selectinload

from app.accounts.models import Account
from app.allegations.models import Allegation
from app.cases.models import Case
from app.complaints.models import Complaint, Party
from app.decisions.models import ProvisionalViews
from app.duties.models import Absence
from app.findings.models import Finding
from app.policy import visible_cases


def duplicated(session: Session, account: Account, case: Case) -> str | None:
    """The reference of the case this one was a duplicate of, if this person may know of that one."""
    if case.duplicate_of_id is None:
        return None
    other = visible_cases(account).where(Case.id == case.duplicate_of_id)
    return session.scalar(other.with_only_columns(Complaint.reference))


def gather(session: Session, account: Account, case: Case) -> Case:
    """The case with all that its page tells of, in as many statements for fifty allegations as for one."""
    findings = joinedload(Allegation.finding).options(
        joinedload(Finding.standards), selectinload(Finding.rests_on)
    )
    allegations = selectinload(Complaint.allegations).options(
        joinedload(Allegation.issue),
        joinedload(Allegation.organisation),
        selectinload(Allegation.checks),
        selectinload(Allegation.codings),
        findings,
    )
    of_the_complaint = joinedload(Case.complaint).options(
        allegations,
        joinedload(Complaint.deadlines),
        joinedload(Complaint.parties).joinedload(Party.person),
    )
    whole = visible_cases(account).where(Case.id == case.id)
    whole = whole.options(
        of_the_complaint,
        joinedload(Case.owner).joinedload(Account.absences).joinedload(Absence.cover),
        selectinload(Case.recommendations),
        selectinload(Case.provisional_views).joinedload(ProvisionalViews.comments),
    )
    return session.scalars(whole).unique().one()
