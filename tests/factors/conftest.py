"""People with authenticators and passkeys, at offices that ask for them."""

from __future__ import annotations

from datetime import timedelta

import pyotp
import pytest

from app.accounts import passwords
from app.accounts.models import Role
from app.core import clock, sealing
from app.factors import codes
from app.factors.models import Authenticator
from tests.conftest import PASSWORD


@pytest.fixture
def strict(app, monkeypatch):
    """An office that signs nobody in by a password alone, as all are but the demonstration."""
    monkeypatch.setitem(app.config, "SECOND_FACTOR_REQUIRED", True)
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)


@pytest.fixture
def later(monkeypatch):
    """Let the machine's clock stand still, and go on."""
    start, passed = clock.wall(), timedelta()
    monkeypatch.setattr(clock, "_read", lambda: start + passed)

    def go_on(by):
        nonlocal passed
        passed += by

    return go_on


class Holder:
    """Somebody who has an authenticator, and looks at it."""

    def __init__(self, session, make, role=Role.CASEWORKER):
        self.account = make.account(role, password_hash=passwords.hash_of(PASSWORD))
        self.secret = codes.new_secret()
        session.add(Authenticator(account=self.account, secret=sealing.lock(self.secret), last_step=0))
        session.commit()

    def code(self, by: int = 0) -> str:
        """The code of now, or of so many steps from now."""
        return pyotp.HOTP(self.secret).at(int(clock.wall().timestamp()) // 30 + by)

    def halfway(self, app):
        """A browser in which the password was right."""
        client = app.test_client()
        client.post("/sign-in", data={"email": self.account.email, "password": PASSWORD})
        return client

    def shows(self, client, code: str):
        return client.post("/sign-in/second-factor", data={"code": code})

    def wholly(self, app):
        client = self.halfway(app)
        assert self.shows(client, self.code()).status_code == 302
        return client


@pytest.fixture
def holder(session, make):
    return Holder(session, make)
