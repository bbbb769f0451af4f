"""What is compared when we ask whether two people may be one: contact details, written one way.

Each is empty for what cannot be compared, and what is empty agrees with nothing.
"""

from __future__ import annotations

import re

#: A number with fewer figures is an extension or a fragment, which many people share.
FEWEST_FIGURES = 7
_EXTENSION = re.compile(r"(?:ext|x|#).*", re.IGNORECASE | re.DOTALL)
_ABROAD = re.compile(r"^(?:\+|00)44")
#: As the Post Office writes them, with or without the space: the part for the town, the part for the street.
_POSTCODE = re.compile(r"\b([A-Z]{1,2}[0-9][A-Z0-9]?) ?([0-9][A-Z]{2})\b")


def comparable_email(typed: str) -> str:
    """The address without blanks and capitals; empty if it is none."""
    address = "".join(typed.split()).casefold()
    return address if "@" in address else ""


def comparable_telephone(typed: str) -> str:
    """The figures alone, from the first nought: `+44 (0)20 7946 0018` and `020 7946 0018` are one number."""
    number = re.sub(r"[^0-9+]", "", _EXTENSION.sub("", typed))
    national = _ABROAD.sub("0", number)
    if national != number:
        national = "0" + national.lstrip("0")
    figures = "".join(char for char in national if char in "0123456789")
    return figures if len(figures) >= FEWEST_FIGURES else ""


def comparable_postcode(address: str) -> str:
    """The last British postcode in an address, without its space; empty if there is none."""
    found = _POSTCODE.findall(address.upper())
    return "".join(found[-1]) if found else ""
