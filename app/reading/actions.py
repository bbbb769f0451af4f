"""Citing a page, several, or a region of one, as a link to an allegation that leads back to it."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.models import Account
from app.allegations.models import Allegation
from app.audit.record import record
from app.core.errors import RuleBroken
from app.evidence.linking import link
from app.evidence.models import Document, EvidenceLink, Weight
from app.reading import queries
from app.reading.boxes import Box
from app.reading.events import RegionCited
from app.reading.models import CitationRegion


def cite(
    session: Session,
    document: Document,
    allegation: Allegation,
    *,
    actor: Account,
    note: str,
    page: int,
    last_page: int | None = None,
    box: Box | None = None,
    weight: Weight = Weight.CONTEXT,
    reason: str = "",
) -> EvidenceLink:
    """Link the document to an allegation at this page, or from it to a later one, or at a region of it."""
    in_all = queries.leaf(session, document, 1).in_all
    if not 1 <= page <= in_all:
        raise RuleBroken(f"Enter a page from 1 to {in_all}.", field="page")
    if last_page is None or last_page == page:
        told = str(page)
    elif box:
        raise RuleBroken("A region is of one page. Leave the last page empty.", field="last_page")
    elif not page < last_page <= in_all:
        raise RuleBroken(f"Enter a later page, up to {in_all}, or none.", field="last_page")
    else:
        told = f"{page}–{last_page}"
    if box:
        told = f"{page}, region {_regions(session, document, page) + 1}"
    linked = link(
        session, document, allegation, actor=actor, note=note, page=told, weight=weight, reason=reason
    )
    if box:
        session.flush()
        sides = {"left": box.left, "top": box.top, "right": box.right, "bottom": box.bottom}
        session.add(CitationRegion(link=linked, page=page, **sides))
        cited = RegionCited(
            document=document.key,
            title=document.title,
            allegation=allegation.number,
            page=told,
            box=list(sides.values()),
        )
        record(session, cited, actor=actor, complaint=document.case.complaint)
    return linked


def _regions(session: Session, document: Document, page: int) -> int:
    """How many regions of the page are cited already."""
    regions = select(func.count(CitationRegion.id)).join(CitationRegion.link)
    of_it = (EvidenceLink.document_id == document.id, CitationRegion.page == page)
    return session.scalar(regions.where(*of_it)) or 0
