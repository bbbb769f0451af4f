"""Whoever comes back to a form after a day is told what leads back to it; nobody is told whether there was one."""

from __future__ import annotations

import re
import secrets
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.core import clock, sealing
from app.front_door.drawing import STEPS
from app.outbox.models import Message
from tests.front_door.test_coming_back import EMAIL, HERS

SAID = "After that, the link we sent you by e-mail leads back to them."
NEW = "This is a new form."
PAGES = ["", *(step.replace("_", "-") for step in STEPS if step != "check")]


@pytest.fixture
def idle(stranger, monkeypatch):
    """Somebody who answered a page, had a link sent, and comes back to the same browser after a day."""

    def go():
        somebody = stranger()
        somebody.answer("right-place", "what")
        somebody.send("link", EMAIL)
        somebody.open("link")
        late = clock.wall() + timedelta(hours=25)
        monkeypatch.setattr(clock, "_read", lambda: late)
        return somebody

    return go


def words(answer) -> str:
    return re.sub(r'value="[^"]*"', "", answer.text)


@pytest.mark.parametrize("page", PAGES)
def test_after_a_day_each_page_says_what_leads_back_and_before_it_none_does(idle, stranger, page):
    somebody = stranger()
    somebody.answer("right-place")
    assert SAID not in somebody.open(page).text

    late = idle().open(page).text

    assert (SAID in late, 'href="/complain/link"' in late, HERS in late) == (True, True, False)


def test_whoever_looks_over_it_is_shown_what_every_stranger_is(idle, stranger):
    guesser, nobody, late = stranger(), stranger("203.0.113.9"), idle()
    for name in ("__Host-second-read-form", "second-read-form"):
        guesser.client.set_cookie(name, secrets.token_urlsafe(32))

    for page in PAGES:
        assert words(late.open(page)) == words(nobody.open(page)) == words(guesser.open(page))
    assert late.open("check").location == nobody.open("check").location == "/complain/"


def test_who_begins_amid_the_form_is_told_it_is_a_new_one_and_who_begins_at_its_start_is_not(idle, stranger):
    late, first = idle(), stranger("203.0.113.9")
    late.answer("wanted")
    first.answer("right-place")

    assert (NEW in late.open("documents").text, NEW in first.open("you").text) == (True, False)


def test_the_link_that_is_sent_again_leads_back_and_asking_is_limited_as_before(idle, session, monkeypatch):
    late = idle()
    asked = [late.send("link", EMAIL).status_code for _ in range(4)]
    letter = session.scalars(select(Message).order_by(Message.id.desc())).first()
    late.send(f"come-back/{sealing.token_of(letter.seal)}")

    assert asked == [302, 302, 302, 429]
    assert HERS in late.open("what").text
