"""Searching the words that were read from documents, page by page, in one case or in all.

A page is indexed by its own terms and by one that says which case it is of, so that a search within a case
never meets the pages of the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, contains_eager, joinedload, load_only

from app.accounts.models import Account
from app.cases.models import Case
from app.complaints.models import Complaint
from app.core.dialect.asking import exists_for_each, planned_anew
from app.core.dialect.words import PagesWith
from app.evidence.models import Document
from app.examining.models import PageText, Quarantine, Safety
from app.policy import visible_documents
from app.search import excerpts
from app.search.words import term_of_case, terms_of_page, words_of

PAGE, COUNTED = 25, 200
MOST_WORDS = 12


@dataclass(frozen=True)
class Hit:
    """A page of a document in which all the words stand; pieces of what it says, each found or not."""

    document: Document
    page: int
    pieces: Sequence[tuple[str, bool]]
    safety: Safety | None

    @property
    def is_infected(self) -> bool:
        return self.safety is Safety.INFECTED


@dataclass(frozen=True)
class Answer:
    """What was found. `total` is exact up to `COUNTED`; above, it is None. `last` is where the next page begins."""

    hits: Sequence[Hit]
    total: int | None
    last: int | None = None
    is_nothing_asked: bool = False


@planned_anew
def find(
    session: Session, account: Account, words: str, *, case: Case | None = None, before: int = 0
) -> Answer:
    """Pages of documents this person may read on which all the words stand, what was read last first."""
    terms = list(dict.fromkeys(term for term, _start, _end in words_of(words)))[:MOST_WORDS]
    if not terms:
        return Answer([], 0, is_nothing_asked=True)
    with_them = PagesWith(session, [*terms, *([term_of_case(case.id)] if case else [])])
    matching = _matching(account, with_them)
    total = session.scalar(select(func.count()).select_from(matching.limit(COUNTED + 1).subquery())) or 0
    rows = session.execute(_shown(matching, with_them, before=before)).all()
    hits = [_hit(said, safety, set(terms)) for said, safety in rows[:PAGE]]
    last = rows[PAGE - 1][0].id if len(rows) > PAGE else None
    return Answer(hits, total if total <= COUNTED else None, last)


def _matching(account: Account, with_them: PagesWith) -> Select[Any]:
    """The pages on which the terms stand, of documents this person may read; the newest first."""
    of_page = visible_documents(account).join(PageText, PageText.document_id == Document.id)
    of_page = of_page.where(PageText.id == with_them.page_id).with_only_columns(Document.id)
    readable = exists_for_each(with_them.table, of_page)
    matching = select(with_them.page_id.label("page_id")).where(with_them.matches, readable)
    return matching.order_by(with_them.page_id.desc())


#: What is read of a document and of its case: a list of what was found shows no more.
_SHOWN_OF = (
    load_only(Document.key, Document.title, Document.withdrawn_at),
    joinedload(Document.case).options(
        load_only(Case.id), joinedload(Case.complaint).load_only(Complaint.reference)
    ),
)


def _shown(matching: Select[Any], with_them: PagesWith, *, before: int) -> Any:
    """The newest pages, found and put in order before they are read: those are long."""
    if before:
        matching = matching.where(with_them.page_id < before)
    first = matching.limit(PAGE + 1).subquery()
    pages = (
        select(PageText, Quarantine.state)
        .join(first, first.c.page_id == PageText.id)
        .join(PageText.document)
        .outerjoin(Quarantine, Quarantine.document_id == Document.id)
        .options(
            load_only(PageText.page, PageText.words), contains_eager(PageText.document).options(*_SHOWN_OF)
        )
    )
    return pages.order_by(PageText.id.desc())


def _hit(said: PageText, safety: Safety | None, terms: set[str]) -> Hit:
    found = excerpts.spans(said.words, terms)
    return Hit(said.document, said.page, list(excerpts.pieces(said.words, found)) if found else [], safety)


def catch_up(session: Session, most: int = 200) -> int:
    """Index pages that are not: those read before there was an index. How many that were; 0 once all are."""
    return len(_indexed(session, select(PageText).where(PageText.terms == ""), most))


def rebuild(session: Session, after: int = 0, most: int = 200) -> tuple[int, int]:
    """Index the pages anew that come after that id: how many that were, 0 once all are; and the id of the last."""
    pages = _indexed(session, select(PageText).where(PageText.id > after), most)
    return len(pages), pages[-1].id if pages else after


def _indexed(session: Session, which: Select[PageText], most: int) -> Sequence[PageText]:
    first = which.options(joinedload(PageText.document)).order_by(PageText.id).limit(most)
    pages = session.scalars(first).all()
    for page in pages:
        page.terms = terms_of_page(page.words, page.document.case_id)
    session.flush()
    return pages
