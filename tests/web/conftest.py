"""The filled demonstration office as the outside meets it; each test is undone after it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask, got_request_exception
from sqlalchemy import Connection

from app.accounts import passwords
from app.core import clock
from tests.web import Visitor, undone
from tests.web.doors import Doors


@pytest.fixture
def office(app: Flask, filled: Connection, monkeypatch: pytest.MonkeyPatch) -> Iterator[Connection]:
    """The office as the outside meets it: form tokens asked for, failures shown as pages."""
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    monkeypatch.setattr(app.logger, "disabled", True)
    with undone(filled):
        yield filled


@pytest.fixture
def visit(app: Flask, office: Connection):
    """Sign somebody in at a browser of their own: `visit("manager@office.example")`."""

    def go(email: str = "", **more: object) -> Visitor:
        return Visitor(app, email, **more)

    return go


@pytest.fixture
def hashes(monkeypatch):
    """How many hashes were made or compared."""
    counted = []
    kind = type(passwords._hasher)
    for name in ("hash", "verify"):
        was = getattr(kind, name)
        monkeypatch.setattr(kind, name, lambda *a, was=was, **k: (counted.append(1), was(*a, **k))[1])
    return counted


@pytest.fixture
def move(monkeypatch):
    """Let the machine's clock, by which sign-ins age, be this much later."""
    real = clock._read

    def go(by: timedelta) -> None:
        at = real() + by
        monkeypatch.setattr(clock, "_read", lambda: at)

    return go


@pytest.fixture
def doors(app, office, monkeypatch):
    """The machine's clock stands still: trying every form takes longer than a sign-in stays fresh."""
    at = clock._read()
    monkeypatch.setattr(clock, "_read", lambda: at)
    return Doors(app, office)


@pytest.fixture
def failures(app):
    """What went wrong on our side: the exceptions that became a page of ours."""
    seen = []

    def note(_sender, exception, **_more):
        seen.append(f"{type(exception).__name__}: {str(exception)[:120]}")

    with got_request_exception.connected_to(note, app):
        yield seen
