"""Recognising words in a picture of a page, by tesseract where it is installed.

It is a program of its own, given nothing but a picture that we drew: never the file that was received.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

NOT_THERE = "Words in pictures are not recognised here: the program tesseract is not installed on the worker."
#: The longer side of the picture it is given, in pixels; the seconds for one page; the characters kept of one.
SIDE, SECONDS, LONGEST_PAGE = 2400, 60, 50_000


class NotRecognised(Exception):
    """No words could be had of this page: it took too long, or the program failed."""


def is_there() -> bool:
    return shutil.which("tesseract") is not None


def words_in(picture: Path) -> str:
    """The words of a page drawn as PNG; empty if there are none. Raises `NotRecognised`."""
    program = shutil.which("tesseract")
    if program is None:
        raise NotRecognised
    with tempfile.TemporaryFile() as said:  # whatever it says takes no memory
        try:
            subprocess.run(  # noqa: S603 (a program of the system, on a picture of ours)
                [program, str(picture), "stdout"],
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=subprocess.DEVNULL,
                env={"PATH": os.defpath, "LANG": "C.UTF-8", "OMP_THREAD_LIMIT": "1"},
                timeout=SECONDS,
                check=True,
            )
        except (OSError, subprocess.SubprocessError) as trouble:
            raise NotRecognised from trouble
        said.seek(0)
        return said.read(4 * LONGEST_PAGE).decode("utf-8", "replace").strip()[:LONGEST_PAGE]
