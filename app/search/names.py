"""Names, found although they are misspelt or written as they sound.

Every word of a name has keys: how it sounds, and what is left of it without one of its letters. Two
words that sound alike share the first; two that differ by one letter, or by a swap of two, share one
of the others. Looking for a name is then looking for its keys, which an index does.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import jellyfish
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.search.models import NameKey, NameWord

#: Shorter words have too many others near them.
SHORTEST = 3
MOST_ALIKE = 20
_SOUND = "~"


def keys_of(word: str) -> set[str]:
    """The keys of a word of a name, as `words.name_term_of` gives it."""
    if len(word) < SHORTEST or not word.isalpha():
        return {word}
    sounds = {
        _SOUND + sound for sound in (jellyfish.metaphone(word), jellyfish.nysiis(word)) if len(sound) > 1
    }
    return {word} | sounds | {word[:place] + word[place + 1 :] for place in range(len(word))}


def learn(session: Session, words: Iterable[str]) -> None:
    """Let these words be found by their keys from now on."""
    wanted = set(words)
    known = set(session.scalars(select(NameWord.word).where(NameWord.word.in_(wanted)))) if wanted else set()
    for word in sorted(wanted - known):
        word_id = session.scalar(insert(NameWord).values(word=word).returning(NameWord.id))
        session.execute(insert(NameKey), [{"word_id": word_id, "key": key} for key in sorted(keys_of(word))])


def alike(session: Session, word: str) -> Sequence[str]:
    """Words of names that are this one, sound like it or are misspelt as it; the nearest first."""
    found = (
        select(NameWord.word)
        .join(NameKey, NameKey.word_id == NameWord.id)
        .where(NameKey.key.in_(keys_of(word)))
        .distinct()
        .limit(MOST_ALIKE * 10)
    )
    return _nearest(word, set(session.scalars(found)))[:MOST_ALIKE]


def spellings(session: Session, words: Sequence[str], most: int) -> list[list[str]]:
    """For each of these words: it, and what is like it among the words of names, nearest first; `most` each.

    One statement for all of them.
    """
    keys = {word: keys_of(word) for word in words}
    wanted = set[str]().union(*keys.values())
    found = (
        select(NameKey.key, NameWord.word)
        .join(NameWord, NameWord.id == NameKey.word_id)
        .where(NameKey.key.in_(wanted))
        .limit(MOST_ALIKE * 10 * len(words))
    )
    near = session.execute(found).all() if wanted else []
    return [
        _nearest(word, {word, *(other for key, other in near if key in keys[word])})[:most] for word in words
    ]


def _nearest(word: str, others: set[str]) -> list[str]:
    return sorted(others, key=lambda other: (jellyfish.damerau_levenshtein_distance(word, other), other))


def are_alike(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether two names, as their words, may be one: each word of the shorter is like one of the longer.

    An initial stands for a word that begins with it, but one word at least is written out in both. A
    name of one word is like no longer name.
    """
    few, many = sorted((list(one), list(other)), key=len)
    if len(few) == 1 < len(many):
        return False
    written_out = 0
    for word in few:
        like = next((each for each in many if _is_like(word, each)), None)
        if like is None:
            return False
        many.remove(like)
        written_out += len(word) > 1 and len(like) > 1
    return written_out > 0


def _is_like(word: str, other: str) -> bool:
    if len(word) == 1 or len(other) == 1:
        return word[:1] == other[:1]
    return word == other or not keys_of(word).isdisjoint(keys_of(other))
