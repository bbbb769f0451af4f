from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.audit.models import AuditEntry

if TYPE_CHECKING:
    from app.complaints.models import Complaint

#: How many lines of a story one page tells.
LONGEST_STORY = 200


def story(session: Session, complaint: Complaint) -> Sequence[AuditEntry]:
    """What happened to the complaint and its case, latest first, as far back as a page tells it."""
    entries = select(AuditEntry).where(AuditEntry.complaint_id == complaint.id)
    entries = entries.options(joinedload(AuditEntry.actor), joinedload(AuditEntry.particulars))
    return session.scalars(entries.order_by(AuditEntry.number.desc()).limit(LONGEST_STORY)).all()
