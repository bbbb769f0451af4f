"""The filled demonstration office as the outside meets it; each test is undone after it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import Connection

from tests.web import Visitor, undone


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
