"""Questions that each database puts, or plans, in its own way."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Integer,
    Select,
    SQLColumnExpression,
    and_,
    bindparam,
    func,
    literal_column,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql import coercions, roles
from sqlalchemy.sql.selectable import _OffsetLimitParam
from sqlalchemy.sql.visitors import InternalTraversal

Asked = ParamSpec("Asked")
Answer = TypeVar("Answer")


def planned_anew(
    ask: Callable[Concatenate[Session, Asked], Answer],
) -> Callable[Concatenate[Session, Asked], Answer]:
    """Have PostgreSQL plan what this function asks for the values it asks for.

    Most statements are planned once for all values, which saves more time than they take. One that looks for a
    word, or leads by a filter, is not: which index is best hangs on how often that very value occurs.
    """

    @wraps(ask)
    def asked(session: Session, /, *arguments: Asked.args, **named: Asked.kwargs) -> Answer:
        if session.get_bind().dialect.name != "postgresql":
            return ask(session, *arguments, **named)
        driver: Any = session.connection().connection.driver_connection
        before, driver.prepare_threshold = driver.prepare_threshold, None
        try:
            return ask(session, *arguments, **named)
        finally:
            driver.prepare_threshold = before

    return asked


def matches(column: SQLColumnExpression[str], words: str) -> ColumnElement[bool]:
    """Case-insensitive “contains”, with the words taken literally."""
    return func.lower(column).contains(words.lower(), autoescape=True)


def begins_with(column: SQLColumnExpression[str], beginning: str) -> ColumnElement[bool]:
    """That a column of the type `ByLetter` begins so: a stretch of its index."""
    return and_(column >= beginning, column < beginning + "\U0010ffff")


def exists_for_each(of: Any, rows: Select[Any]) -> ColumnElement[bool]:
    """That there are rows that answer, looked up for each row of the entity or table `of` that gets as far as this.

    `of` must be what the statement selects from: if it is not, the rows are looked up among all of it at once.
    Where PostgreSQL expects to ask often, it would first gather every row that answers, whoever asks: nearly all of
    a large office. It does not do so across an OFFSET. SQLite never does.
    """
    one: ColumnElement[int] = literal_column("1", Integer)
    none: ColumnElement[int] = literal_column("0", Integer)
    return rows.with_only_columns(one).correlate(of).offset(none).exists()


class beside_the_index(ColumnElement[Any]):  # noqa: N801 (reads as a function, as SQLAlchemy's own do)
    """A column that is compared row by row while an index on another column is walked in order.

    SQLite would otherwise gather and sort all rows that an index on this column gives, however many.
    PostgreSQL weighs both ways by itself.
    """

    inherit_cache = True

    def __init__(self, column: SQLColumnExpression[Any]) -> None:
        self.column: Any = coercions.expect(roles.ExpressionElementRole, column)
        self.type = self.column.type

    _traverse_internals = [("column", InternalTraversal.dp_clauseelement)]


@compiles(beside_the_index)
def _plainly(element: beside_the_index, compiler: Any, **how: Any) -> str:
    return str(compiler.process(element.column, **how))


@compiles(beside_the_index, "sqlite")
def _without_index(element: beside_the_index, compiler: Any, **how: Any) -> str:
    return f"+{compiler.process(element.column, **how)}"


def in_its_row(number: SQLColumnExpression[Any]) -> ColumnElement[Any]:
    """A number that is compared in rows found by another column: no index of its own is followed.

    PostgreSQL would follow it for whoever has few such rows, and so plan anew for each who asks.
    """
    compared: ColumnElement[Any] = number + literal_column("0", Integer)
    return compared


def is_always(column: Any, value: Any) -> ColumnElement[bool]:
    """That a column says this value, where the statement never asks for another: it is written into it.

    PostgreSQL then knows how many rows say so when it plans for whatever else is asked.
    """
    said: ColumnElement[bool] = column == bindparam(None, value, column.type, literal_execute=True)
    return said


def is_one_of(column: Any, values: Collection[Any]) -> ColumnElement[bool]:
    """That a column says one of these, which are few that we have words for: written in as by `is_always`."""
    said = bindparam(None, list(values), column.type, expanding=True, literal_execute=True)
    found: ColumnElement[bool] = column.in_(said)
    return found


@compiles(_OffsetLimitParam, "postgresql")
def _said_outright(element: Any, compiler: Any, **how: Any) -> str:
    return str(compiler.visit_bindparam(element.render_literal_execute(), **how))


class is_among(ColumnElement[bool]):  # noqa: N801 (reads as a function, as SQLAlchemy's own do)
    """That a column is among the few answers of a question that is asked once, before the rows are met.

    PostgreSQL would otherwise join the answers, and to do so gather all rows there are.
    """

    inherit_cache = True
    type = Boolean()
    _is_implicitly_boolean = True  # else SQLite is asked whether it equals 1, and looks for no index

    def __init__(self, column: Any, answers: Select[Any]) -> None:
        self.column: Any = coercions.expect(roles.ExpressionElementRole, column)
        self.answers = answers.scalar_subquery()

    _traverse_internals = [
        ("column", InternalTraversal.dp_clauseelement),
        ("answers", InternalTraversal.dp_clauseelement),
    ]


@compiles(is_among)
def _is_in(element: is_among, compiler: Any, **how: Any) -> str:
    return f"{compiler.process(element.column, **how)} IN {compiler.process(element.answers, **how)}"


@compiles(is_among, "postgresql")
def _is_any_of(element: is_among, compiler: Any, **how: Any) -> str:
    column, answers = (compiler.process(part, **how) for part in (element.column, element.answers))
    return f"{column} = ANY (ARRAY{answers})"


def insert_unless_there(session: Session, table: Any, **values: Any) -> bool:
    """Insert the row unless its unique key is taken; waits for a rival that has not committed yet.

    True if this call inserted it.
    """
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    statement = insert(table).values(**values).on_conflict_do_nothing().returning(table.id)
    return session.execute(statement).first() is not None


def count_up(session: Session, table: Any, column: Any, **key: Any) -> int:
    """Add one to the counter that `key` names, starting it at one, and return what it now says."""
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    statement = (
        insert(table)
        .values(**key, **{column.name: 1})
        .on_conflict_do_update(index_elements=list(key), set_={column.name: column + 1})
        .returning(column)
    )
    return int(session.execute(statement).scalar_one())
