from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, aliased, joinedload

from app.accounts.models import Account, AccountRole
from app.allegations.models import Allegation
from app.checks.models import Discretion
from app.complaints.models import Complaint, Part
from app.people.models import Person
from app.policy import GRANTS, Permission, visible_complaints

#: How many names a choice of deciders shows, and how many rows a list of what waits.
MOST = 100


class Recipients(NamedTuple):
    """Whom a statement of reasons is for, and who gets a copy."""

    to: list[Person]
    copies: list[Person]


def recipients_of_reasons(complaint: Complaint) -> Recipients:
    """The complainant, whoever acts for them, and a Member of Parliament who assists: s.14(2), s.14(2B)."""
    acting = (Part.COMPLAINANT, Part.REPRESENTATIVE, Part.PERSONAL_REPRESENTATIVE)
    to = {person.id: person for part in acting for person in complaint.people_as(part)}
    return Recipients(to=list(to.values()), copies=complaint.people_as(Part.MP))


def deciders(session: Session) -> Sequence[Account]:
    """Who may decide whether a late allegation is looked into, by name; at most `MOST`."""
    roles = [role for role, granted in GRANTS.items() if Permission.DISCRETION_DECIDE in granted]
    holders = select(AccountRole.account_id).where(AccountRole.role.in_(roles))
    able = select(Account).where(Account.is_active, Account.id.in_(holders))
    return session.scalars(able.order_by(Account.name, Account.id).limit(MOST)).all()


def joined_by(session: Session, account: Account, allegation: Allegation) -> set[str]:
    """The references of complaints the allegation was joined to, those this person may know of."""
    joined = [check.joined_to_id for check in allegation.checks if check.joined_to_id]
    if not joined:
        return set()
    mine = visible_complaints(account).where(Complaint.id.in_(joined))
    return set(session.scalars(mine.with_only_columns(Complaint.reference)))


def waiting_for(session: Session, account: Account) -> Sequence[Discretion]:
    """What was put before this person and is not decided, the oldest first; at most `MOST`."""
    mine = visible_complaints(account).with_only_columns(Complaint.id)
    later = aliased(Discretion)
    put_before_another = exists().where(
        later.allegation_id == Discretion.allegation_id, later.id > Discretion.id
    )
    waiting = (
        select(Discretion)
        .join(Discretion.allegation)
        .where(
            Discretion.decider_id == account.id,
            Discretion.decided_at.is_(None),
            ~put_before_another,
            Allegation.complaint_id.in_(mine),
        )
        .options(joinedload(Discretion.allegation).joinedload(Allegation.complaint))
    )
    return session.scalars(waiting.order_by(Discretion.id).limit(MOST)).all()
