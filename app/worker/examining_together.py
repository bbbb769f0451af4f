"""Examining many files together where that is quick: one transaction before, one after, one child for all.

A disc holds hundreds of images, and what each says of itself is read in a millisecond. Whatever is slow, or was
tried before, is examined by itself.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.work import FINISHED, WorkState, let_go_of_all, put_back_all, still_held, take_untried
from app.evidence.models import Document
from app.examining import actions, sandbox
from app.examining.actions import Known
from app.examining.kinds import KINDS, Job, NoPreview, following
from app.examining.models import Examination, Quarantine
from app.worker.examining import AFTERWARDS, HELD, Read, stored_file
from app.worker.notes import surely
from app.worker.turns import turns

#: Seconds after which no further file is begun with: what is left is examined by itself.
LONG_ENOUGH = 60.0
#: Threads of one worker wait here for each other, and not in the database, which is slower at taking turns.
_writing = threading.Lock()


@dataclass
class File:
    """A file, which examinations of it are in hand (their ids and kinds), and what came of each kind: a result, or
    why there is none.
    """

    filename: str
    sha256: str
    media_type: str
    in_hand: dict[int, str] = field(default_factory=dict)
    came_of: dict[str, dict[str, Any] | str] = field(default_factory=dict)


def examine_together(numbers: Sequence[int]) -> Sequence[int]:
    """Do those of these examinations that are quick and were never tried. Returns those that remain."""
    files: dict[int, File] = {}
    ours: list[int] = []
    with _writing:
        surely(lambda session: _begin(session, numbers, files, ours))
    if not ours:  # whoever was told of them too was faster
        return numbers
    until = time.monotonic() + LONG_ENOUGH
    with turns.first(), TemporaryDirectory(prefix="examining-") as scratch, sandbox.reserved():
        for file in files.values():
            if time.monotonic() < until:
                file.came_of = dict(_examined(file, Path(scratch)))
    left: list[int] = []
    with _writing:
        surely(lambda session: _finish(session, files, ours, left))
    return [number for number in numbers if number not in ours or number in left]


def _begin(session: Session, numbers: Sequence[int], files: dict[int, File], ours: list[int]) -> None:
    files.clear()
    ours.clear()
    quick = [name for name, kind in KINDS.items() if kind.quick]
    if not current_app.config["CLAMD"]:
        quick.append("scan")  # without a scanner, all there is to do is say so
    ours += take_untried(session, Examination, numbers, Examination.kind.in_(quick), lease=HELD)
    told = (
        select(Examination.id, Examination.kind, Quarantine.media_type)
        .add_columns(Document.id, Document.filename, Document.sha256)
        .join(Examination.document)
        .outerjoin(Quarantine, Quarantine.document_id == Document.id)  # none, of what came in bulk
        .where(Examination.id.in_(ours))
        .order_by(Examination.id)
    )
    for number, kind, media_type, document, filename, sha256 in session.execute(told):
        files.setdefault(document, File(filename, sha256, media_type or "")).in_hand[number] = kind


def _examined(file: File, scratch: Path) -> Iterator[tuple[str, dict[str, Any] | str]]:
    """What came of each examination, those that are quick and follow from what kind of file it is among them."""
    try:
        with stored_file(file.sha256, scratch) as path:
            job, kinds = _job(file, path, scratch), list(file.in_hand.values())
            for kind in kinds:
                came_of = _came_of(kind, job)
                yield kind, came_of
                if kind == "describe" and isinstance(came_of, dict):
                    kinds += [
                        k for k in following(came_of["media_type"]) if KINDS[k].quick and k not in kinds
                    ]
    except FileNotFoundError:
        return  # by itself it is looked for again, and then said to be missing


def _job(file: File, path: Path, scratch: Path) -> Job:
    def refuse(*_what: object) -> None:
        raise TypeError("what is quick keeps nothing but its result")

    return Job(
        path=path,
        filename=file.filename,
        media_type=file.media_type,
        scratch=scratch,
        scanner=current_app.config["CLAMD"],
        renditions=current_app.extensions["renditions"],
        keep_pages=refuse,
        keep_recognised=refuse,
        wordless=tuple,
        keep_rendition=refuse,
    )


def _came_of(kind: str, job: Job) -> dict[str, Any] | str:
    try:
        return KINDS[kind].do(job)
    except NoPreview as why:
        return str(why)


def _finish(session: Session, files: dict[int, File], ours: Sequence[int], left: list[int]) -> None:
    """Keep what came of each; what nothing came of is put back. What was lost meanwhile is somebody else's."""
    left.clear()
    ended: list[dict[str, Any]] = []
    read: dict[str, list[Read]] = {}
    with session.no_autoflush:  # nothing here asks for what was just kept of another file
        held = still_held(session, Examination, ours)
        found = session.scalars(select(Document).where(Document.id.in_(files)))
        documents = {document.id: document for document in found}
        known = Known.of(session, [*documents.values()])
        for key, file in files.items():
            for number, kind in file.in_hand.items():
                if number not in held:
                    continue
                if how := _how_it_ended(file.came_of.get(kind)):
                    ended.append({"id": number, **how})
                    _keep(session, documents[key], kind, file.came_of, known, read)
                else:
                    left.append(number)
        let_go_of_all(session, Examination, ended)
        put_back_all(session, Examination, left)
        for kind, of_it in read.items():
            if afterwards := AFTERWARDS.get(kind):
                afterwards(session, of_it)


def _how_it_ended(came_of: dict[str, Any] | str | None) -> dict[str, Any]:
    """What the row of an examination says of it then, always of the same columns; nothing if it has not ended."""
    if came_of is None:
        return {}
    if isinstance(came_of, str):
        return {**FINISHED, "state": WorkState.FAILED, "problem": came_of, "result": {}}
    return {**FINISHED, "result": came_of}


def _keep(
    session: Session,
    document: Document,
    kind: str,
    came_of: Mapping[str, dict[str, Any] | str],
    known: Known,
    read: dict[str, list[Read]],
) -> None:
    """Keep what came of an examination, if anything did, and of what follows from it."""
    result = came_of.get(kind)
    if not isinstance(result, dict):
        return
    read.setdefault(kind, []).append((document, result))
    for follows in actions.keep_result(session, document, kind, result, known):
        for name, value in _how_it_ended(came_of.get(follows.kind)).items():
            setattr(follows, name, value)
        _keep(session, document, follows.kind, came_of, known, read)
