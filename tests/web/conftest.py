"""One demonstration office for all tests of the web front; each test is undone after it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import Connection, insert, select
from sqlalchemy.orm import Session

from app.audit.models import AuditHead
from app.core.files import LocalFiles
from app.database import db
from app.demonstration.office import fill
from tests.web import Visitor, undone


@pytest.fixture(scope="package")
def filled(app: Flask, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    """A connection on which the demonstration office stands, and on which every request works."""
    files_before = app.extensions["files"]
    files = app.extensions["files"] = LocalFiles(tmp_path_factory.mktemp("files"))
    with app.app_context():
        engine, sessions = db.engine, db.sessionmaker
    with engine.connect() as connection:
        transaction = connection.begin()
        sessions.configure(bind=connection, join_transaction_mode="create_savepoint")
        with Session(connection, join_transaction_mode="create_savepoint") as session:
            fill(session, files)
            session.commit()
        _shorten(connection)
        yield connection
        sessions.configure(bind=engine, join_transaction_mode="conditional_savepoint")
        transaction.rollback()
    app.extensions["files"] = files_before


@pytest.fixture
def office(app: Flask, filled: Connection, monkeypatch: pytest.MonkeyPatch) -> Iterator[Connection]:
    """The office as the outside meets it: form tokens asked for, failures shown as pages."""
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    app.logger.disabled, was = True, app.logger.disabled
    with undone(filled):
        yield filled
    app.logger.disabled = was


@pytest.fixture
def visit(app: Flask, office: Connection):
    """Sign somebody in at a browser of their own: `visit("manager@office.example")`."""

    def go(email: str = "", **more: object) -> Visitor:
        return Visitor(app, email, **more)

    return go


def _shorten(connection: Connection) -> None:
    """Write the head of the record anew: within one transaction PostgreSQL keeps its every version."""
    if connection.dialect.name == "postgresql":
        head = connection.execute(select(AuditHead.__table__)).mappings().one()
        connection.exec_driver_sql("TRUNCATE audit_head")
        connection.execute(insert(AuditHead).values(**head))
