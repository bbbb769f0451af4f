from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, event, insert, select
from sqlalchemy.orm import Session, UOWTransaction

from app import policy
from app.accounts.models import Account
from app.audit.record import record
from app.core import clock
from app.core.errors import RuleBroken
from app.core.files import Kept
from app.core.work import UNFINISHED, Taken, WorkState
from app.evidence.models import Document
from app.examining import queries
from app.examining.events import DocumentReleased, DocumentScanned
from app.examining.kinds import AFTER, FIRST, following
from app.examining.models import Examination, PageText, Quarantine, Rendition, Safety
from app.policy import Permission


@dataclass(frozen=True)
class Known:
    """What a transaction that keeps results has to know of some documents, read at once, by the document's id."""

    session: Session
    quarantines: dict[int, Quarantine]
    #: What has been asked to be done with each.
    kinds: dict[int, set[str]]

    @classmethod
    def of(cls, session: Session, documents: Sequence[Document]) -> Known:
        ids = [document.id for document in documents]
        found = session.scalars(select(Quarantine).where(Quarantine.document_id.in_(ids)))
        known = cls(session, {quarantine.document_id: quarantine for quarantine in found}, {})
        asked = select(Examination.document_id, Examination.kind).where(Examination.document_id.in_(ids))
        for number, kind in session.execute(asked):
            known.kinds.setdefault(number, set()).add(kind)
        return known

    def quarantine_of(self, document: Document) -> Quarantine:
        if document.id not in self.quarantines:  # its document was entered in bulk, past the session
            self.quarantines[document.id] = Quarantine(document=document, state=Safety.RECEIVED)
            self.session.add(self.quarantines[document.id])
        return self.quarantines[document.id]


def listen() -> None:
    """Have every document that is entered quarantined, and examined, in the very transaction that enters it."""
    if not event.contains(Session, "before_flush", _have_examined):
        event.listen(Session, "before_flush", _have_examined)
        event.listen(Session, "after_flush", _put_in_quarantine)


def begin_scan(session: Session, document: Document) -> None:
    quarantine = _quarantine_of(session, document)
    if quarantine.state is not Safety.INFECTED:
        quarantine.state = Safety.SCANNING


def finish(session: Session, taken: Taken[Examination], result: dict[str, Any]) -> None:
    """It is done: keep what came of it, and have done what follows from it. Raises `LeaseLost`."""
    examination = taken.done(session)
    examination.result = result
    document = examination.document
    keep_result(session, document, examination.kind, result, Known.of(session, [document]))


def keep_result(
    session: Session, document: Document, kind: str, result: dict[str, Any], known: Known
) -> list[Examination]:
    """Keep what an examination of that kind told of the document, and have done what follows from it: that is
    returned.
    """
    quarantine = known.quarantine_of(document)
    if kind == "scan":
        _scanned(session, quarantine, Safety(result["state"]), infection=result.get("infection", ""))
    follows: Sequence[str] = AFTER.get(kind, ())
    if kind == "text" and document.pages is None:
        session.flush()
        document.pages = queries.pages_counted(session, document)
    if kind == "describe":
        quarantine.media_type, quarantine.mismatch = result["media_type"], result["mismatch"]
        follows = following(result["media_type"])
    if kind in {"text", "pages"}:
        _recognise(session, document)
    return _have_done(session, document, follows, known)


def _have_done(session: Session, document: Document, kinds: Sequence[str], known: Known) -> list[Examination]:
    """Have these things done with a document, but for those that were asked for before."""
    there = known.kinds.setdefault(document.id, set())
    wanted = [_asked(document, kind) for kind in kinds if kind not in there]
    there.update(kinds)
    session.add_all(wanted)
    return wanted


def _asked(document: Document, kind: str) -> Examination:
    """With all that it begins with, done already or not, so that many are inserted at once."""
    examination = Examination(document=document, kind=kind, result={})
    examination.put_back()
    return examination


def have_drawn(session: Session, document: Document, *, actor: Account) -> None:
    """Have the pages drawn of a document that came before pages were."""
    policy.require(actor, Permission.DOCUMENT_READ, document.case)
    known = Known.of(session, [document])
    can_be = "pages" in following(known.quarantine_of(document).media_type)
    if not can_be or not _have_done(session, document, ["pages"], known):
        raise RuleBroken("Its pages are drawn already, or are being drawn, or it is no PDF and no picture.")


def scanned(session: Session, document: Document, state: Safety, *, infection: str = "") -> None:
    """Keep what the scanner said. What was once infected stays so: another scanner may only know less."""
    _scanned(session, _quarantine_of(session, document), state, infection=infection)


def _scanned(session: Session, quarantine: Quarantine, state: Safety, *, infection: str) -> None:
    if quarantine.state is Safety.INFECTED:
        return
    quarantine.state, quarantine.infection = state, infection
    if state in {Safety.CLEAN, Safety.INFECTED}:
        quarantine.scanned_at, document = clock.now(), quarantine.document
        told = DocumentScanned(document=document.key, title=document.title, state=state, infection=infection)
        record(session, told, actor=None, complaint=document.case.complaint)


def scan_what_was_not(session: Session, *, most: int) -> int:
    """Have scanned what came while no scanner was set, while fewer than `most` scans wait. How many more do."""
    scans = select(Examination).where(Examination.kind == "scan")
    waiting = scans.where(Examination.state.in_(UNFINISHED)).limit(most)
    room = most - len(session.scalars(waiting.with_only_columns(Examination.id)).all())
    unscanned = scans.join(Quarantine, Quarantine.document_id == Examination.document_id).where(
        Quarantine.state == Safety.NOT_SCANNED, Examination.state == WorkState.DONE
    )
    again = session.scalars(unscanned.order_by(Examination.id).limit(room)).all()
    for examination in again:
        examination.put_back()
    return len(again)


def keep_pages(session: Session, document_id: int, first: int, pages: Sequence[str]) -> None:
    """Keep the words of pages; those that were kept of them before are replaced."""
    last = first + len(pages)
    theirs = PageText.document_id == document_id
    session.execute(delete(PageText).where(theirs, PageText.page >= first, PageText.page < last))
    session.add_all(
        PageText(document_id=document_id, page=number, words=words.replace("\0", ""))
        for number, words in enumerate(pages, first)
    )


def keep_recognised(session: Session, document_id: int, page: int, words: str) -> None:
    """Keep the words a machine recognised in a page of which no words were known."""
    keep_pages(session, document_id, page, [words])
    session.flush()
    this = (PageText.document_id == document_id, PageText.page == page)
    session.scalars(select(PageText).where(*this)).one().recognised = True


def keep_rendition(
    session: Session, document_id: int, kind: str, page: int, kept: Kept, width: int, height: int
) -> None:
    this = (Rendition.document_id == document_id, Rendition.kind == kind, Rendition.page == page)
    rendition = session.scalar(select(Rendition).where(*this))
    if rendition is None:
        rendition = Rendition(document_id=document_id, kind=kind, page=page)
        session.add(rendition)
    rendition.sha256, rendition.size = kept.sha256, kept.size
    rendition.width, rendition.height = width, height


def try_again(session: Session, document: Document, *, actor: Account) -> None:
    """Have what failed with a document, or was not scanned, done once more from the start."""
    policy.require(actor, Permission.DOCUMENT_ADD, document.case)
    theirs = session.scalars(select(Examination).where(Examination.document_id == document.id))
    again = [examination for examination in theirs if examination.may_be_tried_again]
    if not again:
        raise RuleBroken("Nothing failed with this document: there is nothing to try again.")
    for examination in again:
        examination.put_back()


def release(session: Session, document: Document, *, actor: Account, reasons: str) -> None:
    """Let people outside be given a file that was not scanned, because a manager has seen to it otherwise."""
    policy.require(actor, Permission.DOCUMENT_RELEASE, document.case)
    quarantine = _quarantine_of(session, document)
    if quarantine.state is Safety.INFECTED:
        raise RuleBroken("This file is infected. Nobody is given it, and nobody can release it.")
    if quarantine.may_go_out:
        raise RuleBroken("This file may go out already.")
    if quarantine.state is not Safety.NOT_SCANNED:
        raise RuleBroken("This file is still to be scanned. Wait for what the scanner says.")
    quarantine.released_at, quarantine.released_by_id = clock.now(), actor.id
    quarantine.release_reasons = reasons
    told = DocumentReleased(document=document.key, title=document.title, reasons=reasons)
    record(session, told, actor=actor, complaint=document.case.complaint)


def _quarantine_of(session: Session, document: Document) -> Quarantine:
    return Known.of(session, [document]).quarantine_of(document)


def _recognise(session: Session, document: Document) -> None:
    """Once its words and its pages are there, have words recognised in the pages that have none."""
    theirs = session.scalars(select(Examination).where(Examination.document_id == document.id)).all()
    kinds = {examination.kind: examination for examination in theirs}
    if any(kind in kinds and kinds[kind].is_unfinished for kind in ("text", "pages")) or "pages" not in kinds:
        return
    if "ocr" not in kinds and queries.wordless(session, document.id):
        session.add(Examination(document=document, kind="ocr"))


def _have_examined(session: Session, _flush: UOWTransaction, _rows: object) -> None:
    for document in [row for row in session.new if isinstance(row, Document)]:
        session.add_all(Examination(document=document, kind=kind) for kind in FIRST)


def _put_in_quarantine(session: Session, _flush: UOWTransaction) -> None:
    """All that were entered at once: nothing is asked of these rows before they are read again."""
    if entered := [{"document_id": row.id} for row in session.new if isinstance(row, Document)]:
        session.execute(insert(Quarantine), entered)
