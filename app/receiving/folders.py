"""A folder or a disc, read file by file, for the command that takes one in.

The folders of a disc are kept beside the name of each file: images of a DICOMDIR are found by them.
"""

from __future__ import annotations

import mimetypes
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import Account
from app.core.errors import CaseworkError
from app.core.files import Files, TooLarge
from app.core.text import file_size
from app.evidence.models import Document
from app.receiving import actions
from app.receiving.actions import Arrived, Limits
from app.receiving.models import Delivery

ENTERED, THERE_ALREADY, REFUSED = "entered", "there already", "refused"


@dataclass(frozen=True, kw_only=True)
class Taken:
    """What became of one file: its place in the folder, and what is wrong with it, if anything is."""

    place: str
    state: str
    problem: str = ""
    document: Document | None = None
    sha256: str = ""
    size: int | None = None
    media_type: str = ""


def files_in(folder: Path) -> list[Path]:
    """Every file of the folder, in the order of their places. Links are listed, and not followed."""
    return sorted(Path(inner) / name for inner, _folders, names in os.walk(folder) for name in names)


def take_in(
    session: Session,
    delivery: Delivery,
    paths: Iterable[Path],
    folder: Path,
    *,
    actor: Account,
    files: Files,
    limits: Limits,
) -> Iterator[Taken]:
    """Keep and enter each file, unless the case has it with this content at this place already."""
    for path in paths:
        yield _take_in(session, delivery, path, path.relative_to(folder), actor, files, limits)


def _take_in(
    session: Session,
    delivery: Delivery,
    path: Path,
    place: Path,
    actor: Account,
    files: Files,
    limits: Limits,
) -> Taken:
    where = place.as_posix()
    if path.is_symlink() or not path.is_file():
        return Taken(place=where, state=REFUSED, problem="It is a link, or no file, and was not followed.")
    try:
        with path.open("rb") as opened:
            media_type = _kind(place.name, opened.read(132))
            opened.seek(0)
            kept = files.keep(opened, limit=limits.file)
    except TooLarge:
        return Taken(place=where, state=REFUSED, problem=f"It is larger than {file_size(limits.file)}.")
    except OSError as error:
        return Taken(place=where, state=REFUSED, problem=f"It cannot be read: {error.strerror}.")
    told = partial(Taken, place=where, sha256=kept.sha256, size=kept.size, media_type=media_type)
    folders = "" if place.parent == Path() else place.parent.as_posix()
    arrived = Arrived(kept=kept, filename=place.name, media_type=media_type, path=folders)
    if kept.size == 0:
        return told(state=REFUSED, problem="It is empty.")
    if there := _same(session, delivery, arrived):
        return told(state=THERE_ALREADY, document=there)
    try:
        document = actions.add(session, delivery, actor=actor, arrived=arrived, limits=limits)
    except CaseworkError as refusal:
        return told(state=REFUSED, problem=str(refusal))
    return told(state=ENTERED, document=document)


def _same(session: Session, delivery: Delivery, arrived: Arrived) -> Document | None:
    """The document of the case that has this content, and lay at this place."""
    same = select(Document).where(
        Document.case_id == delivery.case_id,
        Document.sha256 == arrived.kept.sha256,
        Document.path == arrived.path,
        Document.filename == arrived.filename,
    )
    return session.scalars(same.order_by(Document.id)).first()


def _kind(name: str, beginning: bytes) -> str:
    """What its first bytes say it is, where it is DICOM, and else its name."""
    if beginning[128:] == b"DICM":
        return "application/dicom"
    return mimetypes.guess_type(name)[0] or "application/octet-stream"
