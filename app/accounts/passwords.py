"""Passwords: long enough, any characters, kept only as Argon2id hashes.

No rules of composition and no yearly change: length is what helps (OWASP ASVS 5.0, 6.2). What somebody
chooses is not easily guessed either: not from lists of what others chose, nor from who they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from threading import Lock

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.accounts.breached import Breached
from app.accounts.models import Account
from app.core.errors import RuleBroken

SHORTEST, LONGEST = 12, 128
#: What zxcvbn, which weighs passwords from 0 to 4, must say of one: more than ten thousand million guesses.
STRONG = 4
#: How much of a password it weighs. What is longer and weak as far as that is weak.
WEIGHED = 72
#: Words that anybody tries here first.
OURS = ("ombudsman", "second read", "secondread", "casework", "complaint")
EASY = (
    "This password is easily guessed: many people use one like it, or it is about you or this office."
    " Use a few words together that have nothing to do with each other."
)
STOLEN = (
    "This password is in a list of passwords that were stolen elsewhere, and is tried first."
    " Use another, and change it wherever else you use it."
)
#: What people write instead of letters.
_DISGUISED = str.maketrans("013457@$!", "oieastasi")

_hasher = PasswordHasher()
_breached: Breached | None = None
#: zxcvbn keeps the words about somebody in a place of its own: one password is weighed at a time.
_weighing = Lock()


def use_breached(place: Path | None) -> None:
    """Refuse also what this file lists; none for the built-in list alone. The settings say."""
    global _breached
    _breached = Breached(place) if place else None


def set_cost(*, memory_kib: int, rounds: int) -> None:
    """How dear a hash is in this process; the settings say.

    Nobody's is made at once: the first stranger would else wait for two hashes, and so be told from an owner.
    """
    global _hasher
    _hasher = PasswordHasher(memory_cost=memory_kib, time_cost=rounds)
    _nobodys_hash.cache_clear()
    _nobodys_hash()


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


def chosen(password: str, *, about: Account) -> str:
    """The hash of a password that somebody chooses. Raises `RuleBroken` if it is short, long or easily guessed."""
    if SHORTEST <= len(password) <= LONGEST:
        if is_easy(password, about):
            raise RuleBroken(EASY, field="password")
        if _breached and password in _breached:
            raise RuleBroken(STOLEN, field="password")
    return hash_of(password)


def is_easy(password: str, about: Account) -> bool:
    """Whether a password is easily guessed by somebody who knows what others choose, and whose it is."""
    from zxcvbn import zxcvbn

    known = set(_words_about(about))
    rest = password.casefold()
    for word in sorted(known, key=len, reverse=True):
        rest = rest.replace(word, "")
    if rest != password.casefold() and len(rest.strip()) < SHORTEST:
        return True
    if _common() & set(_cores(password.casefold())):
        return True
    with _weighing:
        return bool(zxcvbn(password[:WEIGHED], user_inputs=sorted(known))["score"] < STRONG)


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


def _words_about(account: Account) -> Iterator[str]:
    """What is known of somebody: their name, their address, whom they answer for, and where this is."""
    yield from OURS
    organisation = account.organisation.name if account.organisation else ""
    for text in (account.name, account.email, account.team, organisation):
        yield from (word for word in re.split(r"\W+", text.casefold()) if len(word) > 3)


def _cores(folded: str) -> Iterator[str]:
    """A password without what is put around a word to make it longer, and without disguise."""
    yield re.sub(r"[\W_][\W\d_]*$", "", folded)
    for word in (folded, folded.translate(_DISGUISED)):
        yield re.sub(r"^[\W\d_]+|[\W\d_]+$", "", word)
    yield re.sub(r"^[\W\d_]+|[\W\d_]+$", "", folded).translate(_DISGUISED)


@cache
def _common() -> frozenset[str]:
    """Thirty thousand passwords from lists that were stolen, the commonest there are."""
    from zxcvbn.frequency_lists import FREQUENCY_LISTS

    return frozenset(FREQUENCY_LISTS["passwords"])
