from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from app.cases.models import Case
from app.core.errors import NotPermitted
from app.core.work import WorkState
from app.evidence.models import Document
from app.examining.kinds import LEAVES, PDF
from app.examining.models import Examination, PageText, Quarantine, Rendition, Safety

#: How many documents the page of a case shows.
MOST_SHOWN = 200
ABOUT = {
    Safety.INFECTED: "A virus was found in this file, so it is given to nobody. Send it again from a clean copy.",
    Safety.UNREADABLE: "The office cannot read this file at the moment. It has been told.",
    Safety.NOT_SCANNED: "This file has not been scanned for viruses, so it is not given out yet. Ask the office.",
}
NOT_YET = "This file is still being scanned for viruses. Try again in a few minutes."


def quarantine_of(session: Session, document: Document) -> Quarantine | None:
    return session.scalar(select(Quarantine).where(Quarantine.document_id == document.id))


def require_to_go_out(session: Session, document: Document) -> None:
    """Raises `NotPermitted`, with a word for people outside, unless they may be given the file."""
    quarantine = quarantine_of(session, document)
    if quarantine is None or not quarantine.may_go_out:
        raise NotPermitted(ABOUT.get(quarantine.state, NOT_YET) if quarantine else NOT_YET)


def has_leaves(quarantine: Quarantine | None) -> bool:
    """Whether a document has been recognised as something whose pages are drawn: a PDF or a picture."""
    return quarantine is not None and quarantine.media_type in LEAVES


def require_not_infected(session: Session, document: Document) -> None:
    """Raises `NotPermitted` if the file is infected: the office itself is not given it either."""
    quarantine = quarantine_of(session, document)
    if quarantine and quarantine.state is Safety.INFECTED:
        raise NotPermitted(f"{quarantine.infection} was found in this file. It is kept, and given to nobody.")


def require_content_not_infected(session: Session, sha256: str) -> None:
    """Raises `NotPermitted` if a virus was found in this content, under whatever name it came."""
    found = select(Quarantine.infection).join(Quarantine.document)
    found = found.where(Document.sha256 == sha256, Quarantine.state == Safety.INFECTED)
    infection = session.scalars(found.limit(1)).first()
    if infection is not None:
        raise NotPermitted(f"{infection} was found in this file. It is kept, and given to nobody.")


def safety_of(session: Session, hashes: Collection[str]) -> dict[str, Safety]:
    """By hash, what is known of the safety of content; nothing of what was never entered as a document."""
    known = select(Document.sha256, Quarantine.state).join(Quarantine.document)
    safety: dict[str, Safety] = {}
    for sha256, state in session.execute(known.where(Document.sha256.in_(hashes)).order_by(Document.id)):
        if safety.get(sha256) is not Safety.INFECTED:
            safety[sha256] = state
    return safety


def wordless(session: Session, document_id: int) -> Sequence[int]:
    """The pages that were drawn and of which no words are known, in their order."""
    words = (PageText.document_id == document_id, PageText.page == Rendition.page)
    said = exists().where(*words, func.trim(PageText.words, " \r\n\t\f") != "")
    drawn = select(Rendition.page).where(Rendition.document_id == document_id, Rendition.kind == "page")
    return session.scalars(drawn.where(~said).order_by(Rendition.page)).all()


def pages_counted(session: Session, document: Document) -> int | None:
    """How many pages were counted when its words were read; None before that.

    Only a PDF has pages of its own: a letter or a text is laid out as one likes.
    """
    read = select(Examination.result).join(Quarantine, Quarantine.document_id == Examination.document_id)
    result = session.scalar(
        read.where(
            Examination.document_id == document.id,
            Examination.kind == "text",
            Examination.state == WorkState.DONE,
            Quarantine.media_type == PDF,
        )
    )
    return result["pages"] if result else None


def by_document(session: Session, case: Case) -> list[tuple[Quarantine, Sequence[Examination]]]:
    """What is known and what is being done of each file of the case, the latest document first."""
    known = select(Quarantine).join(Quarantine.document).where(Document.case_id == case.id)
    known = known.options(contains_eager(Quarantine.document), joinedload(Quarantine.released_by))
    quarantines = session.scalars(known.order_by(Document.id.desc()).limit(MOST_SHOWN)).all()
    theirs = select(Examination).where(Examination.document_id.in_([q.document_id for q in quarantines]))
    examinations: dict[int, list[Examination]] = {}
    for examination in session.scalars(theirs.order_by(Examination.id)):
        examinations.setdefault(examination.document_id, []).append(examination)
    return [(quarantine, examinations.get(quarantine.document_id, [])) for quarantine in quarantines]
