"""The tests find a PostgreSQL wherever they are run, and say plainly when there is none."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import URL

from tests import databases
from tests.databases import Unavailable, postgresql

Way = Callable[[], AbstractContextManager[str]]


def works(address: str) -> Way:
    @contextmanager
    def way() -> Iterator[str]:
        yield address

    return way


def fails(reason: str) -> Way:
    @contextmanager
    def way() -> Iterator[str]:
        raise Unavailable(reason)
        yield

    return way


@pytest.fixture(autouse=True)
def no_server_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TEST_DATABASE_URL", raising=False)


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is said to a server, in place of a server."""
    said: list[str] = []
    monkeypatch.setattr(databases, "tell", lambda _server, statement: said.append(statement))
    monkeypatch.setattr(databases.secrets, "token_hex", lambda _length: "5ec0d")
    return said


def test_an_installed_server_that_cannot_start_gives_way_to_the_packaged_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(databases, "programs_installed", lambda: tmp_path / "empty")
    monkeypatch.setattr(databases, "packaged", works("the packaged one"))
    with postgresql() as url:
        assert url == "the packaged one"


def test_where_nothing_works_every_reason_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(databases, "programs_installed", lambda: None)
    monkeypatch.setattr(databases, "packaged", fails("The packaged one is ill."))
    with pytest.raises(Unavailable) as refusal, postgresql():
        pass
    assert str(refusal.value) == "No PostgreSQL server is installed. The packaged one is ill."


def test_nothing_stands_in_for_a_server_that_somebody_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEST_DATABASE_URL", "sqlite://")
    monkeypatch.setattr(databases, "installed", works("another"))
    with pytest.raises(Unavailable) as refusal, postgresql():
        pass
    assert str(refusal.value) == "TEST_DATABASE_URL does not name a PostgreSQL."


def test_a_named_server_lends_a_database_and_has_it_back_whatever_happens(
    monkeypatch: pytest.MonkeyPatch, said: list[str]
) -> None:
    monkeypatch.setenv("TEST_DATABASE_URL", "postgres://someone:secret@server/theirs")
    with pytest.raises(ZeroDivisionError), postgresql() as url:
        raise ZeroDivisionError
    assert url == "postgresql+psycopg://someone:secret@server/second_read_5ec0d"
    assert [statement.split(" TEMPLATE")[0] for statement in said] == [
        "CREATE DATABASE second_read_5ec0d",
        "DROP DATABASE second_read_5ec0d WITH (FORCE)",
    ]


def test_a_failure_within_is_not_taken_for_a_missing_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(databases, "installed", works("the first"))
    monkeypatch.setattr(databases, "packaged", works("the second"))
    with pytest.raises(Unavailable, match="no browser"), postgresql():
        raise Unavailable("no browser")


def test_a_server_that_does_not_answer_is_reported_with_its_own_reason() -> None:
    nobody = URL.create(databases.DRIVER, "someone", host="127.0.0.1", port=1, database="theirs")
    with (
        pytest.raises(Unavailable, match=r"gave us no database: .*Connection refused"),
        databases.database_in(nobody, called="It"),
    ):
        pass


def test_a_machine_without_a_browser_is_told_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Unavailable) as refusal:
        databases.chromium()
    assert str(refusal.value) == "Neither Chromium nor Chrome is on PATH."
