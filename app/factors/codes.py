"""The codes of authenticator apps (RFC 6238): six digits, a new one every thirty seconds."""

from __future__ import annotations

import hmac
from collections.abc import Iterator

from app.core import clock

#: Seconds that a code is shown; how far the clock of a telephone may be off, in codes.
STEP, OFF = 30, 1
DIGITS = 6
ISSUER = "Second Read"


def new_secret() -> str:
    """160 random bits in Base32, as apps read them."""
    import pyotp

    return pyotp.random_base32(32)


def address_of(secret: str, *, email: str) -> str:
    """What the picture says that an app looks at."""
    import pyotp

    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=ISSUER)


def picture_of(secret: str, *, email: str) -> list[tuple[int, int]]:
    """The dark squares of that picture, as column and row."""
    import segno

    drawn = segno.make(address_of(secret, email=email), error="m")
    return [
        (column, row)
        for row, line in enumerate(drawn.matrix_iter(border=0))
        for column, dark in enumerate(line)
        if dark
    ]


def step_of(secret: str, code: str) -> int | None:
    """The step whose code this is, of those that may be shown now; None if of none."""
    typed = plain(code)
    return next((step for step in _steps() if hmac.compare_digest(_at(secret, step), typed)), None)


def is_one(code: str) -> bool:
    """Whether this is written as such a code, and not as a recovery code."""
    return plain(code).isdigit() and len(plain(code)) == DIGITS


def plain(code: str) -> str:
    """A code without the spaces and hyphens that people write and read it with."""
    return "".join(char for char in code if char.isascii() and char.isalnum())


def _steps() -> Iterator[int]:
    now = int(clock.wall().timestamp()) // STEP
    yield from range(now - OFF, now + OFF + 1)


def _at(secret: str, step: int) -> str:
    import pyotp

    return pyotp.HOTP(secret, digits=DIGITS).at(step)
