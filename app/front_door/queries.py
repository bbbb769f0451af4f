from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from app.core import clock, sealing
from app.front_door.models import SubmissionDraft, SubmissionFile, SubmissionLink

#: How long a browser finds its form without a link, after it was last used.
IDLE = timedelta(hours=24)
#: Forms of one address that links are sent for at a time.
MOST_FORMS = 5


def by_token(session: Session, token: str) -> SubmissionDraft | None:
    """The form of the browser that holds this token, if it was used within a day."""
    if not token:
        return None
    wanted = select(SubmissionDraft).where(
        SubmissionDraft.token_hash == sealing.hash_of(token),
        SubmissionDraft.touched_at > clock.wall() - IDLE,
    )
    return session.scalar(wanted.options(joinedload(SubmissionDraft.complaint)))


def living_link(session: Session, token: str) -> SubmissionLink | None:
    """The link of that token, if it can be used."""
    wanted = select(SubmissionLink).where(
        SubmissionLink.token_hash == sealing.hash_of(token),
        SubmissionLink.used_at.is_(None),
        SubmissionLink.ended_at.is_(None),
        SubmissionLink.expires_at > clock.wall(),
    )
    return session.scalar(wanted.options(joinedload(SubmissionLink.draft)))


def saved_with(session: Session, email: str) -> Sequence[SubmissionDraft]:
    """The unsent forms that were saved with this address, in lower case, the first begun first; at most `MOST_FORMS`.

    Anybody can save a form with anybody's address: one begun later hides none that is there.
    """
    theirs = select(SubmissionDraft).where(SubmissionDraft.email == email, SubmissionDraft.sent_at.is_(None))
    return session.scalars(theirs.order_by(SubmissionDraft.id).limit(MOST_FORMS)).all()


def bytes_waiting(session: Session, draft: SubmissionDraft | None = None) -> int:
    """How many bytes of files wait in this form, or in all."""
    counted = select(func.coalesce(func.sum(SubmissionFile.size), 0))
    if draft is not None:
        counted = counted.where(SubmissionFile.draft_id == draft.id)
    return int(session.scalar(counted) or 0)
