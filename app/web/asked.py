"""What an address asks for after its question mark: never trusted to be what a page of ours wrote."""

from __future__ import annotations

from flask import request

from app.core.text import clean

LONGEST = 200
#: A list is not leafed through further than this.
LAST_PAGE = 1000


def words_asked(name: str, otherwise: str = "") -> str:
    """The words of that name, bounded and cleaned as typed text is."""
    return clean(request.args.get(name, otherwise)[:LONGEST])


def page_number() -> int:
    """The page of a list that is asked for; the first, if what is asked is no number of a page."""
    words = request.args.get("page", "")
    number = int(words) if words.isascii() and words.isdigit() and len(words) < 5 else 1
    return min(max(number, 1), LAST_PAGE)
