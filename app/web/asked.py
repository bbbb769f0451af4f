"""What an address asks for after its question mark: never trusted to be what a page of ours wrote."""

from __future__ import annotations

from flask import request

from app.core.text import clean, whole_number

LONGEST, LONGEST_QUERY = 200, 2000


def words_asked(name: str, otherwise: str = "") -> str:
    """The words of that name, bounded and cleaned as typed text is."""
    return clean(request.args.get(name, otherwise)[:LONGEST])


def query_asked(name: str) -> str | None:
    """The question of a list that somebody came from, as its own address would say it; None if from none."""
    query = request.args.get(name)
    return None if query is None else clean(query[:LONGEST_QUERY])


def all_asked(name: str, *, most: int) -> list[str]:
    """The values of that name, each bounded and cleaned; `most` of them at the outside."""
    return [clean(words[:LONGEST]) for words in request.args.getlist(name)[:most]]


def number_asked(name: str) -> int:
    """The whole number of that name; 0 if what is asked is none."""
    return whole_number(request.args.get(name)) or 0
