"""What a row of a list may hold: each column with what is right in it, whoever wrote it, a file or a page.

A row is kept as JSON can hold it: days in ISO 8601, names as a list, clauses as a list of small rows.
`complete` gives a row every column, so that two rows can be compared.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from app.audit.events import plain
from app.core.calendar import FIRST_DAY, LAST_DAY
from app.core.terms import Term
from app.core.text import in_a_sentence

Row = dict[str, Any]

LONGEST_LINE, LONGEST_PROSE, MOST_POUNDS = 200, 2_000, 10_000_000
MOST_NAMES, MOST_CLAUSES = 60, 60
#: What separates the parts of a clause where it is typed.
BAR = "|"


class Holds(Term):
    """What kind of thing stands in a column."""

    LINE = "line"
    PROSE = "prose"
    WHOLE = "whole"
    DAY = "day"
    YES_NO = "yes_no"
    NAMES = "names"
    ONE_OF = "one_of"
    CLAUSES = "clauses"


NOTHING: Mapping[Holds, Any] = {
    Holds.LINE: "",
    Holds.PROSE: "",
    Holds.WHOLE: None,
    Holds.DAY: None,
    Holds.YES_NO: False,
    Holds.NAMES: [],
    Holds.ONE_OF: "",
    Holds.CLAUSES: [],
}


@dataclass(frozen=True)
class Column:
    """One column. What is `fixed` is part of what the row means, and never changes after it was in force."""

    name: str
    label: str
    holds: Holds = Holds.LINE
    hint: str = ""
    required: bool = False
    fixed: bool = False
    choices: Mapping[str, str] = field(default_factory=dict)
    numbers: bool = False
    pattern: str = ""
    otherwise: str = ""

    def problem(self, value: Any) -> str:
        """What is wrong with the value, as a sentence that says what to do; empty where nothing is."""
        if value == NOTHING[self.holds] or value is None:
            return f"Fill in “{self.label}”." if self.required else ""
        if not _is_of_kind(self, value):
            return f"{self.label} is not of the right kind."
        if self.pattern and not re.fullmatch(self.pattern, str(value)):
            return self.otherwise
        return _CHECKS.get(self.holds, _nothing_more)(self, value)

    def words(self, value: Any) -> str:
        """The value as people read it."""
        match self.holds:
            case Holds.NAMES:
                return ", ".join(map(str, value))
            case Holds.CLAUSES:
                return "\n".join(clause_in_words(clause) for clause in value)
            case Holds.YES_NO:
                return "Yes" if value else "No"
            case Holds.ONE_OF:
                return self.choices.get(value, value)
        return "" if value is None else str(value)


def complete(columns: tuple[Column, ...], row: Mapping[str, Any]) -> Row:
    """The row with all its columns and nothing else, as JSON can hold it."""
    return {column.name: plain(row.get(column.name, NOTHING[column.holds])) for column in columns}


def clause_in_words(clause: Mapping[str, str]) -> str:
    """A clause as it is typed: its reference, its gist, and what is unverified of it, with bars between."""
    parts = [clause["ref"], clause["gist"], clause.get("unverified", "")]
    return f" {BAR} ".join(part for part in parts if part)


def clauses_from(typed: str) -> list[dict[str, str]]:
    """The clauses of a text with one in each line. Raises `ValueError`, with a sentence, for a line that is none."""
    clauses = []
    for line in filter(None, map(str.strip, typed.splitlines())):
        parts = [part.strip() for part in line.split(BAR)]
        if len(parts) not in {2, 3} or not all(parts):
            raise ValueError(
                f"Write each clause in a line of its own, as: reference {BAR} gist. This is not: {line[:60]}"
            )
        clauses.append(dict(zip(("ref", "gist", "unverified"), parts, strict=False)))
    return clauses


def names_from(typed: str) -> list[str]:
    """The names of a text with commas between them, each once."""
    return list(dict.fromkeys(filter(None, (name.strip() for name in typed.split(",")))))


def _is_of_kind(column: Column, value: Any) -> bool:
    match column.holds:
        case Holds.WHOLE:
            return type(value) is int
        case Holds.YES_NO:
            return type(value) is bool
        case Holds.NAMES:
            kind = int if column.numbers else str
            return isinstance(value, list) and all(type(name) is kind for name in value)
        case Holds.CLAUSES:
            return isinstance(value, list) and all(isinstance(clause, dict) for clause in value)
    return isinstance(value, str)


def _length(column: Column, value: str) -> str:
    most = LONGEST_LINE if column.holds is Holds.LINE else LONGEST_PROSE
    return f"{in_a_sentence(column.label)} must be {most:,} characters or fewer." if len(value) > most else ""


def _whole(_column: Column, value: int) -> str:
    return "" if 0 <= value <= MOST_POUNDS else f"Enter a whole number from 0 to {MOST_POUNDS:,}."


def _day(_column: Column, value: str) -> str:
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return "Enter a day that exists."
    return "" if FIRST_DAY <= day <= LAST_DAY else "Enter a day between 1900 and 2199."


def _one_of(column: Column, value: str) -> str:
    return "" if value in column.choices else f"Choose one for “{column.label}”."


def _names(column: Column, value: list[Any]) -> str:
    if len(value) > MOST_NAMES or any(len(str(name)) > LONGEST_LINE for name in value):
        return f"{column.label}: {MOST_NAMES} at most, with commas between them."
    return ""


def _clauses(_column: Column, value: list[dict[str, Any]]) -> str:
    if len(value) > MOST_CLAUSES:
        return f"{MOST_CLAUSES} clauses at most."
    for clause in value:
        texts = {"ref": LONGEST_LINE, "gist": LONGEST_PROSE, "unverified": LONGEST_PROSE}
        if not set(clause) <= set(texts) or not clause.get("ref") or not clause.get("gist"):
            return "Each clause has a reference and a gist."
        if any(not isinstance(text, str) or len(text) > texts[name] for name, text in clause.items()):
            return f"A gist must be {LONGEST_PROSE:,} characters or fewer, a reference {LONGEST_LINE}."
    return ""


def _nothing_more(_column: Column, _value: Any) -> str:
    return ""


_CHECKS: Mapping[Holds, Any] = {
    Holds.LINE: _length,
    Holds.PROSE: _length,
    Holds.WHOLE: _whole,
    Holds.DAY: _day,
    Holds.ONE_OF: _one_of,
    Holds.NAMES: _names,
    Holds.CLAUSES: _clauses,
}
