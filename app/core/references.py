"""References that people quote: random, so that they tell nothing of how many there are, and with a
check character, so that a slip of the tongue or the finger is noticed.

`SR-4F7K-92MC`: seven random characters and one that checks them. The alphabet has 29 characters,
a prime number, and no vowels, no 1, I or L, and no O (read as 0). Every single wrong character and
every swap of two characters is found.
"""

from __future__ import annotations

import random
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

ALPHABET = "023456789BCDFGHJKMNPQRSTVWXYZ"
LENGTH = 7

_chance: random.Random = secrets.SystemRandom()


def new_reference() -> str:
    """A reference that nobody can guess. That it is not yet taken, the unique column says."""
    return _written("".join(_chance.choice(ALPHABET) for _ in range(LENGTH)))


def new_key() -> str:
    """128 random bits in hexadecimal, for naming a document or an account to the outside."""
    return f"{_chance.getrandbits(128):032x}"


def new_code(length: int = 5) -> str:
    """A short random code for an organisation that the national register does not list."""
    return "".join(_chance.choice(ALPHABET) for _ in range(length))


def read_reference(words: str) -> str | None:
    """The reference that `words` spell, whatever their case, hyphens and spaces; None if they don't."""
    letters = "".join(char for char in words.upper().replace("O", "0") if char.isalnum())
    letters = letters.removeprefix("SR") if len(letters) == LENGTH + 3 else letters
    if len(letters) != LENGTH + 1 or not set(letters) <= set(ALPHABET):
        return None
    reference = _written(letters[:LENGTH])
    return reference if reference.endswith(letters[-1]) else None


def _written(letters: str) -> str:
    weighed = sum(weight * ALPHABET.index(letter) for weight, letter in enumerate(letters, 2))
    whole = letters + ALPHABET[-weighed % len(ALPHABET)]
    return f"SR-{whole[:4]}-{whole[4:]}"


@contextmanager
def drawn_from(seed: int) -> Iterator[None]:
    """Make references and keys the same every time: for the demonstration office, never for a real one."""
    global _chance
    before, _chance = _chance, random.Random(seed)  # noqa: S311 (it is meant to be repeatable)
    try:
        yield
    finally:
        _chance = before
