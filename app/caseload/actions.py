from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import policy
from app.accounts.models import Account
from app.audit.record import record
from app.caseload.events import FilterRemoved, FilterSaved
from app.caseload.models import SavedFilter
from app.caseload.questions import ask_query
from app.core.errors import NotFound, NotPermitted, RuleBroken
from app.policy import Permission

#: How many filters one person may keep.
MOST = 30


def save(session: Session, *, actor: Account, name: str, query: str, is_shared: bool) -> SavedFilter:
    """Keep a question under a name. Under a name that is taken already, it takes the place of the old one."""
    policy.require(actor, Permission.COMPLAINT_LIST)
    mine = select(SavedFilter).where(SavedFilter.account_id == actor.id)
    saved = session.scalar(mine.where(SavedFilter.name == name))
    if saved is None:
        kept = session.scalar(select(func.count()).select_from(mine.subquery())) or 0
        if kept >= MOST:
            raise RuleBroken(f"You keep {MOST} filters already. Remove one first.")
        saved = SavedFilter(account=actor, name=name)
        session.add(saved)
    saved.query, saved.is_shared = ask_query(query).query, is_shared
    record(session, FilterSaved(called=name, query=saved.query, shared=is_shared), actor=actor)
    return saved


def remove(session: Session, saved: SavedFilter, *, actor: Account) -> None:
    """Keep a filter no longer. Only who saved it may."""
    if saved.account_id != actor.id:
        raise NotPermitted("Only the person who saved this filter can remove it.")
    session.delete(saved)
    record(session, FilterRemoved(called=saved.name), actor=actor)


def kept_under(session: Session, key: str) -> SavedFilter:
    """The saved filter with that key. Raises `NotFound`."""
    saved = session.scalar(select(SavedFilter).where(SavedFilter.key == key))
    if saved is None:
        raise NotFound("There is no saved filter here. It may have been removed.")
    return saved
