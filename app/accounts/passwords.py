"""Passwords: long enough, any characters, kept only as Argon2id hashes.

No rules of composition and no yearly change: length is what helps (OWASP ASVS 5.0, 6.2).
"""

from __future__ import annotations

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.core.errors import RuleBroken

SHORTEST, LONGEST = 12, 128

_hasher = PasswordHasher()


def set_cost(*, memory_kib: int, rounds: int) -> None:
    """How dear a hash is in this process; the settings say."""
    global _hasher
    _hasher = PasswordHasher(memory_cost=memory_kib, time_cost=rounds)
    _nobodys_hash.cache_clear()


def hash_of(password: str) -> str:
    """The hash to keep. Raises `RuleBroken` for a password that is too short or too long."""
    if len(password) < SHORTEST:
        raise RuleBroken(
            f"Use {SHORTEST} characters or more; a few words together are good.", field="password"
        )
    if len(password) > LONGEST:
        raise RuleBroken(f"Use {LONGEST} characters or fewer.", field="password")
    try:
        return _hasher.hash(password)
    except UnicodeEncodeError:
        raise RuleBroken(
            "There is a character in this password that cannot be used.", field="password"
        ) from None


def fits(password: str, kept: str | None) -> bool:
    """Whether the password is the one kept; takes as long for nobody's as for somebody's.

    One that is too long to be anybody's costs no hash at all.
    """
    if len(password) > LONGEST:
        return False
    try:
        return _hasher.verify(kept or _nobodys_hash(), password) and kept is not None
    except (VerificationError, InvalidHashError, UnicodeEncodeError):
        return False


def is_outdated(kept: str) -> bool:
    """Whether the hash was made at another cost than today's, and should be made again."""
    return _hasher.check_needs_rehash(kept)


@cache
def _nobodys_hash() -> str:
    return _hasher.hash("the password of nobody at all")
