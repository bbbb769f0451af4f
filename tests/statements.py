"""What is asked of the database while a test runs: which statements, how many for a page, and how it looks for rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Connection, event
from sqlalchemy.orm import Session


@pytest.fixture
def statements(connection: Connection) -> Iterator[list[str]]:
    """The statements sent to the database while the test runs, but for savepoints."""
    sent: list[str] = []

    def note(_connection, _cursor, statement, *_rest) -> None:
        if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
            sent.append(statement)

    event.listen(connection, "before_cursor_execute", note)
    yield sent
    event.remove(connection, "before_cursor_execute", note)


@pytest.fixture
def cost(session: Session, statements: list[str]) -> Callable[[FlaskClient, str], int]:
    """How many statements a page takes that has been opened before: the first opening also fills what is kept."""

    def count(client: FlaskClient, path: str) -> int:
        session.commit()
        client.get(path)
        statements.clear()
        assert client.get(path).status_code == 200
        return len(statements)

    return count


@pytest.fixture
def looked(connection: Connection) -> Iterator[list[str]]:
    """What SQLite does for each statement that reads: how it looks into which table."""
    if connection.dialect.name != "sqlite":
        pytest.skip("PostgreSQL looks through small tables whole, whatever their indexes.")
    plans: list[str] = []

    def explain(_connection, _cursor, statement, values, *_rest) -> None:
        if not statement.startswith(("SELECT", "WITH")):
            return
        raw = connection.connection.driver_connection
        plans.extend(row[3] for row in raw.execute(f"EXPLAIN QUERY PLAN {statement}", values))

    event.listen(connection, "before_cursor_execute", explain)
    yield plans
    event.remove(connection, "before_cursor_execute", explain)
