"""What is typed, as it can be kept: every character of every name, and nothing a database would choke on."""

from __future__ import annotations

import hashlib
import re
import unicodedata

#: Control characters other than tab, line feed and carriage return, and halves of surrogate pairs.
_UNKEEPABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")

#: What labels begin with that are not the names of anything.
_NO_NAMES = frozenset({"How", "If", "In", "Tell", "What", "When", "Where", "Which", "Who", "Whom", "Why"})


def clean(typed: str) -> str:
    """The text in composed form, with line ends as line feeds, without what cannot be stored, trimmed."""
    typed = typed.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", _UNKEEPABLE.sub("", typed)).strip()


def searchable(words: str) -> str:
    """Lower case, without accents and apostrophes: what is compared when someone looks for a name."""
    plain = unicodedata.normalize("NFKD", words.casefold().replace("'", "").replace("’", ""))
    return "".join(char for char in plain if not unicodedata.combining(char))


def whole_number(words: str | None, *, figures: int = 9) -> int | None:
    """The whole number that was typed or sent, in figures of ours and at most so many; None if it is none."""
    is_one = words and words.isascii() and words.isdigit() and len(words) <= figures
    return int(words) if words and is_one else None


def in_a_sentence(label: str) -> str:
    """What a question is called in a sentence about its answer: “NHS number, if you know it” is its NHS number.

    A label that asks, or is no name, is quoted: as the subject of another sentence it could not be read.
    """
    if "?" in label or label.partition(" ")[0] in _NO_NAMES:
        return f"Your answer to “{label}”"
    return re.split("[,:(]", label)[0].rstrip()


def looks_like_an_address(words: str) -> bool:
    """Whether a letter could be sent to this by e-mail: one address, and nothing that ends a line."""
    before, _, after = words.strip().partition("@")
    told = before + after
    return bool(before) and "." in after and not any(c.isspace() or c in '<>,;:"@' for c in told)


#: Shorter texts, “see the letter”, are the same in many complaints that have nothing else in common.
SHORTEST_TOLD_APART = 30


def digest_of(words: str) -> str:
    """A hash that is the same for the same words, whatever their case, accents, blanks and marks.

    Empty for a text of fewer than `SHORTEST_TOLD_APART` letters and figures.
    """
    plain = "".join(char for char in searchable(words) if char.isalnum())
    return hashlib.sha256(plain.encode()).hexdigest() if len(plain) >= SHORTEST_TOLD_APART else ""


def file_size(size: int) -> str:
    """A number of bytes in words."""
    for unit, length in (("GB", 1024**3), ("MB", 1024**2), ("KB", 1024)):
        if size >= length:
            return f"{size / length:.0f} {unit}" if size >= 10 * length else f"{size / length:.1f} {unit}"
    return f"{size} bytes"
