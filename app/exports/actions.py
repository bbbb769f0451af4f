from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app import policy
from app.accounts.models import Account
from app.audit.record import record
from app.core import clock
from app.core.errors import RuleBroken
from app.core.files import Kept
from app.core.work import UNFINISHED, Taken
from app.exports.events import ExportAsked, ExportCancelled
from app.exports.models import Export
from app.exports.sheets import SHEETS
from app.outbox.actions import post

#: How many exports of one person may wait or be made at a time.
MOST_AT_ONCE = 2
#: How long a finished export is kept.
KEPT_FOR = timedelta(days=2)


def ask_for(session: Session, *, actor: Account, sheet: str, query: str) -> Export:
    """Have a list made into a spreadsheet. What is being made already is not made twice."""
    policy.require(actor, SHEETS[sheet].permission)
    query = SHEETS[sheet].settle(session, query)
    waiting = select(Export).where(Export.account_id == actor.id, Export.state.in_(UNFINISHED))
    if export := session.scalar(waiting.where(Export.sheet == sheet, Export.query == query)):
        return export
    if (session.scalar(select(func.count()).select_from(waiting.subquery())) or 0) >= MOST_AT_ONCE:
        raise RuleBroken(
            f"{MOST_AT_ONCE} of your exports are still being made. Wait for one of them, or cancel it."
        )
    export = Export(account=actor, sheet=sheet, query=query)
    session.add(export)
    record(session, ExportAsked(sheet=sheet, query=query), actor=actor)
    return export


def cancel(session: Session, export: Export, *, actor: Account) -> None:
    """Make it no further. Raises `RuleBroken` if it is no longer being made."""
    if not export.is_unfinished:
        raise RuleBroken("This export is no longer being made.")
    export.cancel()
    record(session, ExportCancelled(sheet=export.sheet, query=export.query), actor=actor)


def finish(session: Session, taken: Taken[Export], kept: Kept) -> Export:
    """The file is there: say so to whoever asked. Raises `LeaseLost` if somebody else made it meanwhile."""
    export = taken.done(session)
    export.sha256, export.size = kept.sha256, kept.size
    export.expires_at = clock.now() + KEPT_FOR
    post(
        session,
        address=export.account.email,
        subject="Your export is ready",
        body="The spreadsheet you asked for is ready. It is kept for two days.",
        leads_to="/exports/",
    )
    return export


def expire(session: Session) -> frozenset[str]:
    """Forget the files of exports that have been kept long enough. Returns the files that are still needed."""
    there = Export.sha256.is_not(None)
    session.execute(update(Export).where(there, Export.expires_at < clock.now()).values(sha256=None))
    return frozenset(digest for digest in session.scalars(select(Export.sha256).where(there)) if digest)
