from __future__ import annotations

from enum import StrEnum


class Term(StrEnum):
    """A word of casework: kept in the database as its value, shown to people as its label.

    A member is its value, or its value and a label where the value alone does not read well.
    """

    label: str

    def __new__(cls, value: str, label: str | None = None) -> Term:
        term = str.__new__(cls, value)
        term._value_ = value
        term.label = label or value.replace("_", " ").capitalize()
        return term
