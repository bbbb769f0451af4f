"""Questions about cases. Reading only; every function takes whose question it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, and_, exists, select
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from app.accounts.models import Account
from app.allegations.models import Allegation
from app.cases.models import Case, CaseStage
from app.complaints.models import Complaint, ComplaintState, Deadline, Party
from app.policy import visible_cases, visible_complaints

PAGE = 25
#: How many rows each part of “my work” shows.
SHORT = 10


@dataclass(frozen=True)
class MyWork:
    """What waits: each part at most `SHORT` rows, and one more if there are others."""

    mine: Sequence[Case]
    unallocated: Sequence[Case]
    to_approve: Sequence[Case]
    to_check: Sequence[Complaint]
    overdue: Sequence[Deadline]


def my_work(session: Session, account: Account, day: date) -> MyWork:
    """What this person has, what nobody has, and what is late in the office."""
    open_cases = visible_cases(account).where(Case.stage != CaseStage.CLOSED)
    return MyWork(
        mine=_short(session, open_cases.where(Case.owner_id == account.id)),
        unallocated=_short(session, open_cases.where(Case.owner_id.is_(None))),
        to_approve=_short(session, open_cases.where(Case.stage == CaseStage.APPROVAL)),
        to_check=_to_check(session, account),
        overdue=_overdue(session, account, day),
    )


def in_stage(session: Session, account: Account, stage: CaseStage | None, page: int) -> Sequence[Case]:
    """One page of cases, the earliest received first, and one more if there is another page."""
    cases = visible_cases(account)
    if stage is not None:
        cases = cases.where(Case.stage == stage)
    return session.scalars(_shown(cases).offset((page - 1) * PAGE).limit(PAGE + 1)).unique().all()


def _shown(cases: Select[Case]) -> Select[Case]:
    """Cases with everything a row of a list says, whatever the number of rows."""
    return cases.options(
        contains_eager(Case.complaint).selectinload(Complaint.parties).joinedload(Party.person),
        contains_eager(Case.complaint).selectinload(Complaint.deadlines),
        contains_eager(Case.complaint)
        .selectinload(Complaint.allegations)
        .options(joinedload(Allegation.organisation), selectinload(Allegation.checks)),
        joinedload(Case.owner),
        selectinload(Case.recommendations),
    ).order_by(Complaint.received_at, Case.id)


def _short(session: Session, cases: Select[Case]) -> Sequence[Case]:
    return session.scalars(_shown(cases).limit(SHORT + 1)).unique().all()


def _to_check(session: Session, account: Account) -> Sequence[Complaint]:
    waiting = visible_complaints(account).where(Complaint.state == ComplaintState.INITIAL_CHECK)
    waiting = waiting.options(
        selectinload(Complaint.parties).joinedload(Party.person), selectinload(Complaint.deadlines)
    )
    return session.scalars(waiting.order_by(Complaint.received_at, Complaint.id).limit(SHORT + 1)).all()


def _overdue(session: Session, account: Account, day: date) -> Sequence[Deadline]:
    """Deadlines past their day of complaints that are still open, longest overdue first."""
    closed = exists().where(and_(Case.complaint_id == Deadline.complaint_id, Case.stage == CaseStage.CLOSED))
    late = (
        select(Deadline)
        .join(Deadline.complaint)
        .where(
            Deadline.met_on.is_(None),
            Deadline.due_on < day,
            Complaint.state != ComplaintState.CLOSED,
            ~closed,
            Deadline.complaint_id.in_(visible_complaints(account).with_only_columns(Complaint.id)),
        )
        .options(contains_eager(Deadline.complaint))
    )
    return session.scalars(late.order_by(Deadline.due_on, Deadline.id).limit(SHORT + 1)).all()
