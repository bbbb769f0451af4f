from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from app.accounts.models import Account
from app.core.errors import NotFound
from app.drafts.models import Draft

#: How many drafts one person may have at a time, so that every list of them is whole.
MOST = 50


def own(account: Account) -> Select[Draft]:
    """The drafts of this person. Nobody, whatever their role, is given another's."""
    return select(Draft).where(Draft.account_id == account.id)


def kept_by(session: Session, account: Account) -> Sequence[Draft]:
    """Their drafts, the last one they wrote in first; never more than `MOST`."""
    living = own(account).where(Draft.thrown_away_at.is_(None))
    return session.scalars(living.order_by(Draft.updated_at.desc(), Draft.id.desc()).limit(MOST)).all()


def kept_at(session: Session, account: Account, address: str, *, most: int = 5) -> Sequence[Draft]:
    """Their drafts of the page at this address, the last one they wrote in first; at most so many."""
    here = own(account).where(Draft.address == address, Draft.thrown_away_at.is_(None))
    return session.scalars(here.order_by(Draft.updated_at.desc(), Draft.id.desc()).limit(most)).all()


def thrown_away_by(session: Session, account: Account) -> Sequence[Draft]:
    """What they have thrown away and can still bring back, the last first; never more than `MOST`."""
    thrown = own(account).where(Draft.thrown_away_at.is_not(None))
    return session.scalars(thrown.order_by(Draft.thrown_away_at.desc(), Draft.id.desc()).limit(MOST)).all()


def count(session: Session, account: Account, *, thrown_away: bool) -> int:
    which = Draft.thrown_away_at.is_not(None) if thrown_away else Draft.thrown_away_at.is_(None)
    counted = select(func.count(Draft.id)).where(Draft.account_id == account.id, which)
    return session.scalar(counted) or 0


def find(session: Session, account: Account, key: str) -> Draft | None:
    return session.scalar(own(account).where(Draft.key == key))


def by_key(session: Session, account: Account, key: str) -> Draft:
    """Their draft of that key. Raises `NotFound`, also where it is another's."""
    draft = find(session, account, key)
    if draft is None:
        raise NotFound("There is no such draft. It was sent, or it was removed because of its age.")
    return draft
