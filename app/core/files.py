"""Where files are kept: by the SHA-256 of their content, byte for byte as they came.

A file is whole and safe on the disk before any row speaks of it: written under a temporary name,
synced, renamed to its hash, and the folder synced; then the caller commits. A crash in between
leaves a file that no row names, never a row without its file; `take_away_stray` is for those.

What comes in parts waits under a name of its own, and every part is synced before it is acknowledged. The
content is hashed as it then lies there, so whoever sent a part twice, or two parts at once, has what was hashed.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import secrets
import stat
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BufferedRandom, BufferedReader
from pathlib import Path
from typing import BinaryIO, Protocol

try:
    import fcntl
except ImportError:  # Windows, where one process serves
    fcntl = None  # type: ignore[assignment]

PIECE = 256 * 1024
#: Of what has been hashed: nobody writes in it any more.
SEALED = 0o400


class TooLarge(Exception):
    """More bytes came than are allowed. Nothing was kept."""


class Gap(Exception):
    """A part was to begin where nothing is yet, or after the whole was hashed. Ask how much is there."""


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

    def begin(self) -> str:
        """The name under which something can arrive in parts."""

    def append(self, name: str, offset: int, stream: BinaryIO, *, limit: int) -> int:
        """Write what `stream` gives at `offset`, safe when this returns; how far the whole now reaches.

        The same part may come again. Raises `Gap`, `TooLarge` if it reaches past `limit` bytes of the whole,
        and FileNotFoundError if nothing arrives under this name.
        """

    def finish(self, name: str) -> Kept:
        """Keep what has arrived. It may be asked again until `forget`, and nothing can be added any more."""

    def forget(self, name: str) -> None:
        """Let go of what arrived under this name. What was kept of it stays."""

    def arriving(self) -> Iterable[tuple[str, datetime]]:
        """What arrives in parts, or never arrived whole, and when the last of it came."""

    def listed(self, prefix: str) -> Iterable[tuple[str, datetime]]:
        """What is stored whose hash begins with these two digits, and when it was last kept."""

    def strays(self) -> Iterable[str]:
        """What lies in the store where nothing of it belongs."""

    def take_away_stray(self, sha256: str, *, before: datetime) -> bool:
        """Remove what no row names and was not kept again since that instant. Whether it was removed."""


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
        except BaseException:
            arriving.unlink(missing_ok=True)
            raise
        _sync_folder(place.parent)
        return kept

    def open(self, sha256: str) -> BinaryIO:
        """No link is followed, in whose place an original should be: it counts as missing."""
        place = self._place(sha256)
        if place.parent.is_symlink():
            raise FileNotFoundError(sha256)
        try:
            return open(str(place), "rb", opener=_following_no_link)
        except OSError as error:
            if error.errno == errno.ELOOP:
                raise FileNotFoundError(sha256) from None
            raise

    def begin(self) -> str:
        name = secrets.token_hex(16)
        place = self._folder(self.root / "arriving") / name
        os.close(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        _sync_folder(place.parent)
        return name

    def append(self, name: str, offset: int, stream: BinaryIO, *, limit: int) -> int:
        with self._arriving_alone(name, to_write=True) as file:
            if offset > os.fstat(file.fileno()).st_size or _is_sealed(file):
                raise Gap
            reached = offset
            file.seek(offset)
            for piece in _pieces(stream):
                reached += len(piece)
                if reached > limit:
                    raise TooLarge
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
            return reached

    def finish(self, name: str) -> Kept:
        """A second name for the file becomes its place, so that a crash before the commit loses nothing."""
        with self._arriving_alone(name) as file:
            os.fchmod(file.fileno(), SEALED)
            kept = Kept(hashlib.file_digest(file, "sha256").hexdigest(), file.tell())
            os.fsync(file.fileno())
            place, second = self._place(kept.sha256), self._arriving(secrets.token_hex(16))
            self._folder(place.parent)
            os.link(self._arriving(name), second)
            os.utime(
                second
            )  # kept now, whenever its last part came: it is no stray while its row is being written
            second.rename(place)
            second.unlink(missing_ok=True)  # it stays if the place was this very file already
            _sync_folder(place.parent)
            return kept

    def forget(self, name: str) -> None:
        self._arriving(name).unlink(missing_ok=True)

    def arriving(self) -> Iterator[tuple[str, datetime]]:
        return _with_times(self.root / "arriving")

    def listed(self, prefix: str) -> Iterator[tuple[str, datetime]]:
        return _with_times(self.root / prefix)

    def strays(self) -> Iterator[str]:
        with suppress(FileNotFoundError), os.scandir(self.root) as entries:
            for entry in entries:
                is_folder = entry.is_dir(follow_symlinks=False)
                if not (is_folder and re.fullmatch(r"arriving|[0-9a-f]{2}", entry.name)):
                    yield entry.name

    def take_away_stray(self, sha256: str, *, before: datetime) -> bool:
        """It is moved aside before it is judged: who keeps the same content meanwhile has it at its place."""
        aside = self._arriving(secrets.token_hex(16))
        try:
            place = self._place(sha256)
            place.rename(aside)
        except FileNotFoundError:
            return False
        if aside.stat().st_mtime < before.timestamp():
            aside.unlink()
            return True
        aside.rename(place)
        _sync_folder(place.parent)
        return False

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
            with self.open(sha256) as file:
                return _digest_of(file)
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

    @contextmanager
    def _arriving_alone(
        self, name: str, *, to_write: bool = False
    ) -> Iterator[BufferedRandom | BufferedReader]:
        """The file that arrives under this name, for one process at a time."""
        place = self._arriving(name)
        try:
            opened = place.open("r+b") if to_write else place.open("rb")
        except PermissionError:  # sealed; root would be let in, and is asked below
            raise Gap from None
        with opened as file:
            if fcntl is not None:
                fcntl.flock(file, fcntl.LOCK_EX)
            yield file

    def _arriving(self, name: str) -> Path:
        if not re.fullmatch(r"[0-9a-f]{32}", name):
            raise FileNotFoundError(name)
        return self.root / "arriving" / name

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


def _digest_of(stream: BinaryIO) -> str:
    digest = hashlib.sha256()
    for piece in _pieces(stream):
        digest.update(piece)
    return digest.hexdigest()


def _pieces(stream: BinaryIO) -> Iterator[memoryview]:
    """What the stream gives, each piece in the room of the one before: it is done with by then."""
    room = memoryview(bytearray(PIECE))
    while length := stream.readinto(room):  # type: ignore[attr-defined]
        yield room[:length]


def _is_sealed(file: BufferedRandom | BufferedReader) -> bool:
    return stat.S_IMODE(os.fstat(file.fileno()).st_mode) == SEALED


def _with_times(folder: Path) -> Iterator[tuple[str, datetime]]:
    with suppress(FileNotFoundError), os.scandir(folder) as entries:
        for entry in entries:
            with suppress(FileNotFoundError):  # it arrived, or somebody else was faster
                yield entry.name, datetime.fromtimestamp(entry.stat().st_mtime, UTC)


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":  # Windows cannot open a folder to sync it, and needs not
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _following_no_link(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NOFOLLOW", 0))
