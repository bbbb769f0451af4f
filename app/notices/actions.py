from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app import policy
from app.accounts.models import Account
from app.audit.record import record
from app.complaints.models import Complaint
from app.core import clock
from app.core.dialect.asking import insert_unless_there
from app.core.work import WorkState
from app.notices import queries
from app.notices.events import NoticesChosen
from app.notices.models import AT_ONCE, Choice, Digest, Notice, NoticeChoice, NoticeKind
from app.notices.wording import SUBJECT, body
from app.organisations.models import Organisation
from app.outbox.actions import post
from app.outbox.models import Message
from app.policy import Permission

#: Where every message leads: whoever is not signed in is asked to be.
LEADS_TO = "/"


def tell(
    session: Session,
    account: Account | None,
    kind: NoticeKind,
    *,
    actor: Account | None,
    complaint: Complaint | None = None,
) -> None:
    """Note that something waits for this person, or for who covers for them and wants it; never for who did it.

    Urgent things, and all for those who chose so, go out at once. Nobody is told who may not know of the
    complaint, or cannot sign in.
    """
    ways = (one for one in _ways_to(account) if queries.wants(session, one, kind))
    to = next((one for one in ways if queries.may_know(session, one, complaint)), None)
    if to is not None and to is not actor:
        _note(session, to, kind, complaint)


def tell_managers(session: Session, kind: NoticeKind, *, actor: Account, complaint: Complaint | None) -> None:
    """Note it for everybody who may acknowledge an urgent health risk, each once."""
    tell_whoever_may(session, Permission.ALERT_ACKNOWLEDGE, kind, actor=actor, complaint=complaint)


def tell_whoever_may(
    session: Session,
    permission: Permission,
    kind: NoticeKind,
    *,
    actor: Account,
    complaint: Complaint | None = None,
    record: Any = None,
) -> None:
    """Note for everybody who may do what waits that it waits, each once. `record` is what they may do it to.

    Whoever covers stands in if they may do so too and are not the one who did it; else it reaches the one
    who is away.
    """
    told: dict[Account, None] = {}
    for holder in queries.who_may(session, permission):
        able = (
            one
            for one in _ways_to(holder)
            if one is not actor and policy.may(one, permission, record) and queries.wants(session, one, kind)
        )
        if to := next((one for one in able if queries.may_know(session, one, complaint)), None):
            told[to] = None
    for to in told:
        _note(session, to, kind, complaint)


def tell_officers(
    session: Session, organisation: Organisation, kind: NoticeKind, *, actor: Account | None
) -> None:
    """Note it for every liaison officer who answers for an organisation, each as they have chosen to be told.

    The notice names no complaint: what is theirs is open to them whether or not it is restricted here.
    """
    for officer in queries.officers_for(session, organisation):
        tell(session, officer, kind, actor=actor)


def choose(session: Session, *, actor: Account, choice: Choice) -> None:
    """Choose how often one is told oneself. What waits for the next digest and is not wanted goes."""
    was = queries.choice_of(session, actor)
    row = session.scalar(select(NoticeChoice).where(NoticeChoice.account_id == actor.id))
    if row is None:
        session.add(NoticeChoice(account_id=actor.id, choice=choice))
    else:
        row.choice = choice
    if choice is Choice.URGENT_ONLY:
        session.execute(delete(Notice).where(Notice.account_id == actor.id, Notice.told_at.is_(None)))
    record(session, NoticesChosen(choice=choice, was=was), actor=actor)


def send_digest(session: Session, account: Account, *, days_before: Collection[int]) -> bool:
    """The digest of today for one person, once however many ask; True if a message was written.

    The row that says so and the message are one transaction. Whoever is away gets none: what waits for
    them is in the digest of whoever covers. `days_before` a recommendation is due, and on that day, its
    organisation hears.
    """
    today = clock.today()
    if not account.is_active or not insert_unless_there(
        session, Digest, account_id=account.id, day=today, created_at=clock.now()
    ):
        return False
    if account.absence_on(today) or queries.choice_of(session, account) is Choice.URGENT_ONLY:
        return False
    counts = queries.waiting(session, account, days_before=days_before)
    if not any(counts.values()):
        return False
    message = post(session, address=account.email, subject=SUBJECT, body=body(counts), leads_to=LEADS_TO)
    session.flush()
    told = update(Notice).where(*queries.untold(account)).execution_options(synchronize_session=False)
    session.execute(told.values(told_at=clock.now(), message_id=message.id))
    return True


def count_as_told(session: Session) -> None:
    """Let everybody have had their digest of today and what waited for it, as in an office just filled."""
    session.flush()
    for account_id in session.scalars(select(Account.id)).all():
        insert_unless_there(session, Digest, account_id=account_id, day=clock.today(), created_at=clock.now())
    waiting = update(Notice).where(Notice.told_at.is_(None)).execution_options(synchronize_session=False)
    session.execute(waiting.values(told_at=clock.now()))


def _ways_to(account: Account | None) -> Sequence[Account]:
    """Whoever covers for this person while they are away, and then themselves; only who can sign in."""
    if account is None:
        return ()
    absence = account.absence_on(clock.today())
    ways = (absence.cover, account) if absence else (account,)
    return [one for one in ways if one.is_active]


def _note(session: Session, to: Account, kind: NoticeKind, complaint: Complaint | None) -> None:
    notice = Notice(account=to, kind=kind, complaint=complaint)
    session.add(notice)
    if kind in AT_ONCE or queries.choice_of(session, to) is Choice.IMMEDIATELY:
        _tell_at_once(session, notice)


def _tell_at_once(session: Session, notice: Notice) -> None:
    """One message for what waits at once: while it has not gone, it counts what is added."""
    before = session.scalar(
        select(Message)
        .join(Notice, Notice.message_id == Message.id)
        .where(
            Notice.account_id == notice.account.id,
            Notice.kind == notice.kind,
            Message.state == WorkState.WAITING,
            Message.attempts == 0,
        )
        .limit(1)
    )
    session.flush()
    notice.told_at = clock.now()
    if before is None:
        text = body({notice.kind: 1})
        notice.message = post(
            session, address=notice.account.email, subject=SUBJECT, body=text, leads_to=LEADS_TO
        )
        return
    notice.message = before
    session.flush()
    together = select(Notice.id).where(Notice.message_id == before.id)
    before.body = body({notice.kind: len(session.scalars(together).all())})
