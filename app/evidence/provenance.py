"""What is said of a document after it was received: what it follows, that it was withdrawn, that the
complainant may see it. Its file, and what was said when it came, stay as they are.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app import policy
from app.accounts.models import Account
from app.audit.record import record
from app.consents.models import Basis, Consent
from app.core import clock
from app.core.errors import RuleBroken
from app.evidence.events import (
    DocumentFollows,
    DocumentShownToComplainant,
    DocumentWithdrawn,
    DocumentWithdrawnFromComplainant,
)
from app.evidence.models import ComplainantDisclosure, Document, Following
from app.policy import Permission
from app.recommendations.models import SubmittedDocument
from app.timeline.models import Row

#: Who relies on a document, in words; None if nobody of this kind does. A later room adds its own.
Reliance = Callable[[Session, Document], str | None]


def _links(_session: Session, document: Document) -> str | None:
    numbers = sorted({link.allegation.number for link in document.standing_links})
    return f"it is linked to allegation {', '.join(map(str, numbers))}" if numbers else None


def _consents(session: Session, document: Document) -> str | None:
    for kind in (Basis, Consent):
        if session.scalar(select(kind.id).where(kind.document_id == document.id).limit(1)) is not None:
            return "it shows that somebody consented, or may act for another"
    return None


def _versions(session: Session, document: Document) -> str | None:
    of_it = or_(Document.follows_id == document.id, Document.unpacked_from_id == document.id)
    still = select(Document.id).where(of_it, Document.withdrawn_at.is_(None)).limit(1)
    return "another document follows it or was unpacked from it" if session.scalar(still) else None


def _rows(session: Session, document: Document) -> str | None:
    rows = select(Row.number).where(Row.document_id == document.id, Row.struck_at.is_(None))
    numbers = session.scalars(rows.order_by(Row.number)).all()
    return f"row {', '.join(map(str, numbers))} of the timeline rests on it" if numbers else None


def _submissions(session: Session, document: Document) -> str | None:
    submitted = select(SubmittedDocument.id).where(SubmittedDocument.document_id == document.id).limit(1)
    return "it was submitted to show that a recommendation was done" if session.scalar(submitted) else None


RELIANCES: list[Reliance] = [_links, _consents, _versions, _rows, _submissions]


def relied_on(session: Session, document: Document) -> list[str]:
    """Why the document cannot be withdrawn, in words; nothing if it can."""
    return [why for why in (asked(session, document) for asked in RELIANCES) if why]


def withdraw(session: Session, document: Document, *, actor: Account, reasons: str) -> None:
    """Say that the document is evidence no more. It stays, with its file; nobody outside sees it from now on."""
    policy.require(actor, Permission.DOCUMENT_DISCLOSE, document.case)
    require_standing(document)
    if relied := relied_on(session, document):
        raise RuleBroken(
            f"It cannot be withdrawn, as {' and '.join(relied)}. Enter what is right beside it, as following it."
        )
    now = clock.now()
    document.withdrawn_at, document.withdrawn_by, document.withdrawn_because = now, actor, reasons
    for disclosure in document.disclosures:
        disclosure.withdrawn_at = disclosure.withdrawn_at or now
    for seen in document.shown_to_complainant:
        seen.withdrawn_at = seen.withdrawn_at or now
    told = DocumentWithdrawn(document=document.key, title=document.title, reasons=reasons)
    record(session, told, actor=actor, complaint=document.case.complaint)


def follow(
    session: Session, document: Document, *, actor: Account, earlier: Document | None, following: Following
) -> None:
    """Say that the document is an addendum to an earlier one or a corrected copy of it. Both stay."""
    policy.require(actor, Permission.DOCUMENT_ADD, document.case)
    require_standing(document)
    if earlier is None or earlier.case_id != document.case_id:
        raise RuleBroken("Select a document of this case.", field="earlier")
    if document.follows is not None:
        raise RuleBroken(f"It follows “{document.follows.title}” already.", field="earlier")
    before: Document | None = earlier
    while before is not None:
        if before is document:
            raise RuleBroken("That document follows this one. Select an earlier one.", field="earlier")
        before = before.follows
    document.follows, document.following = earlier, following
    told = DocumentFollows(
        document=document.key, title=document.title, earlier=earlier.title, following=following
    )
    record(session, told, actor=actor, complaint=document.case.complaint)


def show_to_complainant(
    session: Session, document: Document, *, actor: Account, original_is_meant: bool = False
) -> None:
    """Say that the complainant may see the document."""
    policy.require(actor, Permission.DOCUMENT_DISCLOSE, document.case)
    require_standing(document)
    if document.is_seen_by_complainant:
        raise RuleBroken("The complainant may see this document already.")
    require_meant(document, original_is_meant)
    document.shown_to_complainant.append(ComplainantDisclosure(disclosed_by_id=actor.id))
    told = DocumentShownToComplainant(document=document.key, title=document.title)
    record(session, told, actor=actor, complaint=document.case.complaint)


def withdraw_from_complainant(session: Session, document: Document, *, actor: Account) -> None:
    """Say that the complainant may see the document no more."""
    policy.require(actor, Permission.DOCUMENT_DISCLOSE, document.case)
    if not document.is_seen_by_complainant:
        raise RuleBroken("The complainant cannot see this document now.")
    for seen in document.shown_to_complainant:
        seen.withdrawn_at = seen.withdrawn_at or clock.now()
    told = DocumentWithdrawnFromComplainant(document=document.key, title=document.title)
    record(session, told, actor=actor, complaint=document.case.complaint)


def require_meant(document: Document, original_is_meant: bool) -> None:
    """Raise `RuleBroken` if there is a redacted copy of the document and nobody said the original is meant."""
    if document.redacted_copies and not original_is_meant:
        copy = document.redacted_copies[-1].title
        raise RuleBroken(
            f"“{copy}” is a redacted copy of it. Tick the box only if the original is to be seen.",
            field="original_is_meant",
        )


def require_standing(document: Document) -> None:
    """Raise `RuleBroken` if the document was withdrawn: nothing new is said of it then."""
    if document.withdrawn_at is not None:
        raise RuleBroken("This document was withdrawn. Enter it again if it is evidence after all.")
