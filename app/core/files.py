"""Where files are kept: by the SHA-256 of their content, byte for byte as they came.

A file is whole and safe on the disk before any row speaks of it: written under a temporary name,
synced, renamed to its hash, and the folder synced; then the caller commits. A crash in between
leaves a file that no row names, never a row without its file.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Protocol

PIECE = 1024 * 1024


class TooLarge(Exception):
    """More bytes came than are allowed. Nothing was kept."""


@dataclass(frozen=True)
class Kept:
    """What was kept: the SHA-256 of the content in hexadecimal, and its size in bytes."""

    sha256: str
    size: int


class Files(Protocol):
    """What the application asks of a store."""

    def keep(self, stream: BinaryIO, *, limit: int) -> Kept:
        """Keep everything `stream` gives. Raises `TooLarge` past `limit` bytes."""

    def open(self, sha256: str) -> BinaryIO:
        """The content, for reading. Raises FileNotFoundError if there is none."""

    def digest(self, sha256: str) -> str | None:
        """The SHA-256 of what is stored under this name now; None if nothing is."""


class LocalFiles:
    """A store in a folder of this machine, private to the account that runs the service."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def keep(self, stream: BinaryIO, *, limit: int) -> Kept:
        arriving = self._folder(self.root / "arriving") / secrets.token_hex(16)
        try:
            kept = self._write(stream, arriving, limit)
            place = self._place(kept.sha256)
            self._folder(place.parent)
            arriving.rename(place)
            _sync_folder(place.parent)
            return kept
        finally:
            arriving.unlink(missing_ok=True)

    def open(self, sha256: str) -> BinaryIO:
        return self._place(sha256).open("rb")

    def tidy(self, *, before: datetime, needed: Collection[str]) -> None:
        """Remove what was stored before that instant and is not needed, what never arrived whole included.

        Never asked of the store of evidence, from which nothing is removed.
        """
        for place in self.root.glob("*/*"):
            with suppress(FileNotFoundError):  # somebody else was faster
                if place.name not in needed and place.stat().st_mtime < before.timestamp():
                    place.unlink()

    def digest(self, sha256: str) -> str | None:
        try:
            with self._place(sha256).open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest()
        except FileNotFoundError:
            return None

    def _write(self, stream: BinaryIO, arriving: Path, limit: int) -> Kept:
        digest, size = hashlib.sha256(), 0
        handle = os.open(arriving, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            for piece in _pieces(stream):
                size += len(piece)
                if size > limit:
                    raise TooLarge
                digest.update(piece)
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        return Kept(digest.hexdigest(), size)

    def _place(self, sha256: str) -> Path:
        if not re.fullmatch(r"[0-9a-f]{64}", sha256):
            raise FileNotFoundError(sha256)
        return self.root / sha256[:2] / sha256

    @staticmethod
    def _folder(folder: Path) -> Path:
        if not folder.is_dir():
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            _sync_folder(folder.parent)
        return folder


def _pieces(stream: BinaryIO) -> Iterator[bytes]:
    while piece := stream.read(PIECE):
        yield piece


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":  # Windows cannot open a folder to sync it, and needs not
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
