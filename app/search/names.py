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
    near = session.scalars(found).all()
    return sorted(near, key=lambda other: (jellyfish.damerau_levenshtein_distance(word, other), other))[
        :MOST_ALIKE
    ]
