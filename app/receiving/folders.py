"""A folder or a disc, read file by file, for the command that takes one in.

The folders of a disc are kept beside the name of each file: images of a DICOMDIR are found by them. Files are
kept before any transaction, several at a time, as each waits for the disk; then all of them are entered in one.
"""

from __future__ import annotations

import mimetypes
import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import Account
from app.core.errors import CaseworkError, RuleBroken
from app.core.files import Files, TooLarge
from app.core.text import file_size
from app.evidence.actions import Arrived
from app.evidence.models import Document
from app.receiving import actions
from app.receiving.actions import Limits
from app.receiving.models import Delivery

KEPT, ENTERED, THERE_ALREADY, REFUSED = "kept", "entered", "there already", "refused"
#: How many files are written at a time.
WRITING = 4


@dataclass(frozen=True, kw_only=True)
class Taken:
    """What became of one file: its place in the folder, and what is wrong with it, if anything is."""

    place: str
    state: str
    problem: str = ""
    arrived: Arrived | None = None
    document: Document | None = None

    def refused(self, problem: str) -> Taken:
        return replace(self, state=REFUSED, problem=problem)


def files_in(folder: Path) -> list[Path]:
    """Every file of the folder, in the order of their places. Links are listed, and not followed."""
    return sorted(Path(inner) / name for inner, _folders, names in os.walk(folder) for name in names)


def keep(paths: Sequence[Path], folder: Path, *, files: Files, limits: Limits) -> list[Taken]:
    """Keep each file of the folder, with no transaction open: those that can be are `KEPT`."""
    with ThreadPoolExecutor(WRITING) as writing:
        return list(writing.map(partial(_keep, folder=folder, files=files, limits=limits), paths))


def enter(
    session: Session, delivery: Delivery, taken: Sequence[Taken], *, actor: Account, limits: Limits
) -> list[Taken]:
    """Enter each file that was kept, unless the case has it with this content at this place already."""
    there, room = _there(session, delivery, taken), actions.room_in(session, delivery.case, limits)
    judged = [_judged(each, there, room) for each in taken]
    arrived = [each.arrived for each in judged if each.arrived and each.state == KEPT]
    try:
        documents = iter(actions.add_all(session, delivery, actor=actor, arrived=arrived, limits=limits))
    except CaseworkError as refusal:
        return [each.refused(str(refusal)) if each.state == KEPT else each for each in judged]
    return [
        replace(each, state=ENTERED, document=next(documents)) if each.state == KEPT else each
        for each in judged
    ]


def _keep(path: Path, *, folder: Path, files: Files, limits: Limits) -> Taken:
    place = path.relative_to(folder)
    taken = Taken(place=place.as_posix(), state=KEPT)
    if path.is_symlink() or not path.is_file():
        return taken.refused("It is a link, or no file, and was not followed.")
    try:
        with path.open("rb") as opened:
            beginning = opened.read(132)
            if not beginning:
                return taken.refused("It is empty.")
            media_type = _kind(place.name, beginning)
            opened.seek(0)
            kept = files.keep(opened, limit=limits.file)
    except TooLarge:
        return taken.refused(f"It is larger than {file_size(limits.file)}.")
    except OSError as error:
        return taken.refused(f"It cannot be read: {error.strerror}.")
    folders = "" if place.parent == Path() else place.parent.as_posix()
    arrived = Arrived(kept=kept, filename=place.name, media_type=media_type, path=folders)
    return replace(taken, arrived=arrived)


def _judged(taken: Taken, there: Mapping[tuple[str, str, str], Document], room: actions.Room) -> Taken:
    """Whether it can be entered: it is not there already, and there is room for it."""
    arrived = taken.arrived
    if arrived is None:
        return taken
    if document := there.get((arrived.kept.sha256, arrived.path, arrived.filename)):
        return replace(taken, state=THERE_ALREADY, document=document)
    try:
        room.take(arrived.filename, arrived.kept.size)
    except RuleBroken as refusal:
        return taken.refused(str(refusal))
    return taken


def _there(
    session: Session, delivery: Delivery, taken: Sequence[Taken]
) -> dict[tuple[str, str, str], Document]:
    """The documents of the case that have the content of one of these, by content, folder and name."""
    contents = [each.arrived.kept.sha256 for each in taken if each.arrived]
    same = select(Document).where(Document.case_id == delivery.case_id, Document.sha256.in_(contents))
    found = session.scalars(same.order_by(Document.id.desc()))
    return {(document.sha256, document.path, document.filename): document for document in found}


def _kind(name: str, beginning: bytes) -> str:
    """What its first bytes say it is, where it is DICOM, and else its name."""
    if beginning[128:] == b"DICM":
        return "application/dicom"
    return mimetypes.guess_type(name)[0] or "application/octet-stream"
