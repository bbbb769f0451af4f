"""NHS numbers: checked, never a reason to turn somebody away."""

from __future__ import annotations

import re

import nhs_number

from app.core.terms import Term


class Standing(Term):
    """What can be said of an NHS number by looking at it."""

    VALID = "valid", "Check digit is right"
    INVALID = "invalid", "Not a valid NHS number: check it with the person"
    UNKNOWN = "unknown", "Not known"


def tidy(typed: str) -> str:
    """The number as typed, without the spaces and hyphens people put between its groups."""
    return re.sub(r"[\s\-–‐‑]", "", typed)


def standing_of(number: str) -> Standing:
    """Whether ten digits pass the modulus 11 check; an empty number is unknown, not invalid."""
    if not number:
        return Standing.UNKNOWN
    plain = number.isascii() and number.isdigit() and len(number) == 10
    return Standing.VALID if plain and nhs_number.is_valid(number) else Standing.INVALID


def grouped(number: str) -> str:
    """As it is written on letters, `999 000 0018`; anything but ten characters is left as it is."""
    return f"{number[:3]} {number[3:6]} {number[6:]}" if len(number) == 10 else number
