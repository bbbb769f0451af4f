from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.accounts.models import Account, AccountRole, Role
from app.allocation.models import BulkAllocation, GivenCase
from app.audit.models import AuditEntry
from app.cases.models import Case
from app.complaints.models import Complaint
from app.core.dialect.asking import exists_for_each
from app.core.errors import NotFound
from app.duties.models import NamedAccess
from app.policy import visible_cases

#: How many of the latest the page shows where cases are chosen, and how many may share them at most.
LATEST, MOST_ABLE = 10, 100


def by_key(session: Session, account: Account, key: str) -> BulkAllocation:
    """The allocation of that key, if this person may know of one of its cases. Raises `NotFound`."""
    bulk = session.scalar(
        select(BulkAllocation).where(BulkAllocation.key == key).options(joinedload(BulkAllocation.made_by))
    )
    if bulk is None or not given_in(session, account, bulk):
        raise NotFound("There is no such allocation, or none of its cases is yours to see.")
    return bulk


def given_in(session: Session, account: Account, bulk: BulkAllocation) -> Sequence[GivenCase]:
    """What became of each case of it, as far as this person may know of them."""
    found = select(GivenCase).where(GivenCase.bulk_id == bulk.id, _is_known(account))
    found = found.options(joinedload(GivenCase.case), joinedload(GivenCase.was), joinedload(GivenCase.to))
    return session.scalars(found.order_by(GivenCase.id)).unique().all()


def latest(session: Session, account: Account) -> Sequence[BulkAllocation]:
    """The last allocations, as far as this person may know of their cases."""
    known = select(GivenCase.id).where(GivenCase.bulk_id == BulkAllocation.id, _is_known(account))
    found = select(BulkAllocation).where(exists_for_each(BulkAllocation, known))
    found = found.options(joinedload(BulkAllocation.made_by))
    return session.scalars(found.order_by(BulkAllocation.id.desc()).limit(LATEST)).all()


def _is_known(account: Account) -> ColumnElement[bool]:
    """That the case that was given is one this person may know of."""
    return exists_for_each(GivenCase, visible_cases(account).where(Case.id == GivenCase.case_id))


def cases_called(session: Session, account: Account, references: Collection[str]) -> Mapping[str, Case]:
    """The cases of these references this person may know of, with all that giving them asks about."""
    whole = joinedload(Case.complaint).options(
        selectinload(Complaint.allegations), selectinload(Complaint.parties)
    )
    asked = selectinload(Case.recommendations)  # for conflicts of interest with whom they were asked of
    found = visible_cases(account).where(Complaint.reference.in_(references))
    return {
        case.reference: case
        for case in session.scalars(found.options(whole, asked, joinedload(Case.owner))).unique()
    }


def able(session: Session, actor: Account, keys: Collection[str]) -> Sequence[Account]:
    """The investigators of these keys, or with none, those of the actor's team; by name."""
    holders = select(AccountRole.account_id).where(AccountRole.role == Role.INVESTIGATOR)
    wanted = select(Account).where(Account.is_active, Account.id.in_(holders))
    if keys:
        wanted = wanted.where(Account.key.in_(keys))
    else:
        wanted = wanted.where(Account.team == actor.team, Account.team != "")
    wanted = wanted.options(selectinload(Account.conflicts), selectinload(Account.absences))
    return session.scalars(wanted.order_by(Account.name, Account.id).limit(MOST_ABLE)).all()


def open_cases_of(session: Session, accounts: Collection[Account]) -> dict[int, int]:
    """How many open cases each of them has, by account: all of them, since it is the load that is spread."""
    mine = select(Case.owner_id, func.count()).where(
        Case.owner_id.in_([account.id for account in accounts]), Case.closed_at.is_(None)
    )
    found = dict(session.execute(mine.group_by(Case.owner_id)).all())
    return {account.id: found.get(account.id, 0) for account in accounts}


def named_for(session: Session, cases: Collection[Case]) -> set[tuple[int, int]]:
    """Who is named for which restricted complaint among these cases."""
    closed = [case.complaint_id for case in cases if case.complaint.is_restricted]
    if not closed:
        return set()
    rows = select(NamedAccess.complaint_id, NamedAccess.account_id).where(
        NamedAccess.complaint_id.in_(closed), NamedAccess.ended_at.is_(None)
    )
    return set(session.execute(rows).all())


def touched_since(session: Session, given: Collection[GivenCase]) -> set[int]:
    """The cases among these in which something has been recorded since they were given."""
    entries = {one.case.complaint_id: one.entry_id for one in given if one.entry_id is not None}
    last = select(AuditEntry.complaint_id, func.max(AuditEntry.id)).where(
        AuditEntry.complaint_id.in_(entries)
    )
    found = dict(session.execute(last.group_by(AuditEntry.complaint_id)).all())
    touched = {complaint for complaint, entry in entries.items() if found.get(complaint) != entry}
    return {one.case_id for one in given if one.case.complaint_id in touched}
