"""What a message says: counts and kinds, and nothing that was typed by anybody."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from app.notices.models import NoticeKind

SUBJECT = "Something waits for you in Second Read"
_LETTER = Path(__file__).parent / "letters" / "waiting.txt"


def body(counts: Mapping[NoticeKind, int]) -> str:
    """The text of a message for these counts, in the order of the kinds."""
    lines = [f"{counts[kind]} × {kind.label}" for kind in NoticeKind if counts.get(kind)]
    return _letter().format(lines="\n".join(lines)).strip()


@cache
def _letter() -> str:
    return _LETTER.read_text(encoding="utf-8")
