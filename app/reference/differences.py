"""What is different between two versions of a list, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.core.terms import Term
from app.reference.columns import Row
from app.reference.editable import EditableList


class Kind(Term):
    """What became of a row."""

    ADDED = "added"
    CHANGED = "changed"
    ENDED = "ended", "No longer offered"
    OFFERED_AGAIN = "offered_again"


@dataclass(frozen=True)
class Difference:
    """One row that is different: by column, what it said and what it says."""

    key: str
    title: str
    kind: Kind
    columns: Sequence[tuple[str, str, str]]


def between(about: EditableList, before: Sequence[Row], after: Sequence[Row]) -> list[Difference]:
    """What became of each row that is not as it was, in the order of the list."""
    then = about.by_key(before)
    found = (_of_row(about, then.get(about.key_of(row)), row) for row in after)
    return [difference for difference in found if difference]


def counted(differences: Sequence[Difference]) -> dict[str, int]:
    """How many rows became what."""
    return {kind.value: count for kind in Kind if (count := sum(one.kind is kind for one in differences))}


def _of_row(about: EditableList, before: Row | None, after: Row) -> Difference | None:
    if before == after:
        return None
    was = before or about.complete({})
    columns = [
        (column.label, column.words(was[column.name]), column.words(after[column.name]))
        for column in about.columns
        if column.name != "ended" and was[column.name] != after[column.name]
    ]
    return Difference(about.key_of(after), about.title_of(after), _kind(before, after), columns)


def _kind(before: Row | None, after: Row) -> Kind:
    if before is None:
        return Kind.ADDED
    if before.get("ended") != after.get("ended"):
        return Kind.ENDED if after["ended"] else Kind.OFFERED_AGAIN
    return Kind.CHANGED
