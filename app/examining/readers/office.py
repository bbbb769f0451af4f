"""Letters of word processors: a ZIP with XML in it, read within bounds and without any DTD."""

from __future__ import annotations

from typing import Any
from zipfile import BadZipFile, ZipFile, ZipInfo
from zlib import error as ZlibError  # noqa: N812 (as the other refusals are named)

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError, iterparse

from . import Unreadable, reader

MOST_ENTRIES = 2000
#: What a part may hold unpacked, and how many times its packed size at most.
LARGEST_PART, HIGHEST_RATIO = 50 * 1024 * 1024, 200
LONGEST = 10_000_000
#: Characters to a page: what is cited of a text without pages is found again by search.
PAGE = 20_000
BODIES = {"word/document.xml": ("}p", "}tab", "}br"), "content.xml": ("}p", "}h", "}tab")}


@reader
def text(path: str) -> dict[str, Any]:
    """The words of a DOCX or ODT, a line for each paragraph."""
    try:
        with ZipFile(path) as archive:
            part = _body(archive)
            words = _words(archive, part, BODIES[part.filename])
    except DefusedXmlException:
        raise Unreadable(
            "This letter defines its own XML, as no word processor does. It is not read."
        ) from None
    except ParseError:
        raise Unreadable("This letter is damaged: what is in it is not well formed.") from None
    except (
        BadZipFile,
        NotImplementedError,
        RuntimeError,
        EOFError,
        OSError,
        ValueError,
        ZlibError,
    ) as trouble:
        raise Unreadable("This letter is damaged: it cannot be unpacked.") from trouble
    return {"pages": [words[start : start + PAGE] for start in range(0, max(len(words), 1), PAGE)]}


def _body(archive: ZipFile) -> ZipInfo:
    entries = archive.infolist()
    if len(entries) > MOST_ENTRIES:
        raise Unreadable(f"This letter has more than {MOST_ENTRIES:,} parts. It is not read.")
    bodies = [entry for entry in entries if entry.filename in BODIES]
    if len(bodies) != 1:
        raise Unreadable(
            "This is not a letter of a word processor: its text is not in it, or is in it twice."
        )
    [body] = bodies
    if body.file_size > LARGEST_PART or body.file_size > HIGHEST_RATIO * max(body.compress_size, 1024):
        raise Unreadable("This letter unpacks to far more than its size. It is not read.")
    return body


def _words(archive: ZipFile, part: ZipInfo, breaks: tuple[str, ...]) -> str:
    lines: list[str] = []
    length = 0
    with archive.open(part) as xml:
        for _event, element in iterparse(xml, forbid_dtd=True):
            said = (element.text or "") if element.tag.endswith(("}t", "}p", "}h", "}span")) else ""
            said += "\n" if element.tag.endswith(breaks) else ""
            length += len(said)
            if length > LONGEST:
                raise Unreadable("This letter holds more text than a letter can.")
            lines.append(said)
            element.clear()
    return "".join(lines).strip()
