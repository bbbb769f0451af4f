"""Which columns refer to a table: asked of the tables themselves, so that a new one cannot be forgotten."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import cache
from typing import Any

from sqlalchemy import Column, Table, inspect

from app.core.model import Model


def references_to(table: Table, *, staying: Collection[str] = ()) -> Iterator[Column[Any]]:
    """Every column of the database that names a row of this table, but for those `staying`, by table and column."""
    for other in Model.metadata.sorted_tables:
        for column in other.columns:
            if any(key.column.table is table for key in column.foreign_keys) and f"{column}" not in staying:
                yield column


@cache
def class_of(table: str) -> type[Any]:
    """The model of the table of that name."""
    return next(mapper.class_ for mapper in Model.registry.mappers if mapper.local_table.name == table)  # type: ignore[attr-defined]


def attribute_of(column: Column[Any]) -> Any:
    """The attribute of a model that holds this column."""
    kind = class_of(column.table.name)
    return getattr(kind, inspect(kind).get_property_by_column(column).key)
