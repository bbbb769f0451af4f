from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, joinedload

from app.accounts.models import Account
from app.complaints.models import Complaint
from app.core.errors import NotFound
from app.enquiries import queries as enquiries
from app.enquiries.models import Enquiry
from app.policy import visible_complaints
from app.risk.models import Alert

#: How many rows one page of the list shows.
PAGE = 25


def by_key(session: Session, account: Account, key: str) -> Alert:
    """The alert of that key, if this person may know of what tells of it. Raises `NotFound`."""
    alert = session.scalar(_known_to(account).where(Alert.key == key))
    if alert is None:
        raise NotFound("There is no alert under that key.")
    return alert


def page(session: Session, account: Account, *, is_acknowledged: bool, after: int) -> Sequence[Alert]:
    """Those that wait, the oldest first, or those that do not, the newest first; and one more if there is."""
    alerts = _known_to(account).options(
        joinedload(Alert.complaint),
        joinedload(Alert.enquiry),
        joinedload(Alert.raised_by),
        joinedload(Alert.acknowledged_by),
    )
    if is_acknowledged:
        alerts = alerts.where(Alert.acknowledged_at.is_not(None)).order_by(Alert.id.desc())
        alerts = alerts.where(Alert.id < after) if after else alerts
    else:
        alerts = alerts.where(Alert.acknowledged_at.is_(None), Alert.id > after).order_by(Alert.id)
    return session.scalars(alerts.limit(PAGE + 1)).all()


def count_waiting(session: Session, account: Account) -> int:
    waiting = _known_to(account).where(Alert.acknowledged_at.is_(None))
    return session.scalar(waiting.with_only_columns(func.count(Alert.id))) or 0


def _known_to(account: Account) -> Select[Alert]:
    """Those told of by a complaint, or an enquiry, that this person may know of."""
    complaint = visible_complaints(account).where(Complaint.id == Alert.complaint_id)
    enquiry = enquiries.visible(account).where(Enquiry.id == Alert.enquiry_id)
    return select(Alert).where(or_(complaint.exists(), enquiry.exists()))
