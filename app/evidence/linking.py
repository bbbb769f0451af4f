"""Links between evidence and allegations: what bears upon which, where in it, with which weight and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import policy
from app.accounts.models import Account
from app.allegations.models import Allegation
from app.audit.record import record
from app.core import clock
from app.core.errors import RuleBroken
from app.evidence import provenance
from app.evidence.events import DocumentLinked, LinkTakenBack, RowLinked
from app.evidence.models import Document, EvidenceLink, Weight
from app.findings.models import FindingEvidence
from app.policy import Permission

if TYPE_CHECKING:
    from app.timeline.models import Row


def link(
    session: Session,
    document: Document,
    allegation: Allegation,
    *,
    actor: Account,
    note: str,
    page: str = "",
    weight: Weight = Weight.CONTEXT,
    reason: str = "",
) -> EvidenceLink:
    """Say that the document bears upon an allegation, where in it, what it shows, and what that weighs."""
    policy.require(actor, Permission.DOCUMENT_ADD, document.case)
    provenance.require_standing(document)
    if allegation not in document.case.allegations:
        raise RuleBroken("Select an allegation of this case.", field="allegation")
    if any(other.allegation is allegation and other.page == page for other in document.standing_links):
        raise RuleBroken("This page is linked to that allegation already.", field="page")
    _require_reason(weight, reason)
    linked = EvidenceLink(
        allegation=allegation, page=page, note=note, weight=weight, reason=reason, added_by=actor
    )
    document.links.append(linked)
    told = DocumentLinked(
        document=document.key,
        title=document.title,
        allegation=allegation.number,
        page=page,
        note=note,
        weight=weight.label,
        reason=reason,
    )
    record(session, told, actor=actor, complaint=document.case.complaint)
    return linked


def link_row(
    session: Session,
    row: Row,
    allegation: Allegation,
    *,
    actor: Account,
    note: str,
    weight: Weight,
    reason: str,
) -> EvidenceLink:
    """Say that a row of the timeline bears upon an allegation."""
    policy.require(actor, Permission.DOCUMENT_ADD, row.case)
    if row.struck_at is not None:
        raise RuleBroken("This row is struck out. Link one that stands.")
    if allegation not in row.case.allegations:
        raise RuleBroken("Select an allegation of this case.", field="allegation")
    if any(other.timeline_row is row for other in allegation.standing_links):
        raise RuleBroken("This row is linked to that allegation already.", field="allegation")
    _require_reason(weight, reason)
    linked = EvidenceLink(
        allegation=allegation, timeline_row=row, note=note, weight=weight, reason=reason, added_by=actor
    )
    session.add(linked)
    told = RowLinked(
        row=row.number,
        title=row.cited,
        allegation=allegation.number,
        note=note,
        weight=weight.label,
        reason=reason,
    )
    record(session, told, actor=actor, complaint=row.case.complaint)
    return linked


def allegations_of(session: Session, row: Row) -> list[int]:
    """The numbers of the allegations that a row of the timeline bears upon."""
    bearing = select(Allegation.number).join(EvidenceLink, EvidenceLink.allegation_id == Allegation.id)
    bearing = bearing.where(EvidenceLink.timeline_row_id == row.id, EvidenceLink.struck_at.is_(None))
    return list(session.scalars(bearing.order_by(Allegation.number)))


def take_back(session: Session, linked: EvidenceLink, *, actor: Account, reasons: str) -> None:
    """Say that a link should not stand. It can still be read, with the reasons, and no finding rests on it."""
    complaint = linked.allegation.complaint
    policy.require(actor, Permission.DOCUMENT_ADD, complaint.case)
    if linked.struck_at is not None:
        raise RuleBroken("This link was taken back already.")
    resting = select(FindingEvidence.id).where(FindingEvidence.link_id == linked.id).limit(1)
    if session.scalar(resting) is not None:
        raise RuleBroken(
            f"The finding on allegation {linked.allegation.number} rests on it."
            " Rewrite the finding without it first."
        )
    linked.struck_at, linked.struck_by, linked.struck_because = clock.now(), actor, reasons
    told = LinkTakenBack(
        title=linked.called,
        allegation=linked.allegation.number,
        page=linked.page,
        weight=linked.weight.label,
        reasons=reasons,
    )
    record(session, told, actor=actor, complaint=complaint)


def _require_reason(weight: Weight, reason: str) -> None:
    """What speaks for or against an allegation is worth what is said for that. Context may go without."""
    if weight is not Weight.CONTEXT and not reason:
        raise RuleBroken("Enter why it has that weight.", field="reason")
