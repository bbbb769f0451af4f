"""Why somebody opens what is not theirs: whether it is to be asked, and what was answered."""

from __future__ import annotations

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from app import policy
from app.accounts.models import Account
from app.audit.record import record
from app.casefile.events import OpeningExplained
from app.casefile.models import OpeningKind, OpeningReason
from app.complaints.models import Complaint
from app.core.errors import RuleBroken
from app.policy import Permission


def is_owed(
    session: Session, account: Account, session_id: int, complaint: Complaint, *, whenever_not_mine: bool
) -> bool:
    """Whether this person has still to say, in this sign-in, why they open this complaint.

    Asked for restricted complaints, and with `whenever_not_mine` for every case of another team; never
    of liaison officers, of whoever has the case, or of whoever covers for them today.
    """
    if account.is_liaison or not (complaint.is_restricted or whenever_not_mine):
        return False
    owner = complaint.case.owner if complaint.case else None
    if owner is not None and (owner is account or account.covers(owner.id)):
        return False
    if not complaint.is_restricted and (owner is None or (owner.team and owner.team == account.team)):
        return False
    said = OpeningReason.session_id == session_id, OpeningReason.complaint_id == complaint.id
    return not session.scalar(select(exists().where(*said)))


def explain(
    session: Session,
    complaint: Complaint,
    *,
    actor: Account,
    session_id: int,
    kind: OpeningKind,
    words: str = "",
) -> None:
    """Say why, once in a sign-in. A second answer in the same one changes nothing."""
    policy.require(actor, Permission.COMPLAINT_VIEW, complaint)
    if kind is OpeningKind.OTHER and not words:
        raise RuleBroken("Say in a few words why you open it.", field="words")
    said = OpeningReason.session_id == session_id, OpeningReason.complaint_id == complaint.id
    if session.scalar(select(exists().where(*said))):
        return
    reason = OpeningReason(
        complaint_id=complaint.id, account_id=actor.id, session_id=session_id, kind=kind, words=words
    )
    session.add(reason)
    record(session, OpeningExplained(kind=kind, words=words), actor=actor, complaint=complaint)
