"""Making a bundle: each document made ready in the child, the index set in type, all bound in the child and kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from flask import current_app
from sqlalchemy.orm import Session

from app.bundles import actions, queries, typesetting
from app.bundles.models import Bundle, BundlePart
from app.bundles.typesetting import Index
from app.core import clock
from app.core.errors import RuleBroken
from app.core.work import Taken
from app.database import db
from app.examining import sandbox
from app.examining.kinds import PDF, PICTURES
from app.examining.models import Quarantine
from app.worker.examining import stored_file
from app.worker.notes import surely

#: Pages of one bundle, seconds for one document and for binding, and the largest bundle kept, in bytes.
MOST_PAGES, SECONDS, BINDING, LARGEST = 3000, 120, 240, 1024**3
HELD = timedelta(minutes=10)
#: How long what belongs to no bundle stays: longer than keeping one takes.
SCRAPS_STAY = timedelta(hours=2)


@dataclass(frozen=True)
class Part:
    """One document of a bundle, as the worker knows it with no transaction open."""

    position: int
    title: str
    day: str
    source: str
    document_id: int
    sha256: str
    media_type: str
    is_apart: bool
    place: Path = field(default_factory=Path)
    pages: int = 0


def bundle(taken: Taken[Bundle]) -> None:
    """Make the bundle and keep it. What cannot be read stops it, with the name of the document."""
    asked = db.session.get_one(Bundle, taken.number)
    actions.require_still(db.session, asked)
    index = Index(
        title=f"{asked.case.reference}: bundle {asked.number}",
        about=[f"For {asked.told_for}.", f"Put together on {_day(clock.today())}."],
        rows=[],
    )
    words = f"Bundle {asked.number}, page {{page}} of {{pages}}"
    parts = [_part(*row) for row in queries.parts_of(db.session, asked.id)]
    db.close()
    with TemporaryDirectory(prefix="bundling-") as folder:
        scratch, room = Path(folder), MOST_PAGES
        notes: list[str] = []
        ready: list[Part] = []
        for part in parts:
            if not part.is_apart:
                done, drawn = _ready(part, scratch, room)
                room -= done.pages
                ready.append(done)
                notes += _told(done, drawn)
            _hold(taken, part.position)
        index = replace(index, notes=notes, apart=[[p.title, p.day, p.source] for p in parts if p.is_apart])
        pages, places = _bound(index, ready, words, scratch)
        with (scratch / "bundle.pdf").open("rb") as file:
            kept = current_app.extensions["bundles"].keep(file, limit=LARGEST)
    surely(lambda session: actions.finish(session, taken, kept, pages, places, notes))


def remove_what_expired() -> None:
    """Remove the files of bundles that have been kept long enough, and of those that were never finished."""
    with db.unit_of_work() as session:
        needed = actions.expire(session)
    current_app.extensions["bundles"].tidy(before=clock.wall() - SCRAPS_STAY, needed=needed)


def _ready(part: Part, scratch: Path, room: int) -> tuple[Part, Sequence[int]]:
    """The document as a PDF of its own, and which of its pages became pictures. Raises `RuleBroken`."""
    place = scratch / f"part-{part.position}.pdf"
    how: dict[str, Any] = {"out": str(place), "most": room, "seconds": SECONDS}
    try:
        if part.media_type == PDF or part.media_type in PICTURES:
            with stored_file(part.sha256, scratch) as path:
                said = sandbox.read("binding.prepare", path, is_pdf=part.media_type == PDF, **how)
        else:
            pages = queries.words_of(db.session, part.document_id)
            db.close()
            if not any(pages):
                raise RuleBroken(
                    f"No words of “{part.title}” are known yet. Wait until it is read, or leave it out."
                )
            set_in_type = scratch / "words.pdf"
            set_in_type.write_bytes(typesetting.set_words(part.title, pages))
            said = sandbox.read("binding.prepare", set_in_type, is_pdf=True, **how)
    except sandbox.Unreadable as why:
        raise RuleBroken(f"“{part.title}” cannot be bound. {why} Leave it out, or mend it.") from why
    return replace(part, place=place, pages=said["pages"]), said["drawn"]


def _bound(
    index: Index, parts: Sequence[Part], words: str, scratch: Path
) -> tuple[int, Mapping[int, tuple[int, int]]]:
    """Set the index and bind all behind it: how many pages, and where each part stands by its position.

    The index says on which pages documents stand, which follows from how long it is: it is set until that holds.
    """
    place, of_index = scratch / "index.pdf", 0
    while True:
        rows, first = [], of_index + 1
        for number, part in enumerate(parts, 1):
            rows.append([str(number), part.title, part.day, part.source, _range(first, part.pages)])
            first += part.pages
        place.write_bytes(typesetting.set_index(replace(index, rows=rows)))
        length = sandbox.read("pdf.pages", place)["pages"]
        if length == of_index:
            break
        of_index = length
    named = [[f"{number}. {part.title}", str(part.place)] for number, part in enumerate(parts, 1)]
    out = str(scratch / "bundle.pdf")
    try:
        said = sandbox.read("binding.bind", place, parts=named, out=out, words=words, seconds=BINDING)
    except sandbox.Unreadable as why:
        raise RuleBroken(f"The bundle is too large to be bound. Make two of it. {why}") from why
    firsts = zip(parts, said["firsts"], strict=True)
    return said["pages"], {part.position: (first, first + part.pages - 1) for part, first in firsts}


def _part(part: BundlePart, quarantine: Quarantine | None) -> Part:
    document = part.document
    supplier = document.supplied_by_organisation
    return Part(
        position=part.position,
        title=document.title,
        day=_day(document.document_on or document.supplied_on),
        source=supplier.name if supplier else document.supplier.label,
        document_id=document.id,
        sha256=document.sha256,
        media_type=quarantine.media_type if quarantine else "",
        is_apart=part.is_apart,
    )


def _told(part: Part, drawn: Sequence[int]) -> list[str]:
    """What the index says of how a document was put in, if it is not as it came."""
    if drawn:
        return [f"“{part.title}”: {len(drawn)} of its {part.pages} pages are pictures of the pages."]
    if part.media_type != PDF and part.media_type not in PICTURES:
        return [f"“{part.title}”: its words were set in type here."]
    return []


def _range(first: int, pages: int) -> str:
    return str(first) if pages == 1 else f"{first}–{first + pages - 1}"


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _hold(taken: Taken[Bundle], done: int) -> None:
    def note(session: Session) -> None:
        taken.hold(session, lease=HELD).parts_done = done

    surely(note)
