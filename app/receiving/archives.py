"""A ZIP archive, unpacked when somebody asks for it and never by itself; what is within it stays packed.

What the directory of the archive says is judged before a byte is unpacked, and not believed then: nothing
grows beyond what it said. One entry that is not as it should be, and nothing of the archive is unpacked.
"""

from __future__ import annotations

import itertools
import mimetypes
import stat
from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO, cast
from zipfile import BadZipFile, ZipFile, ZipInfo
from zlib import error as DamagedStream  # noqa: N812 (it is an exception)

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import Account
from app.core.errors import RuleBroken
from app.core.files import Files, TooLarge
from app.core.text import clean, file_size
from app.evidence import actions as evidence
from app.evidence.actions import Arrived
from app.evidence.models import Document
from app.receiving.actions import MB

MOST_ENTRIES, MOST_UNPACKED = 1000, 200 * MB
#: How many times larger than packed an entry may be: text is ten times at most, and nothing of use a hundred.
MOST_GROWN = 100
#: The end of a directory is found here, before anything else of the archive is read.
END, END_LENGTH, LONGEST_COMMENT = b"PK\x05\x06", 22, 65_535
INSTEAD = " Nothing was unpacked: ask for the files themselves."


def contents(files: Files, sha256: str) -> list[Arrived]:
    """Every file within the archive, kept. Raises `RuleBroken` with what is wrong with it."""
    with files.open(sha256) as opened:
        _few_enough(opened)
        try:
            with ZipFile(opened) as archive:
                entries = [entry for entry in archive.infolist() if not entry.is_dir()]
                _sound(archive.infolist())
                return [_kept(files, archive, entry) for entry in entries]
        except (BadZipFile, DamagedStream, NotImplementedError, RuntimeError, EOFError, ValueError, TooLarge):
            raise RuleBroken("This is no ZIP archive, or a damaged one." + INSTEAD) from None


def unpack(session: Session, document: Document, arrived: list[Arrived], *, actor: Account) -> list[Document]:
    """Enter each as a document of its own, that says what it was unpacked from."""
    if document.unpacked_from_id is not None:
        raise RuleBroken("This came out of an archive itself. An archive within an archive stays packed.")
    again = select(Document.id).where(Document.unpacked_from_id == document.id).limit(1)
    if session.scalar(again) is not None:
        raise RuleBroken("This archive has been unpacked already: its files are among the evidence.")
    inside = [replace(each, path=_beneath(document.place, each.path)) for each in arrived]
    entered = evidence.receive_all(
        session,
        document.case,
        actor=actor,
        arrived=inside,
        supplier=document.supplier,
        organisation=document.supplied_by_organisation,
        supplied_on=document.supplied_on,
        copy_kind=document.copy_kind,
        way=document.way,
        delivery=document.delivery,
    )
    for each in entered:
        each.unpacked_from = document
    return entered


def _beneath(place: str, path: str) -> str:
    return "/".join(part for part in (place, path) if part)


def _few_enough(opened: BinaryIO) -> None:
    """Look at the end of the archive alone: how many entries it claims, before they are read."""
    length = opened.seek(0, 2)
    opened.seek(max(0, length - END_LENGTH - LONGEST_COMMENT))
    end = opened.read()
    at = end.rfind(END)
    if at < 0 or len(end) - at < END_LENGTH:
        raise RuleBroken("This is no ZIP archive, or a damaged one." + INSTEAD)
    if int.from_bytes(end[at + 10 : at + 12], "little") > MOST_ENTRIES:
        raise RuleBroken(f"This archive holds more than {MOST_ENTRIES:,} files." + INSTEAD)
    opened.seek(0)


def _sound(entries: list[ZipInfo]) -> None:
    names = [entry.filename for entry in entries]
    if len(entries) > MOST_ENTRIES:
        raise RuleBroken(f"This archive holds more than {MOST_ENTRIES:,} files." + INSTEAD)
    if len(set(names)) < len(names) or _overlap(entries):
        raise RuleBroken("This archive holds the same file twice, or one within another." + INSTEAD)
    for said in map(_wrong_with, entries):
        if said:
            raise RuleBroken(said + INSTEAD)
    if sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        raise RuleBroken(f"Unpacked, it would hold more than {file_size(MOST_UNPACKED)}." + INSTEAD)


def _wrong_with(entry: ZipInfo) -> str | None:
    name = clean(entry.filename)[:80]
    parts = entry.filename.replace("\\", "/").split("/")
    if entry.flag_bits & 0x1:
        return f"{name} is locked with a password."
    if ".." in parts or parts[0] == "" or ":" in parts[0]:
        return f"{name} would lie outside of the archive."
    if stat.S_IFMT(entry.external_attr >> 16) not in {0, stat.S_IFREG, stat.S_IFDIR}:
        return f"{name} is a link, or no file."
    if entry.file_size > MOST_GROWN * max(entry.compress_size, 1024):
        return f"{name} would grow more than {MOST_GROWN} times."
    return None


def _overlap(entries: list[ZipInfo]) -> bool:
    """Whether two entries share bytes of the archive: few bytes would be unpacked over and over."""
    placed = sorted((entry.header_offset, entry.compress_size) for entry in entries)
    return any(start + size > after for (start, size), (after, _) in itertools.pairwise(placed))


def _kept(files: Files, archive: ZipFile, entry: ZipInfo) -> Arrived:
    *folders, name = _parts(entry.filename)
    with archive.open(entry) as opened:
        kept = files.keep(cast(BinaryIO, opened), limit=entry.file_size)
    media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return Arrived(kept=kept, filename=name, media_type=media_type, path="/".join(folders)[-800:])


def _parts(name: str) -> Iterator[str]:
    told = [clean(part.replace("\n", " "))[:200] for part in name.replace("\\", "/").split("/")]
    return (part for part in told if part) if any(told) else iter(["unnamed"])
