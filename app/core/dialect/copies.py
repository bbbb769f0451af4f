"""The whole of a database as it is at one instant, in a file, and back."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from sqlalchemy import (
    URL,
    Connection,
    Engine,
)

from app.core.dialect.connecting import engine_for
from app.core.errors import RuleBroken


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
