from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session, joinedload

from app.core.errors import NotFound
from app.delegations.models import Delegation

#: How many of those in force a page shows, and how many past ones at a time.
MOST, PAGE = 200, 25


def in_force(session: Session, day: date) -> Sequence[Delegation]:
    """Those that stand on a day or begin later, by whom they are to."""
    live = Delegation.withdrawn_at.is_(None), or_(Delegation.until_on.is_(None), Delegation.until_on >= day)
    found = _told(select(Delegation).where(*live))
    return session.scalars(found.order_by(Delegation.from_on, Delegation.id).limit(MOST)).all()


def past(session: Session, day: date, after: int = 0) -> Sequence[Delegation]:
    """A page of those that have ended or were withdrawn, the latest first, and one more if there is one."""
    found = _told(
        select(Delegation).where(or_(Delegation.withdrawn_at.is_not(None), Delegation.until_on < day))
    )
    if after:
        found = found.where(Delegation.id < after)
    return session.scalars(found.order_by(Delegation.id.desc()).limit(PAGE + 1)).all()


def delegation_of(session: Session, key: str) -> Delegation:
    """The delegation of that key. Raises `NotFound`."""
    delegation = session.scalar(_told(select(Delegation).where(Delegation.key == key)))
    if delegation is None:
        raise NotFound("There is no such delegation.")
    return delegation


def _told(delegations: Select[Delegation]) -> Select[Delegation]:
    whose = (Delegation.giver, Delegation.to)
    return delegations.options(*(joinedload(each) for each in whose))
