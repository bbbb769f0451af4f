"""Reading files in a child process that has little, and is replaced when it dies.

A child reads one file after another, `BATCH` at most, and is then replaced. The environment it starts with is
empty, so it knows no secret and no database. A file is only ever opened there.
"""

from __future__ import annotations

import json
import os
import selectors
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

CHILD = Path(__file__).with_name("child.py")
MIB = 1024 * 1024
#: How many files one child reads, and how long it may be idle before it is not used again, in seconds.
BATCH, IDLE = 1000, 60.0
#: How many children read at a time: one for each core, and two where there is one.
AT_ONCE = max(2, os.cpu_count() or 1)
#: What a child may take: address space and the largest file it writes in bytes, open files, and processes it starts.
LIMITS = {"AS": 1024 * MIB, "FSIZE": 256 * MIB, "NOFILE": 64, "NPROC": 0, "CORE": 0}
#: Seconds for one file, for a child to start, and the most it may answer.
SECONDS, STARTING, MOST_ANSWERED = 30, 30, 16 * MIB
#: All that is handed on of the environment: one thread to a library of numbers, and nothing else.
ENVIRONMENT = {"LANG": "C.UTF-8", "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}


#: How a child is kept from the network, as it says itself: by the system, or where that cannot be had, as a fallback.
CUT_OFF = {
    "none": "Files are read by a program that has no network: the system sees to it.",
    "refused": "This system cannot take the network from the program that reads files. Only the program itself"
    " refuses to use it, which a file made to break it might get round. Run the worker on Linux, where"
    " namespaces are allowed.",
}


class Unreadable(Exception):
    """The file cannot be read, for the reason given as a sentence. Nothing is lost by it but the preview."""


@dataclass
class Child:
    """One child process. Nobody else may use it meanwhile."""

    process: subprocess.Popen[bytes]
    scratch: tempfile.TemporaryDirectory[str]
    told: dict[str, Any] = field(default_factory=dict)
    read_so_far: int = 0
    idle_since: float = 0.0

    @classmethod
    def start(cls) -> Child:
        """Start one, and wait until it has given up what it does not need. Raises `Unreadable`."""
        scratch = tempfile.TemporaryDirectory(prefix="reading-")
        process = subprocess.Popen(  # noqa: S603 (our own program, by its path)
            [sys.executable, "-I", "-B", str(CHILD)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=scratch.name,
            env=ENVIRONMENT | {"TMPDIR": scratch.name} | _what_windows_needs(),
            start_new_session=True,
        )
        child = cls(process, scratch)
        child.told = child._asked(LIMITS, STARTING)
        return child

    def read(self, reader: str, path: Path, *, seconds: int = SECONDS, **options: Any) -> dict[str, Any]:
        """What that reader says of the file. Raises `Unreadable`; the child may be gone then."""
        self.read_so_far += 1
        task = {"reader": reader, "path": str(path), "options": options, "seconds": seconds}
        said = self._asked(task, seconds)
        if "unreadable" in said:
            raise Unreadable(said["unreadable"])
        if "broken" in said:
            raise Unreadable(
                f"This file could not be read: it is damaged, or made to look so ({said['broken']})."
            )
        answer: dict[str, Any] = said["answer"]
        return answer

    @property
    def is_gone(self) -> bool:
        return self.process.poll() is not None

    def close(self) -> None:
        """End it, whatever it is at, and throw away what it wrote."""
        with suppress(ProcessLookupError):
            self.process.kill()
        for pipe in (self.process.stdin, self.process.stdout):
            with suppress(OSError):
                pipe.close()  # type: ignore[union-attr]
        self.process.wait()
        self.scratch.cleanup()

    def _asked(self, question: dict[str, Any], seconds: float) -> dict[str, Any]:
        try:
            assert self.process.stdin
            self.process.stdin.write(json.dumps(question).encode() + b"\n")
            self.process.stdin.flush()
            line = self._line(time.monotonic() + seconds)
            said = json.loads(line)
        except (OSError, ValueError) as trouble:
            self.close()
            raise Unreadable(
                "Reading this file ended the program that reads: it took too much, or broke it."
            ) from trouble
        except (
            BaseException
        ):  # the rest of what it says of this file would be taken for what it says of the next
            self.close()
            raise
        return said if isinstance(said, dict) else {"broken": "no answer"}

    def _line(self, until: float) -> bytes:
        """The next line it says. Raises `Unreadable` when it is late or says too much, ValueError when it is gone."""
        assert self.process.stdout
        handle = self.process.stdout.fileno()
        pieces: list[bytes] = []
        length = 0
        with selectors.DefaultSelector() as selector:
            selector.register(handle, selectors.EVENT_READ)
            while not (pieces and pieces[-1].endswith(b"\n")):
                if not selector.select(max(0.0, until - time.monotonic())):
                    raise Unreadable("Reading this file took longer than one file is given.")
                piece = os.read(handle, MIB)
                length += len(piece)
                if length > MOST_ANSWERED:
                    raise Unreadable("There is more in this file than one file may say.")
                if not piece:
                    raise ValueError("gone")
                pieces.append(piece)
        return b"".join(pieces)


_idle: list[Child] = []
_lock = threading.Lock()
_places = threading.BoundedSemaphore(AT_ONCE)
_mine = threading.local()


class Place:
    """Room for one child, and the child that has it: a new one when that has died or has read enough."""

    def __init__(self) -> None:
        self._child: Child | None = None

    def child(self) -> Child:
        """Raises `Unreadable` if none can be had."""
        if self._child and (self._child.is_gone or self._child.read_so_far >= BATCH):
            self._child.close()
            self._child = None
        self._child = self._child or _an_idle_one() or Child.start()
        return self._child

    def leave(self) -> None:
        if self._child and (self._child.is_gone or self._child.read_so_far >= BATCH):
            self._child.close()
        elif self._child:
            self._child.idle_since = time.monotonic()
            with _lock:
                _idle.append(self._child)


@contextmanager
def reserved() -> Iterator[Place]:
    """A place of one's own, for all that this thread has read meanwhile: it waits for a child once."""
    with _places:
        place = _mine.place = Place()
        try:
            yield place
        finally:
            _mine.place = None
            place.leave()


@contextmanager
def lent() -> Iterator[Child]:
    """A child for one file or a few: that of the place this thread has, one that is idle, or a new one.

    Raises `Unreadable` if none can be had.
    """
    if place := getattr(_mine, "place", None):
        yield place.child()
    else:
        with reserved() as place:
            yield place.child()


def read(reader: str, path: Path, *, seconds: int = SECONDS, **options: Any) -> dict[str, Any]:
    """What that reader says of the file, read in a child. Raises `Unreadable`."""
    with lent() as child:
        return child.read(reader, path, seconds=seconds, **options)


def cut_off() -> str:
    """How a child of this machine is kept from the network, in words. Raises `Unreadable` if none can be had."""
    with lent() as child:
        return CUT_OFF[child.told["network"]]


def close_all() -> None:
    """End the children that are idle."""
    with _lock:
        children, _idle[:] = list(_idle), []
    for child in children:
        child.close()


def _an_idle_one() -> Child | None:
    with _lock:
        found = _idle.pop() if _idle else None
    if found and (found.is_gone or time.monotonic() - found.idle_since > IDLE):
        found.close()
        return _an_idle_one()
    return found


def _what_windows_needs() -> dict[str, str]:
    return {"SYSTEMROOT": "C:\\Windows"} if sys.platform == "win32" else {}
