from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import Account
from app.core.errors import NotFound
from app.exports.models import Export

#: How many exports the page shows.
MOST = 25


def of_account(session: Session, account: Account) -> Sequence[Export]:
    """The exports this person asked for, the newest first."""
    mine = select(Export).where(Export.account_id == account.id)
    return session.scalars(mine.order_by(Export.created_at.desc(), Export.id.desc()).limit(MOST)).all()


def access_export(session: Session, account: Account, key: str) -> Export:
    """The export with that key, if this person asked for it. Raises `NotFound`."""
    mine = Export.key == key, Export.account_id == account.id
    export = session.scalar(select(Export).where(*mine))
    if export is None:
        raise NotFound("There is no export of yours here. Exports are kept for two days.")
    return export
