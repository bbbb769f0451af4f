"""One answer per form: a retry, a double click or a second tab gets what the first one made."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.audit.models import Receipt
from app.core import clock
from app.core.dialect.asking import insert_unless_there
from app.core.errors import RuleBroken
from app.core.model import Model

if TYPE_CHECKING:
    from app.accounts.models import Account

Row = TypeVar("Row", bound=Model)


def once(
    session: Session,
    kind: type[Row],
    submission: str,
    *,
    answers: str,
    actor: Account,
    make: Callable[[], Row],
) -> Row:
    """What `make` makes, or what it made the first time this person sent in this very form.

    The key is claimed before anything is made, in the same transaction: of two at the same
    instant, the second waits for the first and then finds its row. `answers` is a SHA-256 of what
    was answered; raises `RuleBroken` where the same form comes again with other answers.
    """
    claimed = insert_unless_there(
        session,
        Receipt,
        submission=submission,
        account_id=actor.id,
        answers=answers,
        made=kind.__tablename__,
        made_id=0,
        created_at=clock.now(),
    )
    mine = Receipt.submission == submission
    if claimed:
        row = make()
        session.flush()
        session.execute(update(Receipt).where(mine).values(made_id=row.id))
        return row

    receipt = session.scalars(select(Receipt).where(mine)).one()
    found = session.get(kind, receipt.made_id) if receipt.made == kind.__tablename__ else None
    if found is None or receipt.account_id != actor.id or receipt.answers != answers:
        raise RuleBroken(
            "This form was sent before with other answers, and those were saved. Send it once more."
        )
    return found
