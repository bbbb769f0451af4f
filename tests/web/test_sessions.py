"""Signing in and out: who is in, for how long, on which browser's word, and what ends it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.accounts import passwords, sessions
from app.accounts.limits import SIGN_IN_ADDRESS
from app.accounts.models import Account, AccountSession, AttemptCount
from app.complaints.models import Complaint
from app.core import clock
from app.core.errors import RuleBroken
from app.demonstration.office import PASSWORD
from tests.web import Form, Visitor, rows

MANAGER, CASEWORKER = "manager@office.example", "caseworker@office.example"
ADMINISTRATOR, LIAISON = "administrator@office.example", "liaison@eastmarch.example"
SAFE = {"GET", "HEAD", "OPTIONS"}


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


GOOD = [
    "a" * 12, "a" * 64, "a" * 127, "a" * 128, " " * 12, "é" * 128, "e\u0301" * 64, "👩🏽‍⚕️" * 3, "密碼" * 6,
    "\t" * 12, "with\x00NUL, which is a character", "password1234", "123456789012", "<script>'\"--%_", "Ω" * 12,
]  # fmt: skip
BAD = ["", "a", "a" * 11, "é" * 11, " " * 11, "👩" * 11, "a" * 129, "é" * 129, "a" * 1000, "a" * 1_000_000,
       "e\u0301" * 65, " " * 129, "\x00" * 11, "Aa1!" * 2, "\ud800" * 12]  # fmt: skip


def test_a_password_is_twelve_to_128_of_any_characters(hashes):
    def fits(password):
        try:
            return passwords.fits(password, passwords.hash_of(password))
        except RuleBroken:
            return False

    assert {p: fits(p) for p in [*GOOD, *BAD]} == {p: p in GOOD for p in [*GOOD, *BAD]}
    assert len([*GOOD, *BAD]) == 30


def test_characters_that_look_alike_are_different_passwords():
    assert not passwords.fits("e\u0301" * 12, passwords.hash_of("é" * 12))
    assert not passwords.fits("a" * 12 + " ", passwords.hash_of("a" * 12))


def test_128_characters_cost_a_hash_and_129_cost_none_whoever_is_asked_for(app, office, hashes):
    stranger, cost = Visitor(app), {}
    passwords._nobodys_hash()  # made once in a process
    for email in (MANAGER, "nobody@office.example"):
        for length in (128, 129, 100_000):
            hashes.clear()
            stranger.send("/sign-in", [("email", email.encode()), ("password", b"a" * length)])
            cost[email, length] = len(hashes)

    assert cost == {(email, n): int(n == 128) for email, n in cost}


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

    assert {attributes(c) for c in plain} == {"second-read=; HttpOnly; Path=/; SameSite=Lax"}
    assert {attributes(c) for c in secure} == {"__Host-second-read=; Secure; HttpOnly; Path=/; SameSite=Lax"}
    assert [c.split("=")[0] for c in elsewhere.headers.getlist("Set-Cookie")] in ([], ["__Host-second-read"])
    assert len(plain) >= 4 and len(secure) >= 4
    print(f"\n{len(plain) + len(secure)} cookies")


@pytest.mark.parametrize("path", ["/sign-out", "/account/sign-out-everywhere"])
def test_signing_out_tells_the_browser_to_forget_everything(visit, path):
    visitor = visit(MANAGER)

    answer = visitor.post(path, [("csrf_token", visitor.token.encode())])

    assert (answer.status_code, answer.location) == (302, "/sign-in")
    assert answer.headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'
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


TYPED = "Naïve “text”,\nsecond line <b>& more</b> 👩🏽‍⚕️"


def complaint_fields(visitor):
    fields = [(n, v) for n, v in Form(visitor.open("/complaints/new").text).fields if n != "csrf_token"]
    return [(n, TYPED.encode() if n == "narrative" else v) for n, v in fields]


class Kept(Form):
    """The form of a page that carries on with what was typed: it names where it goes."""

    def handle_starttag(self, tag, attrs):
        if tag == "form" and dict(attrs).get("action", "").startswith("/complaints/new"):
            attrs = [pair for pair in attrs if pair[0] != "action"]
        super().handle_starttag(tag, attrs)


def narratives(office):
    return office.scalars(select(Complaint.narrative).order_by(Complaint.id.desc()).limit(1)).all()


def test_what_was_typed_survives_the_end_of_the_sign_in_and_is_sent_once_they_carry_on(visit, move, office):
    visitor, before = visit(CASEWORKER), rows(office)
    fields = complaint_fields(visitor)
    move(sessions.IDLE + timedelta(seconds=1))

    refused = visitor.send("/complaints/new", fields)
    unchanged = rows(office) == before
    form = dict(Form(refused.text).fields)
    again = visitor.send(
        "/sign-in", [("email", CASEWORKER.encode()), ("password", PASSWORD.encode()), ("kept", form["kept"])]
    )
    kept = [(n, v) for n, v in Kept(again.text).fields if n != "csrf_token"]
    done = visitor.send("/complaints/new", kept)

    assert (refused.status_code, unchanged, again.status_code, done.status_code) == (401, True, 200, 302)
    assert sorted(kept) == sorted(fields)
    assert narratives(office) == [TYPED]


def test_what_was_typed_survives_a_form_token_that_is_not_right(visit, office):
    visitor = visit(CASEWORKER)
    fields = complaint_fields(visitor)

    refused = visitor.post("/complaints/new", [("csrf_token", b"stale"), *fields])
    kept = [(n, v) for n, v in Kept(refused.text).fields if n != "csrf_token"]
    visitor.keep(refused)
    done = visitor.send("/complaints/new", kept)

    assert (refused.status_code, done.status_code) == (400, 302)
    assert sorted(kept) == sorted(fields)
    assert narratives(office) == [TYPED]


def test_no_password_is_ever_kept_in_a_page(visit, move):
    visitor = visit(ADMINISTRATOR)
    move(sessions.IDLE + timedelta(seconds=1))
    secret = b"a password that is not to be kept"

    answers = [
        visitor.post(
            path, [("csrf_token", visitor.token.encode()), ("password", secret), ("current", secret)]
        )
        for path in ("/account/password", "/accounts/new")
    ]

    assert [answer.status_code for answer in answers] == [401, 401]
    assert ['name="kept" value=""' in answer.text for answer in answers] == [True, True]


@pytest.mark.parametrize("kept", [b"", b"junk", b"a.b", b"\xff\xfe", b"." * 5000, b"e30.AAAA", b"\x00"])
def test_what_was_not_kept_by_us_is_not_carried_on_with(app, office, kept):
    stranger = Visitor(app)

    answer = stranger.send(
        "/sign-in", [("email", MANAGER.encode()), ("password", PASSWORD.encode()), ("kept", kept)]
    )

    assert (answer.status_code, answer.location) == (302, "/")


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
    answers = [one.open(p).status_code for one in three for p in ("/account", "/complaints/", "/cases/")]
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


# Forms that others send (B16)


def unsafe_paths(app):
    filled = {"reference": "SR-0000-0000", "key": "0" * 32, "code": "RXX", "letter": "J", "number": 1,
              "party": 1, "issue": 1, "waiting": 1, "submission": 1}  # fmt: skip
    for rule in app.url_map.iter_rules():
        if set(rule.methods) - SAFE:
            yield rule.build({name: filled[name] for name in rule.arguments})[1]


def test_no_unsafe_route_takes_a_form_that_is_not_this_sign_in_s_own(app, visit, office):
    old = visit(MANAGER)
    stale = old.token
    old.send("/sign-out")
    mine, other = visit(MANAGER), visit(CASEWORKER)
    wrong = {
        "none": ([], {}),
        "empty": ([("csrf_token", b"")], {}),
        "another's": ([("csrf_token", other.token.encode())], {}),
        "an old one": ([("csrf_token", stale.encode())], {}),
        "a stranger's": ([("csrf_token", Visitor(app).token.encode())], {}),
        "twice": ([("csrf_token", b"x"), ("csrf_token", mine.token.encode())], {}),
    }
    own = [("csrf_token", mine.token.encode())]
    elsewhere = {
        "cross-site": {"Sec-Fetch-Site": "cross-site"},
        "same-site": {"Sec-Fetch-Site": "same-site"},
        "odd": {"Sec-Fetch-Site": "x"},
        "origin": {"Origin": "https://evil.example"},
        "null": {"Origin": "null"},
        "look-alike": {"Origin": "http://localhost.evil.example"},
        "another port": {"Origin": "http://localhost:8001"},
        "broken": {"Origin": "http://[evil"},
        "both": {"Origin": "http://localhost", "Sec-Fetch-Site": "cross-site"},
    }
    before, answers = rows(office), {}
    paths = list(unsafe_paths(app))
    for path in paths:
        for why, (fields, headers) in wrong.items():
            answers[path, why] = mine.post(path, fields, headers=headers).status_code
        body = b"csrf_token=" + mine.token.encode()
        answers[path, "text"] = mine.open(
            path, method="POST", data=body, content_type="text/plain"
        ).status_code
        answers[path, "json"] = mine.open(path, method="POST", json={"csrf_token": mine.token}).status_code
        for why, headers in elsewhere.items():
            answers[path, why] = mine.post(path, own, headers=headers).status_code

    print(f"\n{len(answers)} forged forms at {len(paths)} routes")
    assert {key: s for key, s in answers.items() if s != (403 if key[1] in elsewhere else 400)} == {}
    assert rows(office) == before
    assert mine.is_in()


@pytest.mark.parametrize(
    "headers",
    [{}, {"Origin": "http://localhost"}, {"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}],
)
def test_the_browser_s_own_form_is_taken(visit, headers):
    visitor = visit(MANAGER)

    answer = visitor.post("/sign-out", [("csrf_token", visitor.token.encode())], headers=headers)

    assert (answer.status_code, answer.location) == (302, "/sign-in")


@pytest.mark.parametrize(
    "body", ["[1]", "{", '"words"', '{"name": 5}', '{"name": {"a": [1]}}', "null", "9" * 5000]
)
def test_json_is_no_form_of_ours_and_fails_nothing(visit, office, body):
    visitor, before = visit(MANAGER), rows(office)

    answers = [
        visitor.open(path, method="POST", data=body, content_type="application/json",
                     headers={"X-CSRFToken": visitor.token}).status_code
        for path in ("/organisations/new", "/complaints/new", "/demonstration/clock")
    ]  # fmt: skip

    assert answers == [200, 200, 200]
    assert rows(office) == before


# How often somebody may try (counted in the database)


def test_after_ten_wrong_tries_the_eleventh_is_refused_right_or_wrong(app, office, hashes):
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


def test_a_limit_lasts_as_long_as_its_window_and_a_success_is_not_counted(app, office, move):
    for _ in range(11):
        Visitor(app).send("/sign-in", [("email", MANAGER.encode()), ("password", b"wrong")])

    move(timedelta(minutes=5))

    for _ in range(12):
        assert Visitor(app, MANAGER).is_in()


def test_addresses_in_one_household_are_counted_as_one_and_no_header_hides_them(app, office):
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
