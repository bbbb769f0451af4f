"""What was typed survives the end of a sign-in, and comes back to nobody else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.accounts import sessions
from app.complaints.models import Complaint
from app.demonstration.office import PASSWORD
from tests.web import ADMINISTRATOR, CASEWORKER, MANAGER, Form, Visitor, rows

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
        for path in ("/account/password", "/account/confirm")
    ]

    assert [answer.status_code for answer in answers] == [401, 401]
    assert ['name="kept" value=""' in answer.text for answer in answers] == [True, True]


@pytest.mark.parametrize("path", ["/forgotten-password", "/sign-in/passkey/alone"])
def test_what_proves_or_tells_who_somebody_is_is_kept_in_no_page(app, office, path):
    secret = b"a secret that is not to be kept"

    answer = Visitor(app).post(path, [("csrf_token", b"stale"), ("email", secret), ("credential", secret)])

    assert (answer.status_code, 'name="kept" value=""' in answer.text) == (401, True)


@pytest.mark.parametrize("kept", [b"", b"junk", b"a.b", b"\xff\xfe", b"." * 5000, b"e30.AAAA", b"\x00"])
def test_what_was_not_kept_by_us_is_not_carried_on_with(app, office, kept):
    stranger = Visitor(app)

    answer = stranger.send(
        "/sign-in", [("email", MANAGER.encode()), ("password", PASSWORD.encode()), ("kept", kept)]
    )

    assert (answer.status_code, answer.location) == (302, "/")
