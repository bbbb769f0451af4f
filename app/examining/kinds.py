"""What can be done with a document's file. A new thing is a function here or in a later room, and a line in KINDS.

Each is done by the worker, with no transaction open, and may be done twice: whoever did it first may have died.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
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


#: Frames drawn of one file, what all its pictures may take, in bytes, and the seconds one frame may take.
MOST_FRAMES, MOST_DRAWN, FRAME_SECONDS = 200, 512 * 1024 * 1024, 60


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


def frames(job: Job) -> dict[str, Any]:
    """What there is to see of a file of a study: its frames, or the words of a report that is packed like one."""
    said = _read(job, "dicom.shows")
    shows = said["shows"]
    if shows == "report":
        pages = _read(job, "reports.text")["pages"]
        job.keep_pages(1, pages)
        return said | {"pages": len(pages), "characters": sum(map(len, pages))}
    if shows == "document":
        return said | _packed(job)
    return said | _drawn(job) if shows == "image" else said


def _packed(job: Job) -> dict[str, Any]:
    """The words and the first page of a document that is packed in a file of a study."""
    out = job.scratch / "packed.pdf"
    kind = _read(job, "reports.unpack", out=str(out))["kind"]
    if kind != PDF:
        raise NoPreview(f"The document packed in this file is no PDF but {kind or 'of no kind it names'}.")
    unpacked = replace(job, path=out, media_type=PDF)
    return text(unpacked) | picture(unpacked)


def _drawn(job: Job) -> dict[str, Any]:
    """Every frame, up to `MOST_FRAMES`. One that cannot be drawn ends it, and those before it are kept."""
    told: list[dict[str, Any]] = []
    in_all, taken, ended = 1, 0, ""
    while len(told) < min(in_all, MOST_FRAMES) and not ended:
        try:
            drawn = _draw(job, len(told) + 1)
        except NoPreview as why:
            if not told:
                raise
            ended = str(why)
        else:
            in_all, taken = drawn.pop("in_all"), taken + drawn.pop("bytes")
            told.append(drawn)
            if taken > MOST_DRAWN:
                ended = "The pictures of its frames take all the room one file is given."
    return {"in_all": in_all, "frames": told, "ended": ended}


def _draw(job: Job, number: int) -> dict[str, Any]:
    """Draw one frame, and keep its picture and that of its values, if it has one channel."""
    places = {kind: job.scratch / f"{kind}.png" for kind in ("frame", "values")}
    for place in places.values():
        place.unlink(missing_ok=True)
    outs = {kind: str(place) for kind, place in places.items()}
    drawn = _read(job, "frames.draw", seconds=FRAME_SECONDS, number=number, **outs)
    drawn.pop("network")
    size = 0
    for kind, place in places.items():
        if place.exists():
            with place.open("rb") as file:
                kept = job.renditions.keep(file, limit=LARGEST)
            size += kept.size
            job.keep_rendition(kind, number, kept, drawn["width"], drawn["height"])
    return drawn | {"bytes": size}


def _read(job: Job, reader: str, *, seconds: int = sandbox.SECONDS, **options: Any) -> dict[str, Any]:
    """What the reader says, and how the child it ran in is kept from the network: see `CUT_OFF`."""
    try:
        with sandbox.lent() as child:
            said = child.read(reader, job.path, seconds=seconds, **options)
            return said | {"network": child.told.get("network", "")}
    except sandbox.Unreadable as why:
        raise NoPreview(str(why)) from why


#: Every document is scanned and described; the others follow from what it turns out to be.
FIRST = ("scan", "describe")
#: What is done only after another, behind all that waits by then: every header is read before frames are drawn.
AFTER: dict[str, tuple[str, ...]] = {"dicom": ("frames",)}
KINDS: dict[str, Examiner] = {
    "scan": Examiner("Scan for viruses", scan),
    "describe": Examiner("Say what kind of file it is", describe, quick=True),
    "text": Examiner("Read its words", text, frozenset({PDF}) | LETTERS | TEXTS | MESSAGES),
    "dicom": Examiner("Read what the image says of itself", dicom, frozenset({DICOM}), quick=True),
    "message": Examiner("Read what the message says happened", message, MESSAGES),
    "frames": Examiner("Draw the frames of the image, or read the report", frames),
    "picture": Examiner("Draw its first page", picture, frozenset({PDF}) | PICTURES),
}


def following(media_type: str) -> list[str]:
    """What is to be done with a file that turned out to be of this type."""
    return [name for name, examiner in KINDS.items() if media_type in examiner.reads]
