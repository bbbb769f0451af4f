"""What a file is, by its first bytes and its name: the one list of the kinds this office takes.

`kind_of` is for those who may send us anything, and takes nothing that is not what it says. Evidence is taken
whatever it is, and `recognised` says what that seems to be, and whether it is what its name says.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO, BinaryIO, cast
from zipfile import BadZipFile, ZipFile

#: By the end of a name, what the file then is, and how it begins; a place other than the start is given with it.
KINDS: dict[str, tuple[str, tuple[tuple[int, bytes], ...]]] = {
    ".pdf": ("application/pdf", ((0, b"%PDF-"),)),
    ".png": ("image/png", ((0, b"\x89PNG\r\n\x1a\n"),)),
    ".jpg": ("image/jpeg", ((0, b"\xff\xd8\xff"),)),
    ".jpeg": ("image/jpeg", ((0, b"\xff\xd8\xff"),)),
    ".tif": ("image/tiff", ((0, b"II*\x00"), (0, b"MM\x00*"))),
    ".tiff": ("image/tiff", ((0, b"II*\x00"), (0, b"MM\x00*"))),
    ".heic": ("image/heic", ((4, b"ftypheic"), (4, b"ftypheix"), (4, b"ftypmif1"), (4, b"ftyphevc"))),
    ".docx": (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ((0, b"PK\x03\x04"),),
    ),
    ".odt": ("application/vnd.oasis.opendocument.text", ((0, b"PK\x03\x04"),)),
    ".doc": ("application/msword", ((0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),)),
    ".rtf": ("application/rtf", ((0, b"{\\rtf"),)),
    ".txt": ("text/plain", ()),
}
DICOM = "application/dicom"
#: Messages of hospital systems: told by how they begin, whatever the file is called.
HL7, FHIR_JSON, FHIR_XML = "application/hl7-v2", "application/fhir+json", "application/fhir+xml"
MESSAGES = frozenset({HL7, FHIR_JSON, FHIR_XML})
#: What a message may be called and still be what its name says.
TEXTUAL = frozenset({"text/plain", "application/json", "application/xml", HL7})
#: What evidence may be besides: images as hospitals keep them, messages as they send them, tables, letters.
EVIDENCE = KINDS | {
    ".dcm": (DICOM, ((128, b"DICM"),)),
    ".xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ((0, b"PK\x03\x04"),)),
    ".zip": ("application/zip", ((0, b"PK\x03\x04"), (0, b"PK\x05\x06"))),
    ".mp4": ("video/mp4", ((4, b"ftyp"),)),
    ".csv": ("text/csv", ()),
    ".eml": ("message/rfc822", ()),
    ".hl7": (HL7, ()),
    ".er7": (HL7, ()),
    ".json": ("application/json", ()),
    ".xml": ("application/xml", ()),
}
#: What each is called.
NAMES = {
    "application/pdf": "a PDF",
    "image/png": "a PNG picture",
    "image/jpeg": "a JPEG picture",
    "image/tiff": "a TIFF picture",
    "image/heic": "a HEIC picture",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "a Word letter",
    "application/vnd.oasis.opendocument.text": "an OpenDocument letter",
    "application/msword": "an old Word letter",
    "application/rtf": "a rich text letter",
    "text/plain": "plain text",
    DICOM: "a DICOM image",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "a spreadsheet",
    "application/zip": "a ZIP archive",
    "video/mp4": "a video",
    "text/csv": "a table",
    "message/rfc822": "an e-mail",
    HL7: "HL7 messages",
    FHIR_JSON: "a FHIR message in JSON",
    FHIR_XML: "a FHIR message in XML",
    "application/json": "JSON",
    "application/xml": "XML",
}
#: What must be in those that are archives: nothing of it is unpacked.
PARTS = {".docx": "word/document.xml", ".odt": "content.xml", ".xlsx": "xl/workbook.xml"}
LOOKED_AT = 4096
#: More entries than a letter has, and more bytes than their names and places take up at the end of it.
MOST_ENTRIES = 2000
LARGEST_DIRECTORY = 256 * 1024


class _InParts:
    """A stream of which nobody reads much at once: `ZipFile` reads the whole directory of an archive, however
    large its end says that is, before anybody can ask how large. Raises `BadZipFile`.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self.seek, self.tell, self._stream = stream.seek, stream.tell, stream

    def read(self, size: int = -1) -> bytes:
        if size > LARGEST_DIRECTORY:
            raise BadZipFile
        read = self._stream.read(size if size >= 0 else LARGEST_DIRECTORY + 1)
        if len(read) > LARGEST_DIRECTORY:
            raise BadZipFile
        return read


@dataclass(frozen=True)
class Recognised:
    """What a file seems to be; empty if nothing we know. `mismatch` says in words where its name says otherwise."""

    media_type: str
    mismatch: str = ""


def kind_of(name: str, stream: BinaryIO) -> str | None:
    """The media type of a file that is of a kind we take and is what its name says; None for any other."""
    return _if_it_is(PurePosixPath(name.lower()).suffix, KINDS, stream)


def recognised(name: str, stream: BinaryIO) -> Recognised:
    """What a file of evidence is. What is inside of it is not parsed: nothing here trusts a word of it."""
    end = PurePosixPath(name.lower()).suffix
    said = EVIDENCE[end][0] if end in EVIDENCE else ""
    if message := _message(stream):
        is_as_named = not said or said in TEXTUAL
        return Recognised(message, "" if is_as_named else _otherwise(said, message))
    found = (_if_it_is(end, EVIDENCE, stream) if said != DICOM else None) or _by_signature(stream)
    if said and found == said:
        return Recognised(found)
    if found == DICOM and not said:  # discs name their images as they like
        return Recognised(found)
    if said and found:
        return Recognised(found, _otherwise(said, found))
    if said:
        return Recognised("", f"Its name says that it is {NAMES[said]}, but it does not begin as one.")
    kind = f" It is {NAMES[found]}." if found else ""
    return Recognised(found, f"Its name ends in no way this office knows.{kind}")


def _otherwise(said: str, found: str) -> str:
    return f"Its name says that it is {NAMES[said]}, but it is {NAMES[found]}."


def _message(stream: BinaryIO) -> str:
    """Which kind of message it begins as, if as any: HL7 with or without its frame, FHIR in JSON or in XML."""
    start = stream.read(LOOKED_AT)
    stream.seek(0)
    start = start.removeprefix(b"\xef\xbb\xbf").lstrip(b" \t\r\n\x0b")
    if re.match(rb"(MSH|FHS|BHS)([^\w\s]|$)", start):
        return HL7
    if start.startswith(b"{") and re.search(rb'"resourceType"\s*:', start):
        return FHIR_JSON
    if re.search(rb"<(\w+:)?[A-Z]\w*\s[^>]*xmlns(:\w+)?\s*=\s*[\"']http://hl7\.org/fhir[\"']", start):
        return FHIR_XML if start.startswith(b"<") else ""
    return ""


def _by_signature(stream: BinaryIO) -> str:
    """What it is by its first bytes alone: DICOM first, which may begin as anything else."""
    ends = sorted(EVIDENCE, key=lambda end: (end != ".dcm", end == ".zip"))
    found = (_if_it_is(end, EVIDENCE, stream) for end in ends if EVIDENCE[end][1])
    return next((media_type for media_type in found if media_type), "") or (
        _if_it_is(".txt", EVIDENCE, stream) or ""
    )


def _if_it_is(
    end: str, kinds: dict[str, tuple[str, tuple[tuple[int, bytes], ...]]], stream: BinaryIO
) -> str | None:
    """What a file that ends so must be, if it is."""
    if end not in kinds:
        return None
    media_type, beginnings = kinds[end]
    start = stream.read(LOOKED_AT)
    stream.seek(0)
    if not beginnings:
        return media_type if _is_text(start) else None
    if not any(start[at : at + len(bytes_)] == bytes_ for at, bytes_ in beginnings):
        return None
    return media_type if end not in PARTS or _has_part(stream, PARTS[end]) else None


def _has_part(stream: BinaryIO, part: str) -> bool:
    try:
        with ZipFile(cast(IO[bytes], _InParts(stream))) as archive:
            names = archive.namelist()
            return len(names) <= MOST_ENTRIES and part in names
    except (BadZipFile, ValueError, NotImplementedError, OSError, EOFError):
        return False
    finally:
        stream.seek(0)


def _is_text(start: bytes) -> bool:
    if any(byte < 9 or 13 < byte < 32 for byte in start):
        return False
    for encoding in ("utf-8", "cp1252"):
        try:
            start[: len(start) - 4 if len(start) == LOOKED_AT else None].decode(encoding)
            return True
        except UnicodeDecodeError:
            continue
    return False
