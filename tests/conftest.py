"""Fixtures every test may use. Anything used by one room only lives in that room's conftest."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date, time
from pathlib import Path

import pytest
from flask import Flask, g
from flask.testing import FlaskClient
from hypothesis import settings
from sqlalchemy import Connection, event, insert, select
from sqlalchemy.orm import Session

from app import create_app
from app.accounts import passwords
from app.accounts.models import Account, Role
from app.audit.models import AuditHead
from app.cli.database import alembic_config
from app.core import clock
from app.core.files import LocalFiles
from app.database import Database, db
from app.demonstration.office import fill
from app.reference import shelf as shelves
from app.reference.shelf import shelf
from config import Config, Office
from tests import databases
from tests.factories import Make
from tests.statements import cost, looked, statements

__all__ = ["cost", "looked", "statements"]

PASSWORD = "a password for tests"
settings.register_profile("ours", deadline=None, derandomize=True)  # a timed test is a flaky test
settings.load_profile("ours")
shelves.AGREE_WITHIN = 3600.0  # looking anew costs a statement, and tests count them

for name in (
    "OFFICE",
    "NOW",
    "DATABASE_URL",
    "DATA_DIR",
    "FILES",
    "SECRET_KEY",
    "BASE_URL",
    "PROXIES",
    "PORT",
    "HOST",
    "MAIL",
    "MAIL_FROM",
    "QUEUE",
    "BREACHED_PASSWORDS",
    "CLAMD",
    "DIGEST_HOUR",
    "DUE_SOON_DAYS",
    "REASONS_TO_OPEN",
    "DRAFT_DAYS",
    "EVIDENCE_FILE_MB",
    "EVIDENCE_CASE_MB",
    "UPLOAD_DAYS",
    "OFFICE_ADDRESS",
    "OFFICE_TELEPHONE",
    "FORM_DAYS",
    "FORMS_PER_NETWORK",
    "FORMS_PER_HOUR",
    "FORMS_WAITING_MB",
    "OIDC_ISSUER",
    "OIDC_CLIENT_ID",
    "OIDC_CLIENT_SECRET",
    "OIDC_ROLES",
):
    os.environ.pop(name, None)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=["sqlite", "postgresql"], default="sqlite")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with tests that may take long come first, so that none is left over when all others are done."""
    longest: dict[Path, float] = {}
    for item in items:
        allowed = [mark.args[0] for mark in item.iter_markers("timeout")]
        longest[item.path] = max([longest.get(item.path, 0), *allowed])
    items.sort(key=lambda item: -longest[item.path])


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    try:
        path = databases.chromium()
    except databases.Unavailable as reason:
        if os.environ.get("REQUIRE_EVERYTHING"):
            raise
        pytest.skip(f"Chromium cannot be had here: {reason}")
    quiet = ("gpu", "quic", "background-networking", "component-update", "sync")
    return {
        **browser_type_launch_args,
        "executable_path": path,
        "args": ["--no-sandbox", *(f"--disable-{what}" for what in quiet)],
    }


@pytest.fixture(scope="session")
def database_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An empty database of the kind asked for; without one to be had, the tests say so and are skipped."""
    with databases.empty(request.config.getoption("--database"), tmp_path_factory.mktemp("database")) as url:
        yield url


@pytest.fixture(scope="session")
def app(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The whole application, on a database built by the migrations, never by `create_all`."""
    from alembic import command

    data_dir: Path = tmp_path_factory.mktemp("data")
    app = create_app(
        Config(
            OFFICE=Office.DEMONSTRATION,
            DATA_DIR=data_dir,
            DATABASE_URL=database_url,
            SECRET_KEY="for tests only, and long enough",
            PASSWORD_MEMORY_KIB=64,
            PASSWORD_ROUNDS=1,
            MAIL=(data_dir / "mail").as_uri(),
            QUEUE="memory:",
            TESTING=True,
        )
    )
    with app.app_context():
        command.upgrade(alembic_config(), "head")
    yield app
    with app.app_context():
        db.dispose()


@pytest.fixture
def connection(app: Flask) -> Iterator[Connection]:
    """A connection whose work is undone after the test, commits included."""
    with app.app_context():
        engine, sessions = db.engine, db.sessionmaker
    with engine.connect() as connection:
        transaction = connection.begin()
        sessions.configure(bind=connection, join_transaction_mode="create_savepoint")
        shelf.clear()
        yield connection
        shelf.clear()
        sessions.configure(bind=engine, join_transaction_mode="conditional_savepoint")
        transaction.rollback()


@pytest.fixture
def session(connection: Connection) -> Iterator[Session]:
    """For tests of actions and queries, which know nothing of Flask."""
    with Session(connection, join_transaction_mode="create_savepoint") as session:
        yield session


@pytest.fixture
def make(session: Session) -> Make:
    return Make(session)


@pytest.fixture
def reader(app: Flask, session: Session, make: Make, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """Sign somebody in: `client, account = reader(Role.MANAGER)`. What they send needs no form token."""
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    for store in ("files", "exports", "unsent"):
        monkeypatch.setitem(app.extensions, store, LocalFiles(tmp_path / store))

    def sign_in(*roles: Role) -> tuple[FlaskClient, Account]:
        account = make.account(*roles, password_hash=passwords.hash_of(PASSWORD))
        session.commit()
        client = app.test_client()
        client.post("/sign-in", data={"email": account.email, "password": PASSWORD})
        return client, account

    return sign_in


@pytest.fixture
def today(monkeypatch: pytest.MonkeyPatch):
    """Say which day it is in London: `today(2026, 3, 2)`, or with a time, `today(2026, 3, 2, 23, 50)`."""

    def say(year: int, month: int, day: int, hour: int = 12, minute: int = 0) -> date:
        moment = clock.instant_of(date(year, month, day), time(hour, minute))
        monkeypatch.setattr(clock, "_read", lambda: moment)
        return date(year, month, day)

    return say


@pytest.fixture(scope="session", autouse=True)
def no_request_forgets_its_work() -> Iterator[None]:
    """Fail the test if a request changed something and nobody committed it."""

    def written(session: Session, _context) -> None:
        session.info["unsaved"] = True

    def settled(session: Session, *_rest) -> None:
        session.info.pop("unsaved", None)

    event.listen(Session, "after_flush", written)
    event.listen(Session, "after_commit", settled)
    event.listen(Session, "after_soft_rollback", settled)
    close = Database.close

    def checking_close() -> None:
        session = g.get("session")
        left = session is not None and (session.new or session.dirty or session.info.get("unsaved"))
        close()
        assert not left, "the request changed records outside db.unit_of_work()"

    Database.close = staticmethod(checking_close)
    yield
    Database.close = staticmethod(close)
    event.remove(Session, "after_flush", written)
    event.remove(Session, "after_commit", settled)
    event.remove(Session, "after_soft_rollback", settled)


@pytest.fixture(scope="module")
def filled(app: Flask, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    """A connection on which the demonstration office stands, and on which every request works."""
    files_before = app.extensions["files"]
    files = app.extensions["files"] = LocalFiles(tmp_path_factory.mktemp("files"))
    with app.app_context():
        engine, sessions = db.engine, db.sessionmaker
    with engine.connect() as connection:
        transaction = connection.begin()
        sessions.configure(bind=connection, join_transaction_mode="create_savepoint")
        shelf.clear()
        try:
            with Session(connection, join_transaction_mode="create_savepoint") as session:
                fill(session, files)
                session.commit()
            _settle(connection)
            yield connection
        finally:
            shelf.clear()
            sessions.configure(bind=engine, join_transaction_mode="conditional_savepoint")
            transaction.rollback()
    app.extensions["files"] = files_before


def _settle(connection: Connection) -> None:
    """What PostgreSQL does by itself between transactions, and cannot within the one a test lives in.

    The head of the record is written anew, as its every version is kept; and tables are counted, without
    which each is thought to be empty, and joined by looking through the whole of it.
    """
    if connection.dialect.name == "postgresql":
        head = connection.execute(select(AuditHead.__table__)).mappings().one()
        connection.exec_driver_sql("TRUNCATE audit_head")
        connection.execute(insert(AuditHead).values(**head))
        connection.exec_driver_sql("ANALYZE")
