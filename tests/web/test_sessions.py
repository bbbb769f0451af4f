"""Signing in and out: who is in, for how long, on which browser's word, and what ends it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.accounts import sessions
from app.accounts.models import Account, AccountSession
from app.core import clock
from app.demonstration.office import PASSWORD
from tests.web import ADMINISTRATOR, CASEWORKER, LIAISON, MANAGER, Form, Visitor

# Cookies and what they carry (B10, B11, B17)


def test_a_sign_in_takes_nothing_over_from_before_it_twenty_times(app, office):
    for _ in range(20):
        victim = Visitor(app)
        fixed, token_before = victim.cookie, victim.token
        answer = victim.send("/sign-in", [("email", MANAGER.encode()), ("password", PASSWORD.encode())])
        victim.fetch("/account")

        planted = Visitor(app)
        planted.cookie = fixed
        assert answer.status_code == 302
        assert victim.cookie != fixed and victim.token != token_before
        assert (victim.is_in(), planted.is_in()) == (True, False)


def test_signing_in_again_gives_another_sign_in(visit, office):
    first, second = visit(MANAGER), visit(MANAGER)

    hashed = office.scalars(select(AccountSession.token_hash)).all()

    assert first.cookie != second.cookie
    assert [len(digest) for digest in set(hashed)] == [64, 64]


#: What a cookie that is taken away says besides.
GONE = r"; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0"


def cookies_of(app, **more) -> list[str]:
    """Every cookie set on a walk through signing in, forms, refusals and signing out."""
    visitor, told = Visitor(app, **more), []
    steps = [
        lambda: visitor.fetch("/sign-in"),
        lambda: visitor.send("/sign-in", [("email", b"x"), ("password", b"y")]),
        lambda: visitor.send("/sign-in", [("email", MANAGER.encode()), ("password", PASSWORD.encode())]),
        *(
            lambda p=p: visitor.fetch(p)
            for p in ("/", "/account", "/complaints/new", "/nowhere", "/accounts/")
        ),
        lambda: visitor.send("/organisations/new", [("name", b"A"), ("kind", b"nhs_trust")]),
        lambda: visitor.fetch("/organisations/"),
        lambda: visitor.send("/sign-out"),
        lambda: visitor.fetch("/sign-in"),
    ]
    for step in steps:
        told += step().headers.getlist("Set-Cookie")
    return told


def test_every_cookie_is_ours_alone_and_says_so(app, office):
    plain, secure = cookies_of(app), cookies_of(app, base_url="https://localhost")
    elsewhere = Visitor(app, environ_overrides={"REMOTE_ADDR": "192.0.2.7"}).open("/sign-in")

    def attributes(cookie):
        return cookie.replace(re.search(r"=[^;]*", cookie).group(), "=", 1).replace(GONE, "")

    year = "Expires=; Max-Age=31536000; "
    plain_told = {re.sub("Expires=[^;]*", "Expires=", attributes(c)) for c in plain}
    secure_told = {re.sub("Expires=[^;]*", "Expires=", attributes(c)) for c in secure}
    assert plain_told == {
        "second-read=; HttpOnly; Path=/; SameSite=Lax",
        f"second-read-device=; {year}HttpOnly; Path=/; SameSite=Lax",
    }
    assert secure_told == {
        "__Host-second-read=; Secure; HttpOnly; Path=/; SameSite=Lax",
        f"__Host-second-read-device=; {year}Secure; HttpOnly; Path=/; SameSite=Lax",
    }
    assert [c.split("=")[0] for c in elsewhere.headers.getlist("Set-Cookie")] in ([], ["__Host-second-read"])
    assert len(plain) >= 4 and len(secure) >= 4
    print(f"\n{len(plain) + len(secure)} cookies")


@pytest.mark.parametrize(
    ("path", "forgotten"),
    [("/sign-out", '"cache", "storage"'), ("/account/sign-out-everywhere", '"cache", "cookies", "storage"')],
)
def test_signing_out_tells_the_browser_to_forget_everything_but_that_it_is_known(visit, path, forgotten):
    visitor = visit(MANAGER)

    answer = visitor.post(path, [("csrf_token", visitor.token.encode())])

    assert (answer.status_code, answer.location) == (302, "/sign-in")
    assert answer.headers["Clear-Site-Data"] == forgotten
    assert answer.headers["Cache-Control"] == "no-store"
    assert not visitor.is_in()


# How long a sign-in lasts (B12)


@pytest.mark.parametrize(
    ("email", "limit"),
    [(MANAGER, sessions.IDLE), (CASEWORKER, sessions.IDLE), (LIAISON, sessions.IDLE_OUTSIDE)],
)
@pytest.mark.parametrize("seconds", [-1, 1])
def test_a_sign_in_left_alone_ends_at_its_limit(visit, move, email, limit, seconds):
    visitor = visit(email)

    move(limit + timedelta(seconds=seconds) - timedelta(milliseconds=900 if seconds < 0 else 0))

    assert visitor.is_in() == (seconds < 0)


@pytest.mark.parametrize("email", [MANAGER, LIAISON])
@pytest.mark.parametrize("seconds", [-2, 1])
def test_a_sign_in_in_use_ends_after_ten_hours(visit, move, office, email, seconds):
    visitor = visit(email)
    move(sessions.LONGEST + timedelta(seconds=seconds))
    office.execute(update(AccountSession).values(last_seen_at=clock.wall()))

    assert visitor.is_in() == (seconds < 0)


def test_the_limits_are_these():
    limits = [sessions.IDLE, sessions.IDLE_OUTSIDE, sessions.LONGEST]

    assert limits == [timedelta(minutes=20), timedelta(minutes=15), timedelta(hours=10)]


def test_working_keeps_somebody_signed_in_and_moving_the_office_s_clock_is_no_absence(visit, move):
    visitor = visit(MANAGER)

    for minutes in range(15, 90, 15):
        move(timedelta(minutes=minutes))
        assert visitor.is_in()
    clock.move_by(timedelta(days=30))
    assert visitor.is_in()


# What ends every sign-in at once (B13, A11)


def key_of(office, email):
    return office.scalar(select(Account.key).where(Account.email == email))


def sign_out(visit, office, one):
    one.send("/account/sign-out-everywhere")


def suspend(visit, office, one):
    visit(ADMINISTRATOR).send(f"/accounts/{key_of(office, one.email)}/suspend")


def change_roles(visit, office, one):
    administrator, path = visit(ADMINISTRATOR), f"/accounts/{key_of(office, one.email)}/roles"
    drawn = dict(Form(administrator.open(path).text).fields)["drawn_from"]
    administrator.send(path, [("drawn_from", drawn), ("roles", b"manager"), ("roles", b"caseworker")])


def change_password(visit, office, one):
    one.send("/account/password", [("current", PASSWORD.encode()), ("password", b"another pair of eyes")])


@pytest.mark.parametrize("end", [sign_out, suspend, change_roles, change_password])
def test_all_three_sign_ins_are_over_at_the_very_next_request(visit, office, end):
    three = [visit(MANAGER) for _ in range(3)]
    other = visit(CASEWORKER)
    assert [one.is_in() for one in three] == [True] * 3

    end(visit, office, three[0])
    answers = [one.open(p).status_code for one in three for p in ("/account", "/caseload/", "/")]
    saves = [one.post("/complaints/new", [("csrf_token", one.token.encode())]).status_code for one in three]

    assert (answers, saves) == ([302] * 9, [401] * 3)
    assert [one.is_in() for one in three] == [False] * 3
    assert other.is_in()


def test_being_restored_brings_no_old_sign_in_back(visit, office):
    before, administrator = visit(MANAGER), visit(ADMINISTRATOR)
    suspend(visit, office, before)

    restored = administrator.send(f"/accounts/{key_of(office, MANAGER)}/restore")

    assert restored.status_code == 302
    assert (before.is_in(), visit(MANAGER).is_in()) == (False, True)


def test_signing_out_ends_this_sign_in_and_a_copy_of_its_cookie_but_no_other(visit):
    here, there = visit(MANAGER), visit(MANAGER)
    cookie = here.cookie

    here.send("/sign-out")
    here.cookie = cookie

    assert (here.is_in(), there.is_in()) == (False, True)


def test_a_request_that_is_late_does_not_revive_a_sign_in_that_has_ended(visit, office, move):
    visitor = visit(MANAGER)
    number = office.scalar(select(func.max(AccountSession.id)))
    visitor.send("/sign-out")
    row = select(AccountSession.ended_at, AccountSession.last_seen_at).where(AccountSession.id == number)
    ended = office.execute(row).one()

    move(timedelta(minutes=5))
    with Session(office, join_transaction_mode="create_savepoint") as session:
        sessions.see(session, number)
        sessions.end(session, number)
        session.commit()

    assert office.execute(row).one() == ended


def test_somebody_suspended_cannot_sign_in_and_is_told_what_anybody_is(app, visit, office):
    suspend(visit, office, visit(CASEWORKER))

    told = {}
    for email in (CASEWORKER, "nobody@office.example"):
        stranger = Visitor(app)
        answer = stranger.send("/sign-in", [("email", email.encode()), ("password", PASSWORD.encode())])
        told[email] = answer.status_code, re.sub(r'value="[^"]*"', "", answer.text)

    assert len(set(told.values())) == 1
    assert "The e-mail address or the password is not right." in told[CASEWORKER][1]
