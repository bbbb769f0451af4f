"""What can be done with a document's file. A new thing is a function here or in a later room, and a line in KINDS.

Each is done by the worker, with no transaction open, and may be done twice: whoever did it first may have died.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.core.errors import CaseworkError
from app.core.files import Files, Kept
from app.core.kinds import DICOM, HL7, MESSAGES, recognised
from app.examining import clamd, sandbox
from app.examining.models import Safety

PDF = "application/pdf"
PICTURES = frozenset({"image/png", "image/jpeg", "image/tiff"})
LETTERS = frozenset(
    {
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "application/vnd.oasis.opendocument.text",
    }
)
TEXTS = frozenset({"text/plain", "text/csv", "message/rfc822"})
#: Pages read in one go, the longer side of a small picture in pixels, and the largest picture kept in bytes.
PORTION, SMALL, LARGEST = 100, 400, 20 * 1024 * 1024


class NoPreview(CaseworkError):
    """The file cannot be read, for the reason given. It is kept as it came, and can be downloaded."""


@dataclass(frozen=True)
class Job:
    """One document's file in the worker's hands."""

    path: Path
    filename: str
    media_type: str
    scratch: Path
    scanner: str
    renditions: Files
    #: Keeps the words of pages, the first of which has this number, and holds on to the work.
    keep_pages: Callable[[int, Sequence[str]], None]
    #: Keeps that there is a picture of that kind, of that page, with that width and height.
    keep_rendition: Callable[[str, int, Kept, int, int], None]


@dataclass(frozen=True)
class Examiner:
    """What it is called on pages, what it does, and of which media types; of all if none are named."""

    label: str
    do: Callable[[Job], dict[str, Any]]
    reads: frozenset[str] = frozenset()
    #: Whether it takes milliseconds, so that many are done together: it keeps nothing but its result.
    quick: bool = False


def scan(job: Job) -> dict[str, Any]:
    if not job.scanner:
        return {"state": Safety.NOT_SCANNED}
    with job.path.open("rb") as file:
        infection = clamd.scan(job.scanner, file)
    return {"state": Safety.INFECTED if infection else Safety.CLEAN, "infection": infection}


def describe(job: Job) -> dict[str, Any]:
    with job.path.open("rb") as file:
        found = recognised(job.filename, file)
    return {"media_type": found.media_type, "mismatch": found.mismatch}


def text(job: Job) -> dict[str, Any]:
    """The words of every page, kept a portion at a time."""
    if job.media_type != PDF:
        reader = "office.text" if job.media_type in LETTERS else "text.text"
        said = _read(job, reader)
        job.keep_pages(1, pages := said["pages"])
        return {"pages": len(pages), "characters": sum(map(len, pages)), "network": said["network"]}
    first, in_all, characters, damaged = 1, 1, 0, 0
    while first <= in_all:
        said = _read(job, "pdf.text", first=first, most=PORTION)
        in_all, words = said["in_all"], [page or "" for page in said["pages"]]
        damaged += said["pages"].count(None)
        characters += sum(map(len, words))
        job.keep_pages(first, words)
        first += PORTION
    return {"pages": in_all, "characters": characters, "damaged": damaged, "network": said["network"]}


def picture(job: Job) -> dict[str, Any]:
    """A small picture of the first page."""
    out = job.scratch / "small.png"
    reader = "pdf.picture" if job.media_type == PDF else "pictures.picture"
    drawn = _read(job, reader, out=str(out), side=SMALL)
    with out.open("rb") as file:
        kept = job.renditions.keep(file, limit=LARGEST)
    job.keep_rendition("small", 1, kept, drawn["width"], drawn["height"])
    return drawn


def dicom(job: Job) -> dict[str, Any]:
    """What the header of an image says; `app.imaging` puts it to its study."""
    return _read(job, "dicom.header")


def message(job: Job) -> dict[str, Any]:
    """What the messages of a hospital system say; `app.messages` keeps them, and proposes rows of a timeline."""
    return _read(job, "messages.hl7" if job.media_type == HL7 else "messages.fhir")


def _read(job: Job, reader: str, **options: Any) -> dict[str, Any]:
    """What the reader says, and how the child it ran in is kept from the network: see `CUT_OFF`."""
    try:
        with sandbox.lent() as child:
            return child.read(reader, job.path, **options) | {"network": child.told.get("network", "")}
    except sandbox.Unreadable as why:
        raise NoPreview(str(why)) from why


#: Every document is scanned and described; the others follow from what it turns out to be.
FIRST = ("scan", "describe")
KINDS: dict[str, Examiner] = {
    "scan": Examiner("Scan for viruses", scan),
    "describe": Examiner("Say what kind of file it is", describe, quick=True),
    "text": Examiner("Read its words", text, frozenset({PDF}) | LETTERS | TEXTS | MESSAGES),
    "dicom": Examiner("Read what the image says of itself", dicom, frozenset({DICOM}), quick=True),
    "message": Examiner("Read what the message says happened", message, MESSAGES),
    "picture": Examiner("Draw its first page", picture, frozenset({PDF}) | PICTURES),
}


def following(media_type: str) -> list[str]:
    """What is to be done with a file that turned out to be of this type."""
    return [name for name, examiner in KINDS.items() if media_type in examiner.reads]
