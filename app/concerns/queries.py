from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from app.accounts.models import Account
from app.complaints.models import Complaint
from app.concerns.models import Concern, ConcernState
from app.policy import visible_complaints, visible_concerns

#: How many rows one page of the list shows.
PAGE = 25


def page(session: Session, account: Account, before: int = 0) -> Sequence[Concern]:
    """The concerns this person may know of, the newest first: a page, and one more if there is."""
    found = visible_concerns(account).options(
        joinedload(Concern.organisation), joinedload(Concern.recorded_by)
    )
    if before:
        found = found.where(Concern.id < before)
    return session.scalars(found.order_by(Concern.id.desc()).limit(PAGE + 1)).all()


def count_waiting(session: Session, account: Account) -> int:
    """How many of them wait for a manager."""
    waiting = visible_concerns(account).where(Concern.state == ConcernState.RECORDED)
    return session.scalar(select(func.count()).select_from(waiting.subquery())) or 0


def came_up_in(session: Session, account: Account, concern: Concern) -> Complaint | None:
    """The complaint in which it came up, if this person may know of that one."""
    if concern.complaint_id is None:
        return None
    return session.scalar(visible_complaints(account).where(Complaint.id == concern.complaint_id))
