from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from app.core.errors import NotFound
from app.core.work import UNFINISHED
from app.evidence.models import Document
from app.redaction.models import Aim, Redacting, RedactionMark

#: Marks of one document that stand at a time, and how many pieces of work its page shows.
MOST_MARKS, MOST_SHOWN = 2000, 20


def marks_of(session: Session, document: Document, page: int | None = None) -> Sequence[RedactionMark]:
    """The marks of a document, or of one page of it, in their order, those that are struck out included."""
    found = select(RedactionMark).where(RedactionMark.document_id == document.id)
    if page is not None:
        found = found.where(RedactionMark.page == page)
    found = found.options(joinedload(RedactionMark.added_by), joinedload(RedactionMark.struck_by))
    order = RedactionMark.page, RedactionMark.top, RedactionMark.left, RedactionMark.id
    return session.scalars(found.order_by(*order).limit(2 * MOST_MARKS)).all()


def standing(session: Session, document: Document) -> Sequence[RedactionMark]:
    """The marks that are not struck out, proposed ones included."""
    found = select(RedactionMark).where(RedactionMark.document_id == document.id)
    found = found.where(RedactionMark.struck_at.is_(None))
    return session.scalars(found.order_by(RedactionMark.page, RedactionMark.top, RedactionMark.id)).all()


def pages_marked(session: Session, document: Document) -> Sequence[tuple[int, int]]:
    """The pages with marks that stand, and how many each has."""
    counted = select(RedactionMark.page, func.count(RedactionMark.id)).group_by(RedactionMark.page)
    of_it = (RedactionMark.document_id == document.id, RedactionMark.struck_at.is_(None))
    rows = session.execute(counted.where(*of_it).order_by(RedactionMark.page))
    return [(page, count) for page, count in rows]


def mark_of(session: Session, document: Document, key: str) -> RedactionMark:
    """The mark of that key in the document. Raises `NotFound`."""
    this = (RedactionMark.document_id == document.id, RedactionMark.key == key)
    mark = session.scalar(select(RedactionMark).where(*this))
    if mark is None:
        raise NotFound("There is no such mark in this document.")
    return mark


def work_of(session: Session, document: Document) -> Sequence[Redacting]:
    """What the worker was asked to do with the document, the latest first."""
    asked = select(Redacting).where(Redacting.document_id == document.id)
    asked = asked.options(joinedload(Redacting.copy), joinedload(Redacting.account))
    return session.scalars(asked.order_by(Redacting.id.desc()).limit(MOST_SHOWN)).all()


def is_at_it(session: Session, document: Document, aim: Aim) -> bool:
    """Whether such work is still to be done."""
    asked = select(Redacting.id).where(Redacting.document_id == document.id, Redacting.aim == aim)
    return session.scalar(asked.where(Redacting.state.in_(UNFINISHED)).limit(1)) is not None
