"""What a file is, by its first bytes and its name, for those who may send us anything."""

from __future__ import annotations

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
#: What must be in those that are archives: nothing of it is unpacked.
PARTS = {".docx": "word/document.xml", ".odt": "content.xml"}
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


def kind_of(name: str, stream: BinaryIO) -> str | None:
    """The media type of a file that is of a kind we take and is what its name says; None for any other."""
    end = PurePosixPath(name.lower()).suffix
    if end not in KINDS:
        return None
    media_type, beginnings = KINDS[end]
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
