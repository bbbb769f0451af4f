"""What is made of the office's secret: tokens of links, and what is locked away in the database.

Somebody who reads the database, or a copy of it, has neither: the secret is not in it. A new secret
makes every link dead and every authenticator unreadable; people then set theirs up again.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64encode
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.fernet import Fernet

_secret = b""


def use(secret: str) -> None:
    """Which secret this process seals with; the settings say."""
    global _secret
    _secret = secret.encode()


def new_seal() -> str:
    """128 random bits to make a token of: the one half, which the database may hold."""
    return secrets.token_hex(16)


def token_of(seal: str) -> str:
    """The token that this seal and the office's secret make: the same each time, and nobody else's to make."""
    return _text(_derived(f"token:{seal}"))


def hash_of(token: str) -> str:
    """What is kept of a token or a code of many random bits."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def pseudonyms_of(reference: str) -> str:
    """What de-identified copies of one case take their pseudonyms from, in hexadecimal: the same each time."""
    return _derived(f"pseudonyms:{reference}").hex()


def lock(words: str) -> str:
    """The words as only this office can read them."""
    return _box().encrypt(words.encode()).decode()


def unlock(locked: str, *, seconds: int | None = None) -> str | None:
    """The words that were locked, at most so many seconds ago; None if they were not, or not here."""
    from cryptography.fernet import InvalidToken

    try:
        return _box().decrypt(locked.encode("utf-8", "replace"), ttl=seconds).decode()
    except InvalidToken:
        return None


def _box() -> Fernet:
    from cryptography.fernet import Fernet

    return Fernet(_text(_derived("box"), padded=True))


def _derived(purpose: str) -> bytes:
    """256 bits for this purpose alone."""
    return hmac.digest(_secret, f"second-read/{purpose}".encode(), "sha256")


def _text(bits: bytes, *, padded: bool = False) -> str:
    text = urlsafe_b64encode(bits).decode()
    return text if padded else text.rstrip("=")
