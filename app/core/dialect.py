"""Everything that SQLite and PostgreSQL say differently. No other module names a database."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import (
    URL,
    Boolean,
    ColumnElement,
    Connection,
    Engine,
    Float,
    Integer,
    Select,
    SQLColumnExpression,
    StaticPool,
    String,
    and_,
    bindparam,
    cast,
    column,
    create_engine,
    event,
    func,
    literal_column,
    make_url,
    table,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql import coercions, roles
from sqlalchemy.sql.selectable import _OffsetLimitParam
from sqlalchemy.sql.visitors import InternalTraversal

from app.core.errors import RuleBroken

CASEWORK, ASIDE = "casework", "aside"
#: Execution options: this transaction will write, so take the lock for that before its first read.
WRITING = {"writing": CASEWORK}
WRITING_ASIDE = {"writing": ASIDE}
BUSY_SECONDS, LOCK_SECONDS = 5, 15
#: What PostgreSQL is told of those who ask it: how long they wait for a lock, in milliseconds; and that they want a
#: few rows each, soon, from a disk that does not turn. As it comes it expects the opposite, reads whole tables to be
#: sure, and calls others to help with that.
TOLD = {
    "lock_timeout": LOCK_SECONDS * 1000,
    "random_page_cost": 1.1,
    "max_parallel_workers_per_gather": 0,
    "jit": "off",
}
#: How many statements PostgreSQL keeps prepared for a connection: as many as all pages ask.
PREPARED = 1000
#: The name of the one lock, among the numbers PostgreSQL names such locks by.
OFFICE_LOCK = 5_310_1993


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


def engine_for(url: str) -> Engine:
    """An engine on which a transaction that writes says so before it reads.

    SQLite keeps foreign keys, waits its turn, writes ahead to a log and lower-cases É too. With a
    deferred begin, two writers that have both read cannot both go on, and waiting does not help:
    that is why a writing transaction begins IMMEDIATE.
    """
    if not url.startswith("sqlite"):
        return _shared_engine(url)
    engine = create_engine(url, poolclass=StaticPool if url == "sqlite://" else None)

    @event.listens_for(engine, "connect")
    def connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.create_function("lower", 1, lambda text: text and text.lower(), deterministic=True)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writing = connection.get_execution_options().get("writing")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    return engine


def engine_for_reading(url: str) -> Engine | None:
    """An engine for requests that only read, with connections of its own; none where one engine does for both.

    PostgreSQL sees in each statement what is committed by then, with a transaction or without one. Without, there
    is never anything to roll back, and on a rollback its driver forgets all the statements it has prepared.
    """
    return None if url.startswith("sqlite") else _pooled(url, isolation_level="AUTOCOMMIT")


def _shared_engine(url: str) -> Engine:
    """PostgreSQL, where casework takes one lock for the whole office, as it does on SQLite.

    So nothing that was read in deciding changes before it is written, whichever rows it stood in.
    What is written aside, such as the access log, decides nothing and takes none.
    """
    engine = _pooled(url)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        if connection.get_execution_options().get("writing") == CASEWORK:
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({OFFICE_LOCK})")

    return engine


def _pooled(url: str, **how: Any) -> Engine:
    engine = create_engine(
        url,
        pool_pre_ping=True,
        pool_use_lifo=True,  # whichever was used last has the most prepared
        connect_args={
            "connect_timeout": 10,
            "options": " ".join(f"-c {name}={value}" for name, value in TOLD.items()),
        },
        **how,
    )

    @event.listens_for(engine, "connect")
    def connect(connection: Any, _record: Any) -> None:
        connection.prepared_max = PREPARED

    return engine


def queue_at(address: str, **how: Any) -> Any:
    """A queue of huey at an address such as a database's; `memory:` is for tests, and lives in this process."""
    from huey import MemoryHuey, PostgresHuey, SqliteHuey

    how["results"] = False  # nobody asks what became of a nudge: the row says
    if address == "memory:":
        return MemoryHuey("second-read", immediate=False, **how)
    url = make_url(address)
    if url.get_backend_name() == "sqlite":
        return SqliteHuey("second-read", filename=url.database, fsync=True, **how)
    dsn = url.set(drivername="postgresql").render_as_string(hide_password=False)
    return PostgresHuey("second-read", dsn=dsn, **how)


@contextmanager
def rebuilding_tables(connection: Connection) -> Iterator[None]:
    """Let Alembic replace SQLite tables that others refer to. To be entered before a transaction is."""
    if connection.dialect.name != "sqlite":
        yield
        return
    driver: Any = connection.connection.driver_connection
    driver.execute("PRAGMA foreign_keys = OFF")
    try:
        yield
    finally:
        connection.rollback()  # SQLite ignores this pragma inside a transaction
        driver.execute("PRAGMA foreign_keys = ON")


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


def is_always(column: Any, value: Any) -> ColumnElement[bool]:
    """That a column says this value, where the statement never asks for another: it is written into it.

    PostgreSQL then knows how many rows say so when it plans for whatever else is asked.
    """
    said: ColumnElement[bool] = column == bindparam(None, value, column.type, literal_execute=True)
    return said


@compiles(_OffsetLimitParam, "postgresql")
def _said_outright(element: Any, compiler: Any, **how: Any) -> str:
    return str(compiler.visit_bindparam(element.render_literal_execute(), **how))


class is_among(ColumnElement[bool]):  # noqa: N801 (reads as a function, as SQLAlchemy's own do)
    """That a column is among the few answers of a question that is asked once, before the rows are met.

    PostgreSQL would otherwise join the answers, and to do so gather all rows there are.
    """

    inherit_cache = True
    type = Boolean()

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


#: The full-text index, which each database builds in its own way: see migration 0005. A word of it is a
#: term, or one that counts only in a name.
_INDEX = table("search_index", column("rowid"), column("complaint_id"), column("terms"))


@dataclass(frozen=True)
class Looked:
    """A word that is looked for: any of `terms` anywhere, or any of `in_names` in a name."""

    terms: tuple[str, ...]
    in_names: tuple[str, ...] = ()


class FullText:
    """Where all the words that are looked for stand, as this session's database finds it."""

    def __init__(self, session: Session, words: Sequence[Looked]) -> None:
        is_sqlite = session.get_bind().dialect.name == "sqlite"
        self.table = _INDEX
        self.complaint_id: ColumnElement[int] = _INDEX.c.rowid if is_sqlite else _INDEX.c.complaint_id
        if is_sqlite:
            fts5 = bindparam("asked", " AND ".join(map(_for_fts5, words)), String)
            self.matches: ColumnElement[bool] = literal_column("search_index").op(
                "MATCH", is_comparison=True
            )(fts5)
            self.rank: ColumnElement[float] = -literal_column("bm25(search_index, 5.0, 1.0)", Float)
        else:
            asked = func.to_tsquery("simple", " & ".join(map(_for_tsquery, words)))
            self.matches = _INDEX.c.terms.op("@@", is_comparison=True)(asked)
            self.rank = func.ts_rank(_INDEX.c.terms, asked)


#: The index of what was read from documents: see migration 0042. Its terms are no words of a language to the database.
_PAGES = table("search_index_of_pages", column("rowid"), column("page_id"), column("terms"))


class PagesWith:
    """The pages on which all of these terms stand, as this session's database finds them."""

    def __init__(self, session: Session, terms: Sequence[str]) -> None:
        is_sqlite = session.get_bind().dialect.name == "sqlite"
        self.table = _PAGES
        self.page_id: ColumnElement[int] = _PAGES.c.rowid if is_sqlite else _PAGES.c.page_id
        if is_sqlite:
            asked = bindparam("asked", " AND ".join(f'"{term}"' for term in terms), String)
            self.matches: ColumnElement[bool] = literal_column("search_index_of_pages").op(
                "MATCH", is_comparison=True
            )(asked)
        else:
            lexemes = bindparam("asked", " & ".join(f"'{term}'" for term in terms), String)
            self.matches = _PAGES.c.terms.op("@@", is_comparison=True)(cast(lexemes, postgresql.TSQUERY))


def _for_fts5(word: Looked) -> str:
    anywhere = " OR ".join(f'"{term}"' for term in word.terms)
    names = " OR ".join(f'"{term}"' for term in word.in_names)
    return f"({anywhere}{' OR ' if anywhere and names else ''}{f'name_terms : ({names})' if names else ''})"


def _for_tsquery(word: Looked) -> str:
    return f"({' | '.join([*word.terms, *(f'{term}:A' for term in word.in_names)])})"


@contextmanager
def snapshot(engine: Engine, place: Path) -> Iterator[Connection]:
    """Write the database as it is at one instant into a file, whatever is written to it meanwhile.

    The connection given back reads exactly what was written. Nobody waits for this.
    """
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            driver: Any = connection.connection.driver_connection
            driver.execute("VACUUM INTO ?", (str(place),))
        copy = engine_for(f"sqlite:///{place}")
        try:
            with copy.connect() as connection:
                yield connection
        finally:
            copy.dispose()
            with closing(sqlite3.connect(place)) as alone:  # one file, with no log beside it
                alone.execute("PRAGMA journal_mode = DELETE")
        return
    with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        instant = connection.exec_driver_sql("SELECT pg_export_snapshot()").scalar_one()
        how = ["--format=custom", "--no-owner", "--no-privileges", f"--snapshot={instant}"]
        _client(engine.url, "pg_dump", *how, f"--file={place}")
        yield connection


def put_back(engine: Engine, place: Path) -> None:
    """Fill the empty database of this engine with what `snapshot` wrote: all of it, or nothing."""
    if engine.dialect.name != "sqlite":
        how = ["--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error"]
        return _client(engine.url, "pg_restore", *how, str(place))
    engine.dispose()
    database = Path(engine.url.database or "")
    arriving = database.with_name(f"{database.name}.arriving")
    shutil.copyfile(place, arriving)
    arriving.chmod(0o600)
    with arriving.open("rb") as file:
        os.fsync(file.fileno())
    for beside in ("-wal", "-shm"):  # of the empty database that stood here
        database.with_name(database.name + beside).unlink(missing_ok=True)
    arriving.replace(database)
    return None


def _client(url: URL, program: str, *words: str) -> None:
    """Run a program of PostgreSQL's on this database. Its password is in no list of processes."""
    found = shutil.which(program)
    if found is None:
        raise RuleBroken(f"{program} is not on this machine. Install the client programs of PostgreSQL.")
    with NamedTemporaryFile("w") as passwords:  # open to nobody else
        escaped = str(url.password or "").replace("\\", "\\\\").replace(":", "\\:")
        passwords.write(f"*:*:*:*:{escaped}\n")
        passwords.flush()
        address = url.set(drivername="postgresql", password=None)
        if url.password:
            address = address.update_query_dict({"passfile": passwords.name})
        command = [found, f"--dbname={address.render_as_string()}", *words]
        ended = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 (no shell)
    if ended.returncode:
        raise RuleBroken(f"{program} did not end well: {ended.stderr.strip() or 'it said nothing'}")
