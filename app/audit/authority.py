"""Under which authority somebody acts who may only because another delegated it to them.

It is noted with the transaction in which they were let do it, and every entry they make in that transaction
says so. Nothing of it is left for the next one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy.orm import Session, object_session

if TYPE_CHECKING:
    from app.accounts.models import Account

_NOTED = "acting under a delegation"


def act_under(actor: Account, words: str) -> None:
    """Note that what this person does in this transaction is done under what `words` say."""
    session = object_session(actor)
    if session is not None:
        noted = _noted(session)
        noted.setdefault(actor.id, words)
        session.info[_NOTED] = (session.get_transaction(), noted)


def authority_of(session: Session, actor: Account | None) -> str | None:
    """Under what this person acts in this transaction; None for who acts in their own right."""
    return _noted(session).get(actor.id) if actor else None


def _noted(session: Session) -> dict[int, str]:
    transaction, noted = session.info.get(_NOTED, (None, {}))
    return noted if transaction is session.get_transaction() else {}
