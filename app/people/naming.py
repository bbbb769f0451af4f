"""The words that somebody is called by, and so looked for by. Whole words, and what people take for one."""

from __future__ import annotations

import unicodedata
from itertools import groupby

from app.core.text import searchable

#: Scripts that put no spaces between the words of a name, as Unicode begins the names of their letters.
_UNSPACED = ("CJK", "HIRAGANA", "KATAKANA", "HANGUL", "THAI", "LAO", "KHMER", "MYANMAR")
#: The longest name of one word, in letters, of which every ending is kept.
_LONGEST = 20
_APOSTROPHES = "'’ʼ`´"
_CLOSED = str.maketrans("", "", _APOSTROPHES)
_PARTED = str.maketrans(dict.fromkeys(_APOSTROPHES, " "))


def called_by(name: str) -> set[str]:
    """The words by whose beginnings this name is found.

    O’Dowd is found as “odowd”, and by its parts; a name without spaces by every ending of it, since where its second
    word begins cannot be seen.
    """
    words = {*_words_of(name.translate(_CLOSED)), *_words_of(name.translate(_PARTED))}
    endings = {word[start:] for word in words if _is_unspaced(word) for start in range(1, len(word))}
    return words | endings


def looked_for(typed: str) -> list[str]:
    """The words that were typed, the longest first: fewest people are called so."""
    return sorted(set(_words_of(typed.translate(_CLOSED))), key=lambda word: (-len(word), word))


def _words_of(text: str) -> list[str]:
    runs = groupby(searchable(text), _is_of_a_word)
    return ["".join(run) for is_word, run in runs if is_word]


def _is_of_a_word(char: str) -> bool:
    """Letters, figures, and the signs some scripts write vowels with."""
    return char.isalnum() or unicodedata.category(char).startswith("M")


def _is_unspaced(word: str) -> bool:
    return len(word) <= _LONGEST and unicodedata.name(word[0], "").startswith(_UNSPACED)
