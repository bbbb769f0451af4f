from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.cases.models import Case
from app.core.errors import NotFound
from app.evidence.models import Disclosure, Document, EvidenceLink

#: How many documents one page shows.
MOST_SHOWN = 200


def of_case(session: Session, case: Case) -> Sequence[Document]:
    """The documents of the case, latest first, with who may see them and what they bear upon."""
    documents = select(Document).where(Document.case_id == case.id)
    documents = documents.options(
        joinedload(Document.supplied_by_organisation),
        selectinload(Document.disclosures).joinedload(Disclosure.organisation),
        selectinload(Document.shown_to_complainant),
        selectinload(Document.links).joinedload(EvidenceLink.allegation),
    )
    return session.scalars(documents.order_by(Document.id.desc()).limit(MOST_SHOWN)).all()


def in_case(session: Session, case: Case, key: str) -> Document:
    """The document of that key in the case. Raises `NotFound`."""
    document = session.scalar(select(Document).where(Document.case_id == case.id, Document.key == key))
    if document is None:
        raise NotFound("There is no such document in this case.")
    return document


def same_content(session: Session, document: Document) -> Sequence[Document]:
    """Other documents of the same case with the very same content."""
    same = select(Document).where(
        Document.sha256 == document.sha256, Document.case_id == document.case_id, Document.id != document.id
    )
    return session.scalars(same.order_by(Document.id).limit(MOST_SHOWN)).all()
