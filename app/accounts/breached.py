"""A list of passwords that were stolen elsewhere, in a sorted file of any size: looked up, never read into memory."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import BinaryIO

#: Longer lines than this are no passwords of anybody, and no hashes.
LONGEST_LINE = 1024
_HASH = re.compile(rb"[0-9A-Fa-f]{10,40}(:[0-9]+)?")
_LOOKED_AT = 200


class Breached:
    """`password in Breached(place)`. The file holds SHA-1 hashes in hexadecimal, or the first ten or more of
    their digits, each perhaps with `:` and a count, as Have I Been Pwned publishes them ordered by hash; or
    else passwords as they are, in UTF-8. Either way one a line, sorted by bytes (`LC_ALL=C sort`).
    """

    def __init__(self, place: Path) -> None:
        self.place = place
        with place.open("rb") as file:
            lines = [file.readline(LONGEST_LINE).rstrip(b"\r\n") for _ in range(_LOOKED_AT)]
        first = [line for line in lines if line]
        self.is_hashed = bool(first) and all(_HASH.fullmatch(line) for line in first)
        keys = [self._key(line) for line in first]
        if not keys or keys != sorted(keys):
            raise ValueError("it is empty, or not sorted by bytes")

    def __contains__(self, password: str) -> bool:
        whole = password.encode("utf-8", "replace")
        wanted = (
            hashlib.sha1(whole, usedforsecurity=False).hexdigest().upper().encode()
            if self.is_hashed
            else whole
        )
        with self.place.open("rb") as file:
            return self._is_in(file, wanted)

    def _is_in(self, file: BinaryIO, wanted: bytes) -> bool:
        """Halve the part of the file in which the line can begin until nothing is left of it."""
        low, high = 0, file.seek(0, 2)
        while low < high:
            middle = (low + high) // 2
            found = _line_from(file, middle)
            if found is None:
                high = middle
                continue
            key = self._key(found)
            compared = wanted[: len(key)] if self.is_hashed else wanted
            if key == compared:
                return True
            if key < compared:
                low = file.tell()
            else:
                high = middle
        return False

    def _key(self, line: bytes) -> bytes:
        bare = line.rstrip(b"\r\n")
        return bare.partition(b":")[0].upper() if self.is_hashed else bare


def _line_from(file: BinaryIO, place: int) -> bytes | None:
    """The first whole line that begins at this place or after it; None at the end of the file."""
    file.seek(max(place - 1, 0))
    if place > 0:
        while (rest := file.readline(LONGEST_LINE)) and not rest.endswith(b"\n"):
            pass
    line = file.readline(LONGEST_LINE)
    return line or None
