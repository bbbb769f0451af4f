from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, false, func, literal, select
from sqlalchemy.orm import Session, joinedload

from app.core.errors import NotFound
from app.core.work import WorkState
from app.evidence.models import Document, EvidenceLink
from app.examining.models import Examination, PageText, Rendition
from app.reading.models import CitationRegion
from app.search.excerpts import written_alike
from app.search.words import terms_of

#: Words asked for at a time, pages listed that have them, places shown of one page, and letters around each.
MOST_WORDS, MOST_HITS, MOST_PLACES, AROUND = 8, 100, 3, 60
#: The kind of rendition that is a page as people read it.
PAGE = "page"


@dataclass(frozen=True)
class Leaf:
    """One page of a document, as it can be read."""

    document: Document
    page: int
    in_all: int
    picture: Rendition | None
    words: PageText | None
    drawing: Examination | None
    cited: Sequence[tuple[EvidenceLink, CitationRegion | None]]

    @property
    def is_being_drawn(self) -> bool:
        return self.drawing is not None and self.drawing.is_unfinished

    @property
    def problem(self) -> str:
        """Why there is no picture of the page, if that is known."""
        failed = self.drawing is not None and self.drawing.state is WorkState.FAILED
        return self.drawing.problem if failed and self.drawing else ""


@dataclass(frozen=True)
class Hit:
    """A page with all the words that were asked for, and what stands around them: each word, and whether it is one."""

    page: int
    is_recognised: bool
    places: Sequence[Sequence[tuple[str, bool]]]


def leaf(session: Session, document: Document, page: int) -> Leaf:
    """That page of the document, or the one that is nearest to it."""
    kinds = Examination.document_id == document.id, Examination.kind == "pages"
    drawing = session.scalar(select(Examination).where(*kinds))
    in_all = max(_last(session, document), drawing.result.get("pages", 0) if drawing else 0)
    page = min(max(page, 1), max(in_all, 1))
    words = select(PageText).where(PageText.document_id == document.id, PageText.page == page)
    cited = [
        (link, region) for link, region in cited_of(session, document) if page in pages_in(link.page, in_all)
    ]
    return Leaf(
        document, page, in_all, picture(session, document, page), session.scalar(words), drawing, cited
    )


def picture(session: Session, document: Document, page: int) -> Rendition | None:
    this = (Rendition.document_id == document.id, Rendition.kind == PAGE, Rendition.page == page)
    return session.scalar(select(Rendition).where(*this))


def picture_of(session: Session, document: Document, page: int) -> Rendition:
    """The picture of a page. Raises `NotFound`."""
    found = picture(session, document, page)
    if found is None:
        raise NotFound("This page has not been drawn.")
    return found


def cited_of(session: Session, document: Document) -> Sequence[tuple[EvidenceLink, CitationRegion | None]]:
    """What links the document to allegations, each with the region it cites if it cites one."""
    links = select(EvidenceLink, CitationRegion).where(EvidenceLink.document_id == document.id)
    links = links.outerjoin(CitationRegion, CitationRegion.evidence_link_id == EvidenceLink.id)
    links = links.options(joinedload(EvidenceLink.allegation))
    return [(link, region) for link, region in session.execute(links.order_by(EvidenceLink.id))]


def pages_in(cited: str, in_all: int) -> range:
    """The pages that a citation names: 3, 12–14, 3, region 2. None if it names none by number."""
    found = re.match(r"\D{0,9}([0-9]{1,5})(?:\s*[-–]\s*([0-9]{1,5}))?", cited)
    if found is None or re.match(r"\W*image", cited, re.IGNORECASE):
        return range(0)
    first = int(found[1])
    return range(first, min(int(found[2] or first), in_all) + 1)


def hits(session: Session, document: Document, words: str) -> Sequence[Hit]:
    """The pages on which all these words stand, in their order."""
    terms = words.split()[:MOST_WORDS]
    if not terms:
        return []
    found = select(PageText).where(PageText.document_id == document.id)
    for term in terms:
        found = found.where(PageText.words.icontains(term, autoescape=True) | _spelt_otherwise(term))
    pages = session.scalars(found.order_by(PageText.page).limit(MOST_HITS))
    return [
        Hit(page.page, page.recognised, places(page.words, as_written(page.words, terms))) for page in pages
    ]


def as_written(text: str, terms: Sequence[str]) -> list[str]:
    """The terms as the text has them: as they are, or else in its own spelling of each."""
    lowered = text.lower()
    spelt = ([term] if term.lower() in lowered else written_alike(text, term) for term in terms)
    return [word for words in spelt for word in words]


def _spelt_otherwise(word: str) -> ColumnElement[bool]:
    """Whether a page has the word in another spelling or form: as the index of pages has it."""
    every = literal(" ") + PageText.terms + " "
    alike = [every.contains(f" {term} ", autoescape=True) for term in terms_of(word)]
    return and_(*alike) if alike else false()


def places(text: str, terms: Sequence[str]) -> Sequence[Sequence[tuple[str, bool]]]:
    """The first places at which one of the terms stands, each cut into what is a term and what is around it."""
    any_of_them = re.compile("|".join(map(re.escape, terms)), re.IGNORECASE)
    shown: list[Sequence[tuple[str, bool]]] = []
    after = 0
    for match in any_of_them.finditer(text):
        if match.start() < after:
            continue
        begin, after = max(0, match.start() - AROUND), match.end() + AROUND
        shown.append(marked(text[begin:after], any_of_them))
        if len(shown) == MOST_PLACES:
            break
    return shown


def marked(text: str, terms: re.Pattern[str]) -> Sequence[tuple[str, bool]]:
    """The text in pieces, each with whether it is one of the terms."""
    pieces, at = [], 0
    for match in terms.finditer(text):
        pieces += [(text[at : match.start()], False), (match[0], True)]
        at = match.end()
    return [(words, is_term) for words, is_term in (*pieces, (text[at:], False)) if words]


def marked_words(page: PageText | None, words: str) -> Sequence[tuple[str, bool]]:
    """All the words of a page, with those that were asked for marked."""
    if page is None:
        return []
    terms = as_written(page.words, words.split()[:MOST_WORDS])
    return marked(page.words, re.compile("|".join(map(re.escape, terms)) or r"(?!)", re.IGNORECASE))


def _last(session: Session, document: Document) -> int:
    """The last page that is known of."""
    drawn = select(func.max(Rendition.page)).where(
        Rendition.document_id == document.id, Rendition.kind == PAGE
    )
    read = select(func.max(PageText.page)).where(PageText.document_id == document.id)
    return max(session.scalar(drawn) or 0, session.scalar(read) or 0)
