from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import policy
from app.accounts.models import Account
from app.audit.record import record
from app.core import clock
from app.core.dialect.asking import insert_unless_there
from app.core.errors import RuleBroken
from app.core.references import new_key
from app.integrity.events import FileFoundWrong, FileSettled
from app.integrity.models import FileCheck, Outcome
from app.integrity.queries import who_settles
from app.notices.actions import tell
from app.notices.models import NoticeKind
from app.policy import Permission


def note(session: Session, name: str, outcome: Outcome) -> FileCheck:
    """Note what a stored file was found to be. Of what is newly wrong, whoever can see to it is told, once."""
    check = _check_of(session, name)
    check.checked_at = clock.wall()
    if outcome is Outcome.INTACT:
        if not check.waits:
            check.outcome = outcome
        return check
    check.outcome = outcome
    if not check.waits:
        check.found_at, check.settled_at, check.settled_by, check.settlement = clock.now(), None, None, ""
        record(session, FileFoundWrong(file=name, outcome=outcome), actor=None)
        for account in who_settles(session):
            tell(session, account, NoticeKind.DAMAGED, actor=None)
    return check


def settle(session: Session, check: FileCheck | None, *, actor: Account, settlement: str) -> None:
    """Say what was done about a file. If it is still wrong when it is next looked at, it comes back."""
    policy.require(actor, Permission.INTEGRITY_SETTLE)
    if check is None:
        raise RuleBroken("Select which file you have seen to.", field="file")
    if not check.waits:
        raise RuleBroken("Somebody has said already what was done about this file.", field="file")
    check.settled_at, check.settled_by, check.settlement = clock.now(), actor, settlement
    told = FileSettled(file=check.name, outcome=check.outcome, settlement=settlement)
    record(session, told, actor=actor)


def _check_of(session: Session, name: str) -> FileCheck:
    this = select(FileCheck).where(FileCheck.name == name)
    check = session.scalar(this)
    if check is None:  # another worker may be at the same file
        insert_unless_there(
            session,
            FileCheck,
            key=new_key(),
            name=name,
            checked_at=clock.wall(),
            outcome=Outcome.INTACT,
            settlement="",
        )
        check = session.scalars(this).one()
    return check
