"""The words that somebody is called by, and so looked for by. Whole words, and what people take for one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from itertools import groupby, pairwise

from app.core.text import searchable

#: Scripts that put no spaces between the words of a name, as Unicode begins the names of their letters.
_UNSPACED = ("CJK", "HIRAGANA", "KATAKANA", "HANGUL", "THAI", "LAO", "KHMER", "MYANMAR")
#: In how many of the first letters of a word without spaces another word may begin.
_LOOKED_INTO = 20
_APOSTROPHES = "'’‘ʼʻ′`´＇"
#: O Brien, Ó Briain, D. Souza: the apostrophe is left out as often as not. Of names as they are searched.
_LEFT_OUT = re.compile(r"\b([odl])\.?\s+(?=\w)")
#: What people write before a name that is often kept without.
_TITLES = frozenset(
    {"mr", "mrs", "ms", "miss", "mx", "dr", "prof", "professor", "sir", "dame", "rev", "reverend"}
)


def called_by(name: str) -> set[str]:
    """The words by whose beginnings this name is found.

    O’Dowd is found as “odowd”, and by its parts, and so is O Dowd; a name without spaces by every ending of it, since
    where its second word begins cannot be seen.
    """
    closed = searchable(_joined(name, ""))
    ways = closed, _joined(name, " "), _LEFT_OUT.sub(r"\1", closed)
    words = {word for way in ways for word in _words_of(way)}
    return words | {ending for word in words for ending in _endings_of(word)}


def looked_for(typed: str) -> list[str]:
    """The words that were typed, the longest first: fewest people are called so."""
    return sorted(set(_words_of(_joined(typed, ""))), key=lambda word: (-len(word), word))


def without_titles(words: Sequence[str]) -> list[str]:
    """Those words without “Mrs” and the like, which a name is often kept without."""
    return [word for word in words if word not in _TITLES]


def _joined(name: str, by: str) -> str:
    """The name with something else for apostrophes and for the signs nobody sees, which only say how letters join."""
    return "".join(
        by if char in _APOSTROPHES or unicodedata.category(char) == "Cf" else char for char in name
    )


def _words_of(text: str) -> list[str]:
    return ["".join(run) for is_word, run in groupby(searchable(text), _is_of_a_word) if is_word]


def _endings_of(word: str) -> list[str]:
    """What of the word a second word of it may be: it begins with, or after, a letter of a script without spaces."""
    letters = unicodedata.normalize("NFC", word)
    begin = [n for n, pair in enumerate(pairwise(letters[:_LOOKED_INTO]), 1) if any(map(_is_unspaced, pair))]
    return [unicodedata.normalize("NFKD", letters[start:]) for start in begin]


def _is_of_a_word(char: str) -> bool:
    """Letters, figures, and the signs some scripts write vowels with."""
    return char.isalnum() or unicodedata.category(char).startswith("M")


def _is_unspaced(char: str) -> bool:
    return unicodedata.name(char, "").startswith(_UNSPACED)
