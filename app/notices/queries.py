from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import Session

from app import policy
from app.accounts.models import Account, AccountRole, Role
from app.complaints.models import Channel, Complaint, ComplaintState
from app.core import clock
from app.lineage.models import Succession
from app.notices.models import AT_ONCE, Choice, Digest, Notice, NoticeChoice, NoticeKind
from app.organisations.models import Organisation
from app.policy import Permission
from app.queues import queries as queues
from app.queues.kinds import RETURNING
from app.recommendations.models import WITH_THE_ORGANISATION, Recommendation

#: How long after its due day a recommendation is named each week, in weeks.
WEEKS_LATE = 52
MOST_MANAGERS, MOST_OFFICERS = 100, 100


def choice_of(session: Session, account: Account) -> Choice:
    """How often this person wants to be told."""
    chosen = session.scalar(select(NoticeChoice.choice).where(NoticeChoice.account_id == account.id))
    return chosen or Choice.DAILY


def wants(session: Session, account: Account, kind: NoticeKind) -> bool:
    """Whether this person is told of such things: of what is urgent, everybody is."""
    return kind in AT_ONCE or choice_of(session, account) is not Choice.URGENT_ONLY


def may_know(session: Session, account: Account, complaint: Complaint | None) -> bool:
    """Whether this person may know of what the notice is about."""
    if complaint is None or not complaint.is_restricted:
        return True
    mine = policy.visible_complaints(account).where(Complaint.id == complaint.id)
    return session.scalar(mine.with_only_columns(Complaint.id)) is not None


def who_may(session: Session, permission: Permission) -> Sequence[Account]:
    """Who holds a permission today, by role or because it was delegated to them; at most `MOST_MANAGERS`."""
    able = select(Account).where(Account.is_active, policy.holders(permission, clock.today()))
    return session.scalars(able.order_by(Account.id).limit(MOST_MANAGERS)).all()


def officers_for(session: Session, organisation: Organisation) -> Sequence[Account]:
    """The liaison officers who answer for an organisation: its own, and of a successor to whom it was opened."""
    opened = select(Succession.to_id).where(
        Succession.was_id == organisation.id,
        Succession.opened_at.is_not(None),
        Succession.withdrawn_at.is_(None),
    )
    officers = select(AccountRole.account_id).where(AccountRole.role == Role.LIAISON)
    theirs = select(Account).where(
        Account.is_active,
        Account.id.in_(officers),
        or_(Account.organisation_id == organisation.id, Account.organisation_id.in_(opened)),
    )
    return session.scalars(theirs.order_by(Account.id).limit(MOST_OFFICERS)).all()


def without_digest(session: Session, day: date, *, most: int) -> Sequence[int]:
    """The ids of those who can sign in and have had no digest of that day."""
    had = exists().where(Digest.account_id == Account.id, Digest.day == day)
    waiting = select(Account.id).where(Account.is_active, ~had)
    return session.scalars(waiting.order_by(Account.id).limit(most)).all()


def untold(account: Account) -> Sequence[ColumnElement[bool]]:
    """Which notices go into the digest of this person: their own, and of those away whom they cover for.

    What they may not know of, or no longer, is not among them.
    """
    away = [absence.account_id for absence in account.covers_today]
    mine = policy.visible_complaints(account).with_only_columns(Complaint.id)
    return (
        Notice.account_id.in_([account.id, *away]),
        Notice.told_at.is_(None),
        or_(Notice.complaint_id.is_(None), Notice.complaint_id.in_(mine)),
    )


def waiting(session: Session, account: Account, *, days_before: Collection[int]) -> Mapping[NoticeKind, int]:
    """How much of each kind waits for this person today. `days_before` says when what is due is named."""
    told = select(Notice.kind, func.count()).where(*untold(account)).group_by(Notice.kind)
    counts: dict[NoticeKind, int] = dict(session.execute(told).all())
    if policy.may(account, Permission.ALLEGATION_CHECK):
        counts[NoticeKind.SENT_IN] = _sent_in(session, account)
    if policy.may(account, Permission.DIARY_KEEP):
        returning = queues.counts(session, account, {"returning": RETURNING}, is_own=True)
        counts[NoticeKind.RETURNING] = returning["returning"]
    if account.is_liaison:
        today = clock.today()
        soon = [today, *(today + timedelta(days=days) for days in days_before)]
        late = [today - timedelta(days=1, weeks=week) for week in range(WEEKS_LATE)]
        counts[NoticeKind.DUE] = _due_on(session, account, soon)
        counts[NoticeKind.OVERDUE] = _due_on(session, account, late)
    return counts


def _sent_in(session: Session, account: Account) -> int:
    """Complaints by the form for the public that wait for their initial check, since the last digest before today."""
    before = select(func.max(Digest.created_at)).where(
        Digest.account_id == account.id, Digest.day < clock.today()
    )
    since = session.scalar(before)
    came = policy.visible_complaints(account).where(
        Complaint.channel == Channel.WEB, Complaint.state == ComplaintState.INITIAL_CHECK
    )
    came = came.where(Complaint.created_at > since) if since else came
    return session.scalar(came.with_only_columns(func.count(Complaint.id))) or 0


def _due_on(session: Session, account: Account, days: Collection[date]) -> int:
    theirs = policy.visible_recommendations(account).where(
        Recommendation.state.in_(WITH_THE_ORGANISATION), Recommendation.due_on.in_(days)
    )
    return session.scalar(theirs.with_only_columns(func.count(Recommendation.id))) or 0
