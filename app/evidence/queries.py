from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.allegations.models import Allegation
from app.cases.models import Case
from app.core.errors import NotFound
from app.evidence.models import Disclosure, Document, EvidenceLink
from app.timeline.models import Row

#: How many documents one page shows.
MOST_SHOWN = 200
#: How many rows one page of the table of evidence and allegations shows.
PAGE = 50
#: What a link is of, fetched with it: its page says what that is called, and leads there.
_SOURCES = (
    joinedload(EvidenceLink.document),
    joinedload(EvidenceLink.timeline_row).joinedload(Row.document),
)


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


def link_in(session: Session, case: Case, number: int) -> EvidenceLink:
    """The link of that number in the case. Raises `NotFound`."""
    links = select(EvidenceLink).join(EvidenceLink.allegation).options(*_SOURCES)
    linked = session.scalar(
        links.where(EvidenceLink.id == number, Allegation.complaint_id == case.complaint_id)
    )
    if linked is None:
        raise NotFound("There is no such link in this case.")
    return linked


def of_allegation(session: Session, allegation: Allegation) -> Sequence[EvidenceLink]:
    """What bears upon the allegation, the first said first, and what was taken back."""
    links = select(EvidenceLink).where(EvidenceLink.allegation_id == allegation.id).options(*_SOURCES)
    links = links.options(joinedload(EvidenceLink.added_by), joinedload(EvidenceLink.struck_by))
    return session.scalars(links.order_by(EvidenceLink.id).limit(MOST_SHOWN)).all()


def columns(session: Session, case: Case) -> list[Allegation]:
    """The allegations that were accepted, as columns of the table: in as many statements for fifty as for one."""
    theirs = select(Allegation).where(Allegation.complaint_id == case.complaint_id)
    theirs = theirs.options(joinedload(Allegation.organisation), selectinload(Allegation.checks))
    return [one for one in session.scalars(theirs.order_by(Allegation.number)) if one.is_accepted]


@dataclass(frozen=True)
class Linked:
    """A row of the table: a document or a row of the timeline, and its links by the allegation's id."""

    source: Document | Row
    links: Mapping[int, Sequence[EvidenceLink]]

    @property
    def is_document(self) -> bool:
        return isinstance(self.source, Document)


@dataclass(frozen=True)
class Counts:
    """How many documents and rows of the timeline stand, and how many of each are linked to something."""

    documents: int
    linked_documents: int
    rows: int
    linked_rows: int

    @property
    def unlinked(self) -> int:
        return self.documents + self.rows - self.linked_documents - self.linked_rows


def linked(session: Session, case: Case, *, passed: int) -> list[Linked]:
    """One page of what is linked, and one more: documents as they came, then rows in the order of the timeline."""
    links = _standing_links(case)
    documents = _of(Document, case).where(Document.id.in_(links.with_only_columns(EvidenceLink.document_id)))
    rows = _of(Row, case).where(Row.id.in_(links.with_only_columns(EvidenceLink.timeline_row_id)))
    sources = _page(session, documents, rows, passed)
    ids = {kind: [source.id for source in sources if isinstance(source, kind)] for kind in (Document, Row)}
    theirs = links.where(
        or_(EvidenceLink.document_id.in_(ids[Document]), EvidenceLink.timeline_row_id.in_(ids[Row]))
    )
    by_source: dict[tuple[int | None, int | None], dict[int, list[EvidenceLink]]] = {}
    for one in session.scalars(theirs.options(*_SOURCES).order_by(EvidenceLink.id)):
        found = by_source.setdefault((one.document_id, one.timeline_row_id), {})
        found.setdefault(one.allegation_id, []).append(one)
    return [Linked(source, by_source.get(_key(source), {})) for source in sources]


def unlinked(session: Session, case: Case, *, passed: int) -> list[Linked]:
    """One page of what is linked to nothing, and one more. What was withdrawn or struck out need not be."""
    documents, rows = _standing(case)
    return [Linked(source, {}) for source in _page(session, *_without(case, documents, rows), passed)]


def linked_counts(session: Session, case: Case) -> Counts:
    documents, rows = _standing(case)
    no_documents, no_rows = _without(case, documents, rows)
    found = [
        select(func.count()).select_from(each.subquery()).scalar_subquery()
        for each in (documents, no_documents, rows, no_rows)
    ]
    documents_in_all, without, rows_in_all, rows_without = session.execute(select(*found)).one()
    return Counts(documents_in_all, documents_in_all - without, rows_in_all, rows_in_all - rows_without)


def _of(kind: Any, case: Case) -> Select[Any]:
    return select(kind).where(kind.case_id == case.id)


def _standing(case: Case) -> tuple[Select[Any], Select[Any]]:
    documents = _of(Document, case).where(Document.withdrawn_at.is_(None))
    return documents, _of(Row, case).where(Row.struck_at.is_(None))


def _without(case: Case, documents: Select[Any], rows: Select[Any]) -> tuple[Select[Any], Select[Any]]:
    """Those of them that are linked to nothing."""
    links = _standing_links(case)
    linked_documents = links.where(EvidenceLink.document_id.is_not(None))
    linked_rows = links.where(EvidenceLink.timeline_row_id.is_not(None))
    return (
        documents.where(Document.id.not_in(linked_documents.with_only_columns(EvidenceLink.document_id))),
        rows.where(Row.id.not_in(linked_rows.with_only_columns(EvidenceLink.timeline_row_id))),
    )


def _standing_links(case: Case) -> Select[Any]:
    links = select(EvidenceLink).join(EvidenceLink.allegation)
    return links.where(Allegation.complaint_id == case.complaint_id, EvidenceLink.struck_at.is_(None))


def _page(session: Session, documents: Select[Any], rows: Select[Any], passed: int) -> list[Document | Row]:
    """A page of documents and, once these end, of rows; and one more."""
    there: list[Document | Row] = []
    there += session.scalars(documents.order_by(Document.id).offset(passed).limit(PAGE + 1))
    if len(there) <= PAGE:
        before = session.scalar(select(func.count()).select_from(documents.subquery())) or 0
        rest = rows.order_by(Row.happened_at, Row.number).options(joinedload(Row.study))
        there += session.scalars(rest.offset(max(0, passed - before)).limit(PAGE + 1 - len(there)))
    return there


def _key(source: Document | Row) -> tuple[int | None, int | None]:
    return (source.id, None) if isinstance(source, Document) else (None, source.id)


def same_content(session: Session, document: Document) -> Sequence[Document]:
    """Other documents of the same case with the very same content."""
    same = select(Document).where(
        Document.sha256 == document.sha256, Document.case_id == document.case_id, Document.id != document.id
    )
    return session.scalars(same.order_by(Document.id).limit(MOST_SHOWN)).all()
