"""Whoever tries to sign in learns from the answer, and from what it costs, of no account (B8)."""

from __future__ import annotations

import re

from app.accounts import limits, passwords
from app.accounts.models import Role
from app.core import clock
from tests.conftest import PASSWORD

EACH = 250


def test_a_thousand_sign_ins_are_answered_alike_and_cost_one_hash_whoever_has_an_account(
    app, session, make, monkeypatch
):
    hashed = passwords.hash_of(PASSWORD)
    emails = {
        "with an account": [make.account(Role.CASEWORKER, password_hash=hashed).email for _ in range(EACH)],
        "suspended": [
            make.account(Role.MANAGER, password_hash=hashed, is_active=False).email for _ in range(EACH)
        ],
        "invited": [make.account(Role.LIAISON).email for _ in range(EACH)],
        "without one": [f"nobody{number}@office.example" for number in range(EACH)],
    }
    session.commit()
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    monkeypatch.setattr(
        limits.Limit, "window_start", lambda _limit: clock.wall()
    )  # each in a window of its own
    counted, kind, stranger = [], type(passwords._hasher), app.test_client()
    for name in ("hash", "verify"):
        was = getattr(kind, name)
        monkeypatch.setattr(kind, name, lambda *a, was=was, **k: (counted.append(1), was(*a, **k))[1])

    told = {}
    for who, theirs in emails.items():
        for email in theirs:
            counted.clear()
            answer = stranger.post("/sign-in", data={"email": email, "password": "not the password"})
            page = re.sub(r'value="[^"]*"|[0-9a-f]{16}', "", answer.text)
            told.setdefault((answer.status_code, page, len(counted)), set()).add(who)

    costs = {cost for _status, _page, cost in told}
    print(f"\n{4 * EACH} sign-ins: {len(told)} kind of answer, {costs} hash each")
    assert list(told.values()) == [set(emails)]
    assert costs == {1}
