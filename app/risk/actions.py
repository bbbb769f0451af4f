from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import policy
from app.accounts.models import Account
from app.audit.record import record
from app.complaints.models import Complaint
from app.core import clock
from app.core.errors import RuleBroken
from app.enquiries.models import Enquiry
from app.notices.actions import tell_managers
from app.notices.models import NoticeKind
from app.policy import Permission
from app.risk.events import AlertAcknowledged, AlertRaised
from app.risk.models import Alert


def raise_alert(session: Session, told_by: Complaint | Enquiry, *, actor: Account) -> Alert:
    """Put an urgent health risk before the managers, at once. Pressed twice, it is raised once."""
    policy.require(actor, Permission.ALERT_RAISE)
    complaint = told_by if isinstance(told_by, Complaint) else None
    enquiry = told_by if isinstance(told_by, Enquiry) else None
    waiting = select(Alert).where(
        Alert.acknowledged_at.is_(None),
        Alert.complaint == complaint if complaint else Alert.enquiry == enquiry,
    )
    if there := session.scalar(waiting):
        return there
    alert = Alert(complaint=complaint, enquiry=enquiry, raised_by=actor)
    session.add(alert)
    session.flush()
    tell_managers(session, NoticeKind.URGENT, actor=actor, complaint=complaint)
    record(session, AlertRaised(alert=alert.key), actor=actor, complaint=complaint)
    return alert


def acknowledge(
    session: Session, alert: Alert, *, actor: Account, drawn_from: int | None = None, words: str
) -> None:
    """Say that a manager knows, and what is done about it."""
    policy.require(actor, Permission.ALERT_ACKNOWLEDGE)
    alert.agree(drawn_from)
    if alert.acknowledged_by is not None:
        raise RuleBroken(f"{alert.acknowledged_by.name} has acknowledged this already.")
    alert.acknowledged_by, alert.acknowledged_at, alert.acknowledgement = actor, clock.now(), words
    told = AlertAcknowledged(alert=alert.key, words=words)
    record(session, told, actor=actor, complaint=alert.complaint)
