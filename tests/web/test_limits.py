"""How often somebody may try, counted in the database."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.accounts.limits import SIGN_IN_ADDRESS
from app.accounts.models import AttemptCount
from app.demonstration.office import PASSWORD
from tests.web import CASEWORKER, MANAGER, Visitor


@pytest.fixture
def stopped(move):
    """A window of a limit ends on the clock: a slow machine must not come to the end of one."""
    move(timedelta(0))


def test_after_ten_wrong_tries_the_eleventh_is_refused_right_or_wrong(app, office, hashes, stopped):
    answers = []
    for attempt in range(12):
        stranger = Visitor(app)
        password = PASSWORD if attempt == 11 else "not the right one"
        email = [MANAGER, MANAGER.upper(), f" {MANAGER} "][attempt % 3]
        hashes.clear()
        answer = stranger.send("/sign-in", [("email", email.encode()), ("password", password.encode())])
        too_often = "There have been too many attempts." in answer.text
        answers.append((answer.status_code, too_often, len(hashes), stranger.is_in()))

    assert answers == [(200, False, 1, False)] * 10 + [(200, True, 0, False)] * 2
    assert Visitor(app, CASEWORKER).is_in()
    assert sorted(
        office.scalars(select(AttemptCount.count).where(AttemptCount.limit_name == "sign_in_email"))
    ) == [0, 12]


def test_a_limit_lasts_as_long_as_its_window_and_a_success_is_not_counted(app, office, move, stopped):
    for _ in range(11):
        Visitor(app).send("/sign-in", [("email", MANAGER.encode()), ("password", b"wrong")])

    move(timedelta(minutes=5))

    for _ in range(12):
        assert Visitor(app, MANAGER).is_in()


def test_addresses_in_one_household_are_counted_as_one_and_no_header_hides_them(app, office, stopped):
    for attempt in range(SIGN_IN_ADDRESS.most):
        environ = {"REMOTE_ADDR": f"2001:db8::{attempt:x}"}
        Visitor(app, environ_overrides=environ).send(
            "/sign-in", [("email", b"nobody%d@x" % attempt), ("password", b"wrong")],
            headers={"X-Forwarded-For": f"203.0.113.{attempt}"},
        )  # fmt: skip

    there = Visitor(app, environ_overrides={"REMOTE_ADDR": "2001:db8::ffff"})
    elsewhere = Visitor(app, environ_overrides={"REMOTE_ADDR": "2001:db8:0:1::1"})
    fields = [("email", MANAGER.encode()), ("password", PASSWORD.encode())]

    assert [v.send("/sign-in", fields).status_code for v in (there, elsewhere)] == [200, 302]
