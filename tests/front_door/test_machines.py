"""A machine that fills in whatever there is leaves nothing behind; people never see what gives it away."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from sqlalchemy import func, select

from app.accounts.models import AttemptCount
from app.complaints.models import Complaint
from app.front_door.models import SubmissionDraft, SubmissionFile, SubmissionLink
from app.outbox.models import Message
from tests.front_door.conftest import ANSWERS, PDF

PAGES = [*ANSWERS, "documents", "link"]


def there(session):
    kept = (Complaint, SubmissionDraft, SubmissionFile, SubmissionLink, Message, AttemptCount)
    return [session.scalar(select(func.count()).select_from(one)) for one in kept]


def answers_to(page):
    files = {"files": (BytesIO(PDF), "report.pdf")} if page == "documents" else {}
    return {"email": "machine@mail.example", **ANSWERS.get(page, {}), **files}


def test_a_thousand_posts_of_a_machine_that_fills_in_everything_store_nothing(stranger, session):
    before, machine = there(session), stranger()

    answers = [
        machine.send(PAGES[number % len(PAGES)], answers_to(PAGES[number % len(PAGES)]) | more)
        for number in range(500)
        for more in ({"homepage": "https://pills.example"}, {"homepage": "x", "later": "yes"})
    ]

    assert len(answers) == 1000
    assert {answer.status_code for answer in answers} <= {429, 302}
    assert {answer.location for answer in answers if answer.status_code == 302} <= {"/complain/check"}
    assert not any("Set-Cookie" in answer.headers for answer in answers)
    assert there(session) == before


def test_it_is_told_what_everybody_is_told_when_too_much_comes(stranger):
    answer = stranger().send("what", ANSWERS["what"] | {"homepage": "x"})

    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "3600")
    assert "We are getting too many forms at the moment" in answer.text
    assert "The X-ray of March was not read until June." in answer.text


@pytest.mark.parametrize("page", PAGES)
def test_nobody_sees_it_or_hears_it_and_no_browser_fills_it_in(stranger, page):
    text = stranger().open(page).text

    [box] = re.findall(r"<div hidden>(.*?)</div>", text, re.DOTALL)
    assert 'name="homepage" type="text" value="" tabindex="-1" autocomplete="off"' in box
    assert "style" not in box


def test_whoever_leaves_it_empty_carries_on(stranger):
    answer = stranger().send("what", ANSWERS["what"] | {"homepage": ""})

    assert (answer.status_code, answer.location) == (302, "/complain/scan")
