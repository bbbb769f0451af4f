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
from app.examining import clamd, recognising, sandbox
from app.examining.models import Safety

PDF = "application/pdf"
PICTURES = frozenset({"image/png", "image/jpeg", "image/tiff"})
LETTERS = frozenset(
    {
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "application/vnd.oasis.opendocument.text",
    }
)
#: What is read page by page.
LEAVES = PICTURES | {PDF}
TEXTS = frozenset({"text/plain", "text/csv", "message/rfc822"})
#: Pages drawn at the most and in one go, their longer side in pixels, and the seconds one go may take.
MOST_DRAWN, DRAWN_AT_ONCE, LEAF, DRAWING = 1000, 8, 1400, 60
#: Pages read in one go, the longer side of a small picture in pixels, and the largest picture kept in bytes.
PORTION, SMALL, LARGEST = 100, 400, 20 * 1024 * 1024
#: Frames drawn of one file, what all its pictures may take, in bytes, and the seconds one frame may take.
MOST_FRAMES, MOST_BYTES, FRAME_SECONDS = 200, 512 * 1024 * 1024, 60


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
    #: Keeps the words a machine recognised in the picture of a page.
    keep_recognised: Callable[[int, str], None]
    #: The pages that were drawn and of which no words are known.
    wordless: Callable[[], Sequence[int]]
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


def pages(job: Job) -> dict[str, Any]:
    """Every page as people read it, kept a few at a time; one that cannot be drawn is left out and counted."""
    first, in_all, left_out = 1, 1, []
    while first <= min(in_all, MOST_DRAWN):
        in_all, sizes = _pages_drawn(job, first, in_all)
        for number, size in enumerate(sizes, first):
            if size is None:
                left_out.append(number)
            else:
                with (job.scratch / f"{number}.png").open("rb") as file:
                    kept = job.renditions.keep(file, limit=LARGEST)
                job.keep_rendition("page", number, kept, *size)
                (job.scratch / f"{number}.png").unlink()
        first += len(sizes)
    if len(left_out) == min(in_all, MOST_DRAWN):
        raise NoPreview("No page of this file can be drawn. It can be downloaded.")
    return {"pages": in_all, "left_out": left_out}


def _pages_drawn(job: Job, first: int, in_all: int) -> tuple[int, list[Any]]:
    """How many pages there are, and of the next few the sizes drawn. What breaks the reader is drawn alone."""
    reader = "pdf.drawn" if job.media_type == PDF else "pictures.drawn"
    how: dict[str, Any] = {"folder": str(job.scratch), "side": LEAF, "seconds": DRAWING}
    try:
        said = _read(job, reader, first=first, most=min(DRAWN_AT_ONCE, MOST_DRAWN + 1 - first), **how)
        return said["in_all"], said["pages"]
    except NoPreview:
        if in_all == 1:  # it is not known yet whether it can be opened at all
            in_all = _read(job, "pdf.pages" if job.media_type == PDF else "pictures.size")["pages"]
    sizes: list[Any] = []
    for number in range(first, min(first + DRAWN_AT_ONCE, in_all + 1, MOST_DRAWN + 1)):
        try:
            sizes += _read(job, reader, first=number, most=1, **how)["pages"]
        except NoPreview:
            sizes.append(None)
    return in_all, sizes


def ocr(job: Job) -> dict[str, Any]:
    """The words of pages that are pictures, recognised by machine in our own drawing of each."""
    if not recognising.is_there():
        return {"recognised": 0, "unable": recognising.NOT_THERE}
    picture, recognised, unread = job.scratch / "leaf.png", 0, []
    reader = "pdf.picture" if job.media_type == PDF else "pictures.picture"
    for number in job.wordless():
        try:
            _read(job, reader, out=str(picture), page=number, side=recognising.SIDE)
            words = recognising.words_in(picture)
        except (NoPreview, recognising.NotRecognised):
            unread.append(number)
        else:
            job.keep_recognised(number, words)
            recognised += 1
    return {"recognised": recognised, "unread": unread}


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
    return said | _frames_drawn(job) if shows == "image" else said


def _packed(job: Job) -> dict[str, Any]:
    """The words and the first page of a document that is packed in a file of a study."""
    out = job.scratch / "packed.pdf"
    kind = _read(job, "reports.unpack", out=str(out))["kind"]
    if kind != PDF:
        raise NoPreview(f"The document packed in this file is no PDF but {kind or 'of no kind it names'}.")
    unpacked = replace(job, path=out, media_type=PDF)
    return text(unpacked) | picture(unpacked)


def _frames_drawn(job: Job) -> dict[str, Any]:
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
            if taken > MOST_BYTES:
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
    "pages": Examiner("Draw its pages", pages, LEAVES),
    "ocr": Examiner("Recognise words in its pictures", ocr),
}


def following(media_type: str) -> list[str]:
    """What is to be done with a file that turned out to be of this type."""
    return [name for name, examiner in KINDS.items() if media_type in examiner.reads]
