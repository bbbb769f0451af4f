from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.audit.models import AuditEntry

if TYPE_CHECKING:
    from app.complaints.models import Complaint

#: How much of a story the page of a complaint or a case tells. The rest is a page of its own.
LATEST = 20


def story(
    session: Session, complaint: Complaint, *, before: int = 0, size: int = LATEST
) -> Sequence[AuditEntry]:
    """What happened to a complaint and its case, latest first: `size` entries, and one more if there are.

    Told from the entry before the one of number `before`; 0 is from the last.
    """
    entries = select(AuditEntry).where(AuditEntry.complaint_id == complaint.id)
    if before:
        entries = entries.where(AuditEntry.number < before)
    told = joinedload(AuditEntry.actor), joinedload(AuditEntry.particulars)
    entries = entries.options(*told).order_by(AuditEntry.number.desc())
    return session.scalars(entries.limit(size + 1)).all()
