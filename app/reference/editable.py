"""What a list is that an office may change on pages, and when its rows are right.

A code, a key or a level stands in records, so it is never removed and never comes to mean something else:
it is ended. Files and pages are checked by the same rules, `problems`. Which lists there are: `catalogue`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from app.reference import checks
from app.reference.checks import Known, Problem, Rows
from app.reference.columns import Column, Holds, Row, complete
from app.reference.files import shipped
from app.reference.rows import Clause

MOST_ROWS = 500


@dataclass(frozen=True)
class EditableList:
    """A list that has versions. The first column is what a row is known by."""

    key: str
    title: str
    about: str
    row: type[Any]
    columns: tuple[Column, ...]
    #: What of it no page changes, and why.
    stays: str
    read: Callable[[], Iterable[Mapping[str, Any]]]
    together: Callable[[Rows, Known], Iterator[Problem]] = checks.nothing_more
    may_grow: bool = True
    endpoint: str = ""
    #: Whether its rows have days of their own, so that a version has none to wait for.
    at_once: bool = False

    @property
    def known_by(self) -> Column:
        return self.columns[0]

    @cached_property
    def shipped_rows(self) -> tuple[Row, ...]:
        """The rows of the file. Raises `ValueError` for a file that is wrong: it is part of the release."""
        rows = [self.complete(row) for row in self.read()]
        if wrong := self.problems(rows):
            raise ValueError("; ".join(f"{self.key} {one.row}, {one.field}: {one.sentence}" for one in wrong))
        return tuple(rows)

    @property
    def shipped_version(self) -> str:
        return str(shipped(self.key)["version"])

    def complete(self, row: Mapping[str, Any]) -> Row:
        return complete(self.columns, row)

    def key_of(self, row: Mapping[str, Any]) -> str:
        return str(row[self.known_by.name])

    def title_of(self, row: Mapping[str, Any]) -> str:
        """What a row is called, beside what it is known by."""
        return str(next((row[name] for name in ("name", "title", "words") if row.get(name)), ""))

    def by_key(self, rows: Iterable[Row]) -> dict[str, Row]:
        return {self.key_of(row): row for row in rows}

    def column(self, name: str) -> Column | None:
        return next((column for column in self.columns if column.name == name), None)

    def problems(
        self, rows: Sequence[Row], before: Sequence[Row] = (), known: Known | None = None
    ) -> list[Problem]:
        """All that is wrong with the rows, by row and field, as what follows the rows `before`.

        `known` is what other lists hold that these rows may refer to: without it, what is shipped.
        """
        alone = [*self._alone(rows), *checks.follows(self, rows, before)]
        # rows that are not even of the right kind cannot be compared with each other
        return alone or list(self.together(list(rows), known or checks.shipped_keys()))

    def made(self, rows: Iterable[Row]) -> list[Any]:
        """The rows as the plain objects that the rest of the service reads."""
        return [self.row(**{c.name: _value(c, row[c.name]) for c in self.columns}) for row in rows]

    def _alone(self, rows: Sequence[Row]) -> Iterator[Problem]:
        if len(rows) > MOST_ROWS:
            yield Problem("", "", f"A list has {MOST_ROWS} rows at most.")
        for row in rows:
            for column in self.columns:
                if sentence := column.problem(row[column.name]):
                    yield Problem(self.key_of(row), column.name, sentence)


def _value(column: Column, value: Any) -> Any:
    if value is None or value == "":
        return value
    match column.holds:
        case Holds.DAY:
            return date.fromisoformat(value)
        case Holds.NAMES:
            return tuple(value)
        case Holds.CLAUSES:
            return tuple(Clause(**clause) for clause in value)
    return value
