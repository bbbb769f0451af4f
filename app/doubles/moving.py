"""Everything that refers to one row refers to another from now on, and can be put back exactly."""

from __future__ import annotations

import enum
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import permutations
from typing import Any

from sqlalchemy import Column, Table, UniqueConstraint, inspect, select
from sqlalchemy.orm import RelationshipDirection, Session
from sqlalchemy.orm.util import identity_key

from app.audit.events import plain
from app.core import referring
from app.core.model import Model
from app.core.referring import class_of

#: What says who was who when it was written, or how a record is found, and is no reference that could move.
STAYING = frozenset({"person_merge.survivor_id", "person_merge.merged_id", "person_name_word.person_id"})


@dataclass
class Moved:
    """What was done, as JSON can hold it, in the order in which it was done."""

    #: The table, the id of the row, and per column what it said before and what it says now.
    rows: list[Any] = field(default_factory=list)
    #: Rows that would have been there twice, whole: the table and the columns.
    aside: list[Any] = field(default_factory=list)


def references_to(table: Table) -> Iterator[Column[Any]]:
    """Every column whose rows are moved from one row of this table to another."""
    return referring.references_to(table, staying=STAYING)


def has_both(session: Session, table: Table, one_id: int, other_id: int) -> bool:
    """Whether a row anywhere has to do with both, each as something else: then they are two."""
    by_table: dict[Table, list[Column[Any]]] = defaultdict(list)
    for column in references_to(table):
        by_table[column.table].append(column)
    return any(
        session.scalar(select(this.table.c.id).where(this == one_id, that == other_id).limit(1)) is not None
        for columns in by_table.values()
        for this, that in permutations(columns, 2)
    )


def move(session: Session, table: Table, old_id: int, new_id: int) -> Moved:
    """Let what refers to the one row of the table refer to the other.

    A row that would then be there twice, such as that somebody is the complainant of one complaint, is
    set aside with what hangs on it; its twin gets what it lacks.
    """
    moved = Moved()
    for column in references_to(table):
        there = {key: row for row in _that_refer(session, column, new_id) for key in _keys(row, column)}
        for row in _that_refer(session, column, old_id):
            twin = next((there[key] for key in _keys(row, column) if key in there), None)
            if twin is None:
                _set(row, {column.name: new_id}, moved)
            else:
                _give_what_it_lacks(session, row, twin, moved)
                _set_aside(session, row, moved)
        session.flush()
    _forget_parents(session, moved.rows)
    return moved


def put_back(session: Session, moved: Sequence[Any], aside: Sequence[Any]) -> None:
    """Undo `move`. What has been changed since stays as it is.

    A row that was set aside has its id again, unless the database has given that to another meanwhile, as
    SQLite does; then it has a new one, and what refers to it follows.
    """
    anew: dict[tuple[str, int], int] = {}
    for name, values in reversed(aside):
        kind, number = class_of(name), values["id"]
        revived = {column: _as_it_was(kind, column, value, anew) for column, value in values.items()}
        if session.get(kind, number) is not None:
            del revived["id"]
        row = kind(**revived)
        session.add(row)
        session.flush()
        anew[name, number] = row.id
        _let_parents_look_again(session, row)
    for name, number, changes in reversed(moved):
        row = session.get(class_of(name), anew.get((name, number), number))
        if row is not None and all(getattr(row, column) == now for column, (_was, now) in changes.items()):
            for column, (was, _now) in changes.items():
                setattr(row, column, _as_it_was(type(row), column, was, anew))
    session.flush()
    _forget_parents(session, moved)


def _as_it_was(kind: type[Any], name: str, value: Any, anew: Mapping[tuple[str, int], int]) -> Any:
    column = kind.__table__.c[name]
    for key in column.foreign_keys:
        value = anew.get((key.column.table.name, value), value)
    return revive(column, value)


def revive(column: Column[Any], value: Any) -> Any:
    """What `plain` made of a value of this column, as it was."""
    kind = column.type.python_type
    if value is None or not issubclass(kind, (date, enum.Enum)):
        return value
    return kind.fromisoformat(value) if issubclass(kind, date) else kind(value)


def _set(row: Model, values: dict[str, Any], moved: Moved) -> None:
    changes = {column: [plain(getattr(row, column)), plain(value)] for column, value in values.items()}
    moved.rows.append([row.__tablename__, row.id, changes])
    for column, value in values.items():
        setattr(row, column, value)


def _give_what_it_lacks(session: Session, row: Model, twin: Model, moved: Moved) -> None:
    """Let the twin say what only the other says; what hangs on the other hangs on the twin, if nothing does."""
    names = [column.name for column in row.__table__.columns]
    lacks = {
        name: getattr(row, name) for name in names if getattr(twin, name) in ("", None) and getattr(row, name)
    }
    if lacks:
        _set(twin, lacks, moved)
    for column in references_to(_table_of(row)):
        if not _that_refer(session, column, twin.id):
            for hanging in _that_refer(session, column, row.id):
                _set(hanging, {column.name: twin.id}, moved)
    session.flush()


def _set_aside(session: Session, row: Model, moved: Moved) -> None:
    """Keep the row, and what still hangs on it, in what was moved, and take it out of its table."""
    for column in references_to(_table_of(row)):
        for hanging in _that_refer(session, column, row.id):
            _set_aside(session, hanging, moved)
    values = {column.name: plain(getattr(row, column.name)) for column in row.__table__.columns}
    moved.aside.append([row.__tablename__, values])
    session.expire(row, [each.key for each in inspect(row).mapper.relationships])
    session.delete(row)
    session.flush()
    _let_parents_look_again(session, row)


def _that_refer(session: Session, column: Column[Any], number: int) -> Sequence[Any]:
    kind = class_of(column.table.name)
    return session.scalars(select(kind).where(column == number).order_by(column.table.c.id)).all()


def _keys(row: Model, column: Column[Any]) -> Iterator[tuple[Any, ...]]:
    """What no two rows of one reference may have in common, constraint by constraint."""
    for unique in column.table.constraints:
        if isinstance(unique, UniqueConstraint) and column.name in unique.columns:
            others = [other.name for other in unique.columns if other.name != column.name]
            yield (unique.name, *(getattr(row, name) for name in others))


def _forget_parents(session: Session, moved: Sequence[Any]) -> None:
    """What was moved asks anew whose it is when it is next asked."""
    for name, number, _changes in moved:
        row = session.identity_map.get(identity_key(class_of(name), number))
        if row is not None:
            session.expire(row, [each.key for each in inspect(row).mapper.relationships])


def _let_parents_look_again(session: Session, row: Model) -> None:
    """What a row belongs to reads its rows anew when it is next asked."""
    for relationship in inspect(row).mapper.relationships:
        if relationship.direction is RelationshipDirection.MANYTOONE:
            [(local, _remote)] = relationship.local_remote_pairs
            number = getattr(row, local.name)
            key = identity_key(relationship.mapper.class_, number) if number else None
            parent = session.identity_map.get(key) if key else None
            if parent is not None:
                session.expire(parent, [each.key for each in inspect(parent).mapper.relationships])


def _table_of(row: Model) -> Table:
    return Model.metadata.tables[row.__tablename__]
