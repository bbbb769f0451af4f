"""What both kinds of messages tell in one shape: words that can be kept, patients, and moments as exact as given."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, time
from typing import Any

#: Characters kept of one value, and of the words of a report.
LONGEST, LONGEST_WORDS = 200, 3000
#: A year outside of these is no year anybody is complaining about.
FIRST_YEAR, LAST_YEAR = 1850, 2200
PRECISIONS = ("year", "month", "day", "hour", "minute", "second")
HL7_TIME = re.compile(
    r"([0-9]{4})(?:([0-9]{2})(?:([0-9]{2})(?:([0-9]{2})(?:([0-9]{2})(?:([0-9]{2})(?:\.[0-9]{1,4})?)?)?)?)?)?"
    r"([+-][0-9]{4})?"
)
FHIR_TIME = re.compile(
    r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2})"
    r"(?:T([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.[0-9]+)?)?(Z|[+-][0-9]{2}:[0-9]{2})?)?)?)?"
)


def moment(given: str, written: re.Pattern[str]) -> dict[str, str] | None:
    """When something happened, or None if this is no time.

    `day` is YYYY-MM-DD with 01 for what is not given, `time` HH:MM or empty, `precision` one of `PRECISIONS`,
    `offset` +HH:MM or empty where the message has none.
    """
    figures = written.fullmatch(given)
    if not figures:
        return None
    *parts, offset = figures.groups()
    numbers = [int(part) for part in parts if part is not None]
    if not FIRST_YEAR <= numbers[0] <= LAST_YEAR:
        return None
    year, month, day, hour, minute, second = numbers + [1, 1, 1, 0, 0, 0][len(numbers) :]
    try:
        told, at = date(year, month, day), time(hour, minute, second)
    except ValueError:
        return None
    if (zone := _zone(offset)) is None:
        return None
    return {
        "given": given,
        "day": told.isoformat(),
        "time": f"{at:%H:%M}" if len(numbers) > 4 else "",
        "precision": PRECISIONS[len(numbers) - 1],
        "offset": zone,
    }


def _zone(offset: str | None) -> str | None:
    """The offset as +HH:MM; empty where there is none, None where there is no such."""
    if not offset:
        return ""
    if offset == "Z":
        return "+00:00"
    figures = offset.replace(":", "")
    hours, minutes = int(figures[1:3]), int(figures[3:5])
    return f"{figures[:3]}:{figures[3:]}" if hours <= 14 and minutes < 60 else None


def day(given: str, written: re.Pattern[str]) -> str:
    """A day of birth as YYYY-MM-DD; empty where it is not given to the day."""
    told = moment(given, written)
    return told["day"] if told and PRECISIONS.index(told["precision"]) >= 2 else ""


def cleaned(words: str, longest: int = LONGEST) -> str:
    """On one line, without anything that is not seen or that turns the direction of what follows."""
    return " ".join(_seen(words[: 4 * longest]).split())[:longest].strip()


def prose(words: str) -> str:
    """The same for words of several lines."""
    lines = (cleaned(line, LONGEST_WORDS) for line in words[: 4 * LONGEST_WORDS].splitlines())
    return "\n".join(line for line in lines if line)[:LONGEST_WORDS]


def _seen(words: str) -> str:
    return "".join(
        char if unicodedata.category(char)[0] != "C" else " " for char in unicodedata.normalize("NFC", words)
    )


def patient(
    name: str = "", nhs_number: str = "", numbers: list[dict[str, str]] | None = None, born_on: str = ""
) -> dict[str, Any]:
    """Whom a message names. `name` is family^given^…; `numbers` have who gave them, if that is said."""
    return {"name": name, "nhs_number": nhs_number, "numbers": numbers or [], "born_on": born_on}


def event(
    kind: str, moment: dict[str, str], place: str, words: str = "", notes: list[str] | None = None
) -> dict[str, Any]:
    return {"kind": kind, "moment": moment, "place": place, "words": words, "note": " ".join(notes or [])}
