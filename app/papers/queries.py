from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.complaints.models import Complaint
from app.core.errors import NotFound
from app.papers.models import Paper

#: How many papers one page shows; the front door takes fewer with one complaint.
MOST_SHOWN = 100


def of_complaint(session: Session, complaint: Complaint) -> Sequence[Paper]:
    """What came with this complaint, the first first. Whoever asks may know of the complaint."""
    theirs = select(Paper).where(Paper.complaint_id == complaint.id).order_by(Paper.id)
    return session.scalars(theirs.options(joinedload(Paper.document)).limit(MOST_SHOWN)).all()


def in_complaint(session: Session, complaint: Complaint, key: str) -> Paper:
    """The paper of that key, if it came with this complaint. Raises `NotFound`."""
    paper = session.scalar(select(Paper).where(Paper.complaint_id == complaint.id, Paper.key == key))
    if paper is None:
        raise NotFound("No such paper came with this complaint.")
    return paper
