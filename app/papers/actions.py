from __future__ import annotations

from sqlalchemy.orm import Session

from app import policy
from app.accounts.models import Account
from app.audit.record import record
from app.complaints.models import Complaint
from app.core.errors import RuleBroken
from app.core.files import Kept
from app.evidence import actions as evidence
from app.evidence.models import CopyKind, Document, Supplier
from app.papers.events import PaperEntered, PaperReceived
from app.papers.models import Paper
from app.policy import Permission


def receive(
    session: Session,
    complaint: Complaint,
    *,
    actor: Account | None,
    kept: Kept,
    filename: str,
    media_type: str,
) -> Paper:
    """Keep with the complaint what came with it; its file is `kept` already."""
    policy.require(actor, Permission.COMPLAINT_LOG)
    paper = Paper(
        complaint=complaint, filename=filename, media_type=media_type, sha256=kept.sha256, size=kept.size
    )
    session.add(paper)
    session.flush()
    received = PaperReceived(paper=paper.key, filename=filename, sha256=kept.sha256, size=kept.size)
    record(session, received, actor=actor, complaint=complaint)
    return paper


def enter(session: Session, paper: Paper, *, actor: Account) -> Document:
    """Enter a paper in the evidence of the case, as the complainant's copy. No organisation sees it by that."""
    case = paper.complaint.case
    if case is None:
        raise RuleBroken("There is no case yet. Papers are entered as evidence once one is open.")
    if paper.document_id is not None:
        raise RuleBroken("This paper has been entered as evidence already.")
    document = evidence.receive(
        session,
        case,
        actor=actor,
        kept=Kept(paper.sha256, paper.size),
        filename=paper.filename,
        media_type=paper.media_type,
        title=paper.filename,
        supplier=Supplier.COMPLAINANT,
        supplied_on=paper.complaint.received_on,
        copy_kind=CopyKind.COPY,
    )
    paper.document = document
    entered = PaperEntered(paper=paper.key, filename=paper.filename, document=document.key)
    record(session, entered, actor=actor, complaint=paper.complaint)
    return document
