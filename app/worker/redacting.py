"""Finding places to black out, and making redacted copies: the file is read in the child, page by page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from flask import current_app
from sqlalchemy.orm import Session

from app.core.errors import RuleBroken
from app.core.work import Taken
from app.database import db
from app.examining import sandbox
from app.examining.kinds import MOST_DRAWN, PDF
from app.examining.queries import quarantine_of
from app.redaction import actions
from app.redaction.flat import FlatPdf
from app.redaction.models import Aim, Redacting
from app.worker.examining import stored_file
from app.worker.notes import surely

#: Dots to the inch of a copy; pages drawn and pages searched in one go; seconds one go may take.
DOTS, DRAWN_AT_ONCE, SEARCHED_AT_ONCE, SECONDS = 200, 4, 50, 90
HELD = timedelta(minutes=5)
#: The largest copy kept, in bytes.
LARGEST = 2 * 1024**3


def redact(taken: Taken[Redacting]) -> None:
    """Do what was asked for. What cannot be read is parked with its reason, and no copy is made of part of it."""
    asked = db.session.get_one(Redacting, taken.number)
    aim, words, marks, sha256 = asked.aim, asked.words, asked.marks, asked.document.sha256
    quarantine = quarantine_of(db.session, asked.document)
    is_pdf = quarantine is not None and quarantine.media_type == PDF
    db.close()
    with TemporaryDirectory(prefix="redacting-") as scratch, stored_file(sha256, Path(scratch)) as path:
        try:
            if aim is Aim.FIND:
                found = list(_found(taken, path, words))
                surely(lambda session: actions.propose(session, taken, found))
            else:
                _copy(taken, path, Path(scratch), is_pdf, marks)
        except sandbox.Unreadable as why:
            raise RuleBroken(str(why)) from why


def _found(taken: Taken[Redacting], path: Path, words: str) -> Iterator[tuple[int, list[int]]]:
    first, in_all = 1, 1
    while first <= min(in_all, MOST_DRAWN):
        said = sandbox.read(
            "redacting.find", path, words=words, first=first, most=SEARCHED_AT_ONCE, seconds=SECONDS
        )
        in_all = said["in_all"]
        for page, boxes in enumerate(said["pages"], first):
            yield from ((page, box) for box in boxes)
        first += SEARCHED_AT_ONCE
        _hold(taken, min(first - 1, in_all), in_all)


def _copy(
    taken: Taken[Redacting], path: Path, scratch: Path, is_pdf: bool, marks: Sequence[dict[str, Any]]
) -> None:
    boxes: dict[str, list[list[int]]] = {}
    for one in marks:
        boxes.setdefault(str(one["page"]), []).append(one["box"])
    place, first, in_all = scratch / "copy.pdf", 1, 1
    with place.open("wb") as file, FlatPdf(file, dots=DOTS) as flat:
        while first <= in_all:
            said = sandbox.read(
                "redacting.burn",
                path,
                is_pdf=is_pdf,
                folder=str(scratch),
                first=first,
                most=DRAWN_AT_ONCE,
                boxes=boxes,
                dots=DOTS,
                seconds=SECONDS,
            )
            in_all = said["in_all"]
            for number, (width, height) in enumerate(said["pages"], first):
                picture = scratch / f"{number}.jpg"
                flat.add(picture, width, height, boxes.get(str(number), []))
                picture.unlink()
            first += DRAWN_AT_ONCE
            _hold(taken, min(first - 1, in_all), in_all)
    with place.open("rb") as made:
        kept = current_app.extensions["files"].keep(made, limit=LARGEST)
    surely(lambda session: actions.finish_copy(session, taken, kept, in_all))


def _hold(taken: Taken[Redacting], done: int, in_all: int) -> None:
    """Hold it for another while, and tell how far it is."""

    def note(session: Session) -> None:
        asked = taken.hold(session, lease=HELD)
        asked.pages_done, asked.pages_in_all = done, in_all

    surely(note)
