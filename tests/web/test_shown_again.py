"""Sensitive acts are asked anew of whoever was signed in more than five minutes ago (B15)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.accounts import limits, sessions
from app.demonstration.office import PASSWORD
from tests.conventions.access import FRESHLY
from tests.web import ADMINISTRATOR, MANAGER, Form, rows
from tests.web.doors import sent

STALE = sessions.FRESH + timedelta(seconds=1)
RIGHT, WRONG = PASSWORD.encode(), b"not the right one"


@pytest.mark.timeout(3600)  # against hanging, not a measure
def test_each_sensitive_act_of_a_stale_sign_in_waits_and_changes_nothing(doors, office, move):
    doors.rules = [rule for rule in doors.rules if rule.endpoint in FRESHLY]
    ways = list(doors)
    move(STALE)
    before, answers = rows(office), {}
    for endpoint, visitor, path, fields, files in ways:
        answers[endpoint] = sent(visitor, path, fields, files).status_code

    print(f"\n{len(answers)} sensitive acts with a stale sign-in, {list(answers.values()).count(302)} done")
    assert answers == dict.fromkeys(answers, 401)
    downloads = {"exports.as_csv_file", "exports.download", "bundles.download", "imaging.download_copy"}
    assert set(answers) == FRESHLY - downloads
    assert rows(office) == before


def test_a_download_of_a_stale_sign_in_waits_too_and_comes_afterwards(visit, move):
    visitor = visit(MANAGER)
    move(STALE)

    asked = visitor.open("/exports/caseload.csv?standing=compliance")
    done = visitor.send(asked.location, [("password", RIGHT)])

    assert asked.location == "/account/confirm?next=/exports/caseload.csv?standing%3Dcompliance"
    assert (done.status_code, done.location) == (302, "/exports/caseload.csv?standing=compliance")
    with visitor.open(done.location) as file:
        assert (file.status_code, file.mimetype) == (200, "text/csv")


@pytest.mark.parametrize(("seconds", "status"), [(-2, 302), (1, 401)])
def test_what_was_shown_counts_for_five_minutes(visit, move, seconds, status):
    visitor = visit(ADMINISTRATOR)
    move(sessions.FRESH + timedelta(seconds=seconds))

    answer = visitor.post("/accounts/new", new_account(visitor))

    assert answer.status_code == status
    assert timedelta(minutes=5) == sessions.FRESH


def new_account(visitor):
    return [("csrf_token", visitor.token.encode()), ("name", b"Somebody With A Name"),
            ("email", b"new@office.example"), ("roles", b"caseworker")]  # fmt: skip


def test_what_was_typed_is_carried_on_with_once_they_have_shown_it(visit, move, office):
    visitor = visit(ADMINISTRATOR)
    old = visitor.cookie
    move(STALE)

    asked = visitor.post("/accounts/new", new_account(visitor))
    kept = dict(Form(asked.text).fields)["kept"]
    wrong = visitor.send("/account/confirm", [("password", WRONG), ("kept", kept)])
    right = visitor.send("/account/confirm", [("password", RIGHT), ("kept", kept)])
    fields = [(name, value) for name, value in Form(right.text).fields if name != "csrf_token"]
    done = visitor.send("/accounts/new", fields)

    assert "Show that it is you" in asked.text
    assert "This is not your password." in wrong.text
    assert ("name", b"Somebody With A Name") in fields
    assert done.status_code == 302
    visitor.cookie = old
    assert not visitor.is_in()  # it is another sign-in now


def test_no_more_than_five_passwords_are_looked_at_in_five_minutes(visit, move, hashes):
    visitor = visit(MANAGER)
    move(STALE)
    hashes.clear()

    answers = [visitor.send("/account/confirm", [("password", WRONG)]) for _ in range(8)]
    last = visitor.send("/account/confirm", [("password", RIGHT)])

    assert (len(hashes), limits.CONFIRM.most) == (5, 5)
    assert ["There have been too many attempts." in answer.text for answer in answers] == [False] * 5 + [
        True
    ] * 3
    assert last.status_code == 200


def test_the_current_password_of_a_change_is_limited_alike(visit, hashes):
    visitor = visit(MANAGER)
    hashes.clear()

    answers = [
        visitor.send("/account/password", [("current", WRONG), ("password", b"four quiet herons wading")])
        for _ in range(8)
    ]

    assert [answer.status_code for answer in answers] == [200] * 8
    assert len(hashes) == 5


def test_nobody_reaches_what_they_may_not_do_by_showing_who_they_are(visit, move):
    visitor = visit(MANAGER)
    move(STALE)

    assert visitor.post("/accounts/new", new_account(visitor)).status_code == 403
