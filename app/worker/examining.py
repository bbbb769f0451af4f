"""Examining a document's file: fetched, handed to its examiner with no transaction open, and noted."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.work import Taken
from app.database import db
from app.evidence.models import Document
from app.examining import actions
from app.examining.clamd import NoScanner
from app.examining.kinds import FIRST, KINDS, Job
from app.examining.models import Examination, Quarantine, Safety
from app.examining.queries import wordless
from app.imaging.actions import file_images
from app.messages.actions import file_messages
from app.worker.notes import surely
from app.worker.turns import turns

#: How long one portion may take before the work is thought lost: longer than the scanner has for one file.
HELD = timedelta(minutes=5)
#: How many scans may wait before no more of what came without a scanner are added.
MOST_SCANS = 100


def _file_messages(session: Session, read: Sequence[Read]) -> None:
    for document, said in read:
        file_messages(session, document, said)


#: A document, and what came of an examination of it.
Read = tuple[Document, dict[str, Any]]
#: What a later room makes of what came of examinations of one kind, in the transaction that keeps it.
AFTERWARDS: dict[str, Callable[[Session, Sequence[Read]], object]] = {
    "dicom": file_images,
    "message": _file_messages,
}


def examine(taken: Taken[Examination]) -> None:
    """Do one examination of one document. What cannot be read is parked with its reason."""
    examination = db.session.get_one(Examination, taken.number)
    kind, document = examination.kind, examination.document
    key, filename, sha256 = document.id, document.filename, document.sha256
    found = db.session.scalar(select(Quarantine.media_type).where(Quarantine.document_id == key)) or ""
    db.close()
    if kind not in FIRST and not KINDS[kind].quick:
        turns.after_others()
    surely(lambda session: _begin(session, taken))

    def kept(write: object) -> None:
        def note(session: Session) -> None:
            taken.hold(session, lease=HELD)
            write(session)  # type: ignore[operator]

        surely(note)

    try:
        with TemporaryDirectory(prefix="examining-") as scratch, stored_file(sha256, Path(scratch)) as path:
            job = Job(
                path=path,
                filename=filename,
                media_type=found,
                scratch=Path(scratch),
                scanner=current_app.config["CLAMD"],
                renditions=current_app.extensions["renditions"],
                keep_pages=lambda first, pages: kept(lambda s: actions.keep_pages(s, key, first, pages)),
                keep_recognised=lambda page, words: kept(
                    lambda s: actions.keep_recognised(s, key, page, words)
                ),
                wordless=lambda: _wordless(key),
                keep_rendition=lambda *what: kept(lambda s: actions.keep_rendition(s, key, *what)),
            )
            result = KINDS[kind].do(job)
    except NoScanner as reason:
        why = str(reason)
        surely(lambda session: _not_scanned(session, taken, why))
    except FileNotFoundError:
        surely(lambda session: _missing(session, taken))
    else:
        surely(lambda session: _finish(session, taken, result))


def scan_what_was_not() -> None:
    """Once there is a scanner, it is given what came before, some at a time."""
    if current_app.config["CLAMD"]:
        with db.unit_of_work() as session:
            actions.scan_what_was_not(session, most=MOST_SCANS)


def _begin(session: Session, taken: Taken[Examination]) -> None:
    examination = taken.hold(session, lease=HELD)
    if examination.kind == "scan":
        actions.begin_scan(session, examination.document)


def _finish(session: Session, taken: Taken[Examination], result: dict[str, Any]) -> None:
    actions.finish(session, taken, result)
    examination = session.get_one(Examination, taken.number)
    if afterwards := AFTERWARDS.get(examination.kind):
        afterwards(session, [(examination.document, result)])


def _wordless(document_id: int) -> Sequence[int]:
    pages = wordless(db.session, document_id)
    db.close()
    return pages


def _not_scanned(session: Session, taken: Taken[Examination], why: str) -> None:
    """It is tried again after a while, and goes nowhere meanwhile."""
    examination = taken.failed(session, why)
    examination.result = {"state": Safety.NOT_SCANNED}
    actions.scanned(session, examination.document, Safety.NOT_SCANNED)


def _missing(session: Session, taken: Taken[Examination]) -> None:
    examination = taken.failed(session, "Its stored file is not there. Tell whoever runs the service.")
    if examination.kind == "scan":
        actions.scanned(session, examination.document, Safety.UNREADABLE)


@contextmanager
def stored_file(sha256: str, scratch: Path) -> Iterator[Path]:
    """The stored file as a path: its own, where it lies in a folder of this machine, or a copy."""
    with current_app.extensions["files"].open(sha256) as stored:
        yield _place_of(stored) or _copied(stored, scratch / "file")


def _place_of(stored: BinaryIO) -> Path | None:
    name = getattr(stored, "name", None)
    return Path(name) if isinstance(name, str) and Path(name).is_file() else None


def _copied(stored: BinaryIO, place: Path) -> Path:
    with place.open("wb") as copy:
        shutil.copyfileobj(stored, copy)
    return place
