"""Plain text, in the encodings that letters and exports come in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from . import Unreadable, reader

LARGEST = 20 * 1024 * 1024
PAGE = 20_000


@reader
def text(path: str) -> dict[str, Any]:
    """Its words, in pages of `PAGE` characters: what is cited of a text without pages is found again by search."""
    with Path(path).open("rb") as file:
        content = file.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise Unreadable(f"A text of more than {LARGEST // 1024**2} MB is not read.")
    words = _decoded(content)
    return {"pages": [words[start : start + PAGE] for start in range(0, max(len(words), 1), PAGE)]}


def _decoded(content: bytes) -> str:
    if content[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")
