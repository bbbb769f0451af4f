"""How a database is reached, and what it is told first: engines, the queue, migrations."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import (
    Connection,
    Engine,
    StaticPool,
    create_engine,
    event,
    make_url,
)

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
    """Statements name their values as PostgreSQL does, `$1`: the driver need not look each through for them.

    It would do so anew for every statement that enters many rows, and take longer over it than PostgreSQL does. A
    literal percent sign before an opening bracket is then not to be written into SQL: give it as a value.
    """
    from psycopg import RawCursor, RawServerCursor  # not where SQLite is used

    engine = create_engine(
        url,
        paramstyle="numeric_dollar",
        pool_pre_ping=True,
        pool_use_lifo=True,  # whichever was used last has the most prepared
        connect_args={
            "cursor_factory": RawCursor,
            "connect_timeout": 10,
            "options": " ".join(f"-c {name}={value}" for name, value in TOLD.items()),
        },
        **how,
    )

    @event.listens_for(engine, "connect")
    def connect(connection: Any, _record: Any) -> None:
        connection.prepared_max = PREPARED
        connection.server_cursor_factory = RawServerCursor

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
