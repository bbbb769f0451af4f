from __future__ import annotations

from sqlalchemy.orm import Session

from app import policy
from app.accounts.models import Account
from app.audit.record import record
from app.complaints.models import Complaint
from app.concerns import workflow
from app.concerns.events import ConcernRecorded, ReaderNamed, ReaderTaken
from app.concerns.models import Concern, ConcernReader
from app.core import clock
from app.core.errors import RuleBroken
from app.notices.actions import tell_whoever_may
from app.notices.models import NoticeKind
from app.organisations.models import Organisation
from app.policy import Permission


def record_concern(
    session: Session,
    *,
    actor: Account,
    about: str,
    why_outside: str,
    organisation: Organisation | None = None,
    complaint: Complaint | None = None,
) -> Concern:
    """Record a serious concern that is not ours to look into. The caller has found the complaint for the actor."""
    policy.require(actor, Permission.CONCERN_RECORD)
    concern = Concern(
        about=about,
        why_outside=why_outside,
        organisation=organisation,
        complaint=complaint,
        recorded_by=actor,
    )
    session.add(concern)
    session.flush()
    record(session, ConcernRecorded(concern=concern.key), actor=actor)
    # Managers know of every concern, whether or not of the complaint in which it came up.
    tell_whoever_may(session, Permission.CONCERN_CONSIDER, NoticeKind.CONCERN, actor=actor, record=concern)
    return concern


def consider(
    session: Session, concern: Concern, *, actor: Account, drawn_from: int | None = None, consideration: str
) -> None:
    """Say, as a manager, what is made of it."""
    concern.agree(drawn_from)
    workflow.take(session, concern, workflow.CONSIDER, actor=actor)
    concern.considered_at, concern.considered_by = clock.now(), actor
    concern.consideration = consideration


def pass_on(
    session: Session,
    concern: Concern,
    *,
    actor: Account,
    drawn_from: int | None = None,
    passed_to: str,
    reasons: str,
) -> None:
    """Record to whom it was passed on, by which right, and why. It is sent elsewhere: this only says so."""
    concern.agree(drawn_from)
    workflow.take(session, concern, workflow.PASS_ON, actor=actor)
    concern.passed_to = passed_to
    _settle(concern, actor, reasons)


def take_no_action(
    session: Session, concern: Concern, *, actor: Account, drawn_from: int | None = None, reasons: str
) -> None:
    """Decide that nothing further is done, with the reason."""
    concern.agree(drawn_from)
    workflow.take(session, concern, workflow.TAKE_NO_ACTION, actor=actor)
    _settle(concern, actor, reasons)


def name(session: Session, concern: Concern, *, actor: Account, account: Account) -> ConcernReader:
    """Name somebody among those who may know of a concern."""
    policy.require(actor, Permission.CONCERN_NAME, concern)
    if not policy.may(account, Permission.CONCERN_RECORD):
        raise RuleBroken(f"{account.name} does not work on complaints.", field="account")
    knows = account.id == concern.recorded_by_id or policy.may(account, Permission.CONCERN_CONSIDER)
    if knows or any(reader.account_id == account.id for reader in concern.named):
        raise RuleBroken(f"{account.name} may know of it already.", field="account")
    reader = ConcernReader(account=account, named_by_id=actor.id)
    concern.readers.append(reader)
    record(session, ReaderNamed(concern=concern.key, account=account.id), actor=actor)
    return reader


def take_name(session: Session, concern: Concern, *, actor: Account, account_key: str) -> Account:
    """Name somebody no longer. From their next request on they know of it no more."""
    policy.require(actor, Permission.CONCERN_NAME, concern)
    reader = next((one for one in concern.named if one.account.key == account_key), None)
    if reader is None:
        raise RuleBroken("This person is not named here.")
    reader.ended_at = clock.now()
    record(session, ReaderTaken(concern=concern.key, account=reader.account_id), actor=actor)
    return reader.account


def _settle(concern: Concern, actor: Account, reasons: str) -> None:
    concern.settled_at, concern.settled_by, concern.reasons = clock.now(), actor, reasons
