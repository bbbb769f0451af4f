"""Nobody comes to a form but whoever holds its browser or its link, and what waits is not lost on the way back."""

from __future__ import annotations

import re
import secrets
from datetime import timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest
from sqlalchemy import func, select

from app.accounts.models import Role
from app.complaints.models import Complaint
from app.core import clock, kinds, sealing
from app.front_door import limits
from app.front_door.limits import Bounds, Doing
from app.front_door.models import SubmissionDraft, SubmissionFile
from app.front_door.queries import MOST_FORMS
from app.outbox.models import Message
from app.web import uploads
from tests.front_door.conftest import ANSWERS

HERS = "The X-ray of March was not read until June."
EMAIL, HERS_AT = {"email": "Josefa@mail.example "}, "josefa@mail.example"


@pytest.fixture
def saved(stranger, session):
    """Somebody who has come as far as what happened, and has saved it; and the link they were sent."""

    def go():
        somebody = stranger()
        somebody.answer("you", "what")
        somebody.send("link", EMAIL)
        return somebody, link_of(session)

    return go


def link_of(session) -> str:
    letter = session.scalars(select(Message).order_by(Message.id.desc())).first()
    return f"come-back/{sealing.token_of(letter.seal)}"


def count(session, kind) -> int:
    return session.scalar(select(func.count(kind.id)))


def test_the_link_leads_back_on_another_device_once_and_ends_the_first(stranger, saved):
    somebody, link = saved()
    elsewhere, third = stranger(), stranger()
    assert HERS not in elsewhere.open(link).text
    answer = elsewhere.send(link)

    assert (answer.status_code, answer.location) == (302, "/complain/check")
    assert HERS in elsewhere.open("what").text
    assert HERS not in somebody.open("what").text
    assert (third.open(link).status_code, third.send(link).status_code) == (404, 404)


def test_looking_at_a_link_does_nothing(stranger, saved, session):
    _somebody, link = saved()
    before = session.scalars(select(SubmissionDraft.token_hash)).one()
    for _ in range(20):
        assert stranger().open(link).status_code == 200

    assert session.scalars(select(SubmissionDraft.token_hash)).one() == before
    assert stranger().send(link).status_code == 302


def test_a_newer_link_ends_the_older_and_all_end_after_thirty_days(stranger, saved, session, monkeypatch):
    somebody, first = saved()
    somebody.send("link", EMAIL)
    second = link_of(session)
    assert (stranger().open(first).status_code, stranger().open(second).status_code) == (404, 200)

    late = clock.wall() + timedelta(days=30, minutes=1)
    monkeypatch.setattr(clock, "_read", lambda: late)
    assert (stranger().open(second).status_code, stranger().send(second).status_code) == (404, 404)


def test_the_letter_says_nothing_of_the_form(saved, session):
    saved()
    letter = session.scalars(select(Message)).one()

    assert letter.address == "Josefa@mail.example"
    for personal in ("Josefa", "Merriweather", "X-ray", "scan", "complain", "health", "hospital"):
        assert personal.lower() not in (letter.subject + letter.body).lower()


def test_asking_for_a_link_answers_alike_whether_or_not_there_is_a_form(stranger, saved, session):
    saved()
    answers = []
    for email in ("josefa@mail.example", "nobody@mail.example"):
        other = stranger("203.0.113.9")
        sent = other.send("link", {"email": email})
        answers.append((sent.status_code, sent.location, plain(other.open("link").text)))

    assert answers[0] == answers[1]
    assert count(session, Message) == 2  # the first, and the one for the form there is


def plain(page: str) -> str:
    return re.sub(r'value="[^"]*"', "", page)


def test_whoever_lost_their_browser_gets_the_form_again_by_its_address(stranger, saved, session):
    saved()
    elsewhere = stranger()
    elsewhere.send("link", EMAIL)
    elsewhere.send(link_of(session))

    assert HERS in elsewhere.open("what").text


def test_whoever_saves_a_form_with_anothers_address_hides_no_form_of_theirs(stranger, saved, session):
    saved()
    for _ in range(6):
        other = stranger()
        other.answer("wanted")
        session.scalars(select(SubmissionDraft).order_by(SubmissionDraft.id.desc())).first().email = HERS_AT
    session.commit()
    before = count(session, Message)
    stranger().send("link", EMAIL)
    letters = session.scalars(select(Message).order_by(Message.id)).all()[before:]

    assert len(letters) == MOST_FORMS
    read = []
    for letter in letters:
        elsewhere = stranger()
        elsewhere.send(f"come-back/{sealing.token_of(letter.seal)}")
        read.append(HERS in elsewhere.open("what").text)
    assert read == [True, False, False, False, False]


def test_save_and_come_back_keeps_a_page_that_is_not_finished(stranger):
    somebody = stranger()
    answer = somebody.send("who", {"about": "another", "affected_name": "Ansel", "later": "yes"})

    assert answer.location == "/complain/link"
    assert 'value="Ansel"' in somebody.open("who").text


def test_after_a_day_the_browser_needs_its_link_and_what_is_typed_then_starts_a_form(
    stranger, session, monkeypatch
):
    somebody = stranger()
    somebody.answer("what")
    late = clock.wall() + timedelta(hours=25)
    monkeypatch.setattr(clock, "_read", lambda: late)

    assert HERS not in somebody.open("what").text
    assert somebody.answer("wanted").status_code == 302
    assert ("That they say sorry." in somebody.open("wanted").text, count(session, SubmissionDraft)) == (
        True,
        2,
    )


def test_a_cleared_browser_finds_nothing_and_the_form_waits(stranger, session):
    somebody = stranger()
    somebody.answer("what")
    somebody.send("leave")

    assert HERS not in somebody.open("what").text
    assert count(session, SubmissionDraft) == 1


def test_a_thousand_guessed_tokens_open_nothing(stranger, saved):
    saved()
    opened, guesser = 0, stranger("203.0.113.50")
    for _ in range(500):
        guess = secrets.token_urlsafe(32)
        opened += guesser.open(f"come-back/{guess}").status_code != 404
        guesser.client.set_cookie("__Host-second-read-form", guess)
        guesser.client.set_cookie("second-read-form", guess)
        opened += HERS in guesser.open("what").text

    print(f"\n1,000 tokens guessed, {opened} open")
    assert opened == 0


def test_no_role_of_the_office_reads_what_is_not_sent(stranger, session, reader):
    somebody = stranger()
    somebody.answer()
    draft = session.scalars(select(SubmissionDraft)).one()
    read = []
    for role in Role:
        client, _account = reader(role)
        for path in (
            "/",
            "/caseload/",
            "/search?words=Merriweather",
            "/people/?words=Merriweather",
            "/drafts/",
        ):
            page = client.get(path).text.replace("Merriweather</h1>", "")
            if HERS in page or "josefa@" in page:
                read.append((role, path))

    assert read == []
    assert draft.complaint is None


def test_the_cookie_is_of_this_host_alone_and_no_script_sees_it(stranger):
    answer = stranger().answer("you")
    cookie = next(line for line in answer.headers.getlist("Set-Cookie") if "read-form" in line)

    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and "Path=/" in cookie
    assert "Domain" not in cookie and "Expires" not in cookie and "Max-Age" not in cookie
    assert answer.headers["Cache-Control"] == "no-store"
    assert cookie.startswith("__Host-") == ("Secure" in cookie)


MARKUP = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{7*7}}{% raw %}",
    "</textarea><b>",
    "' OR 1=1; --",
    "\x00\x1b[31m",
    "=cmd|' /C calc'!A0",
]


@pytest.mark.parametrize("payload", MARKUP)
def test_markup_in_answers_is_shown_and_never_run(stranger, session, reader, payload):
    somebody = stranger()
    texts = (
        "name",
        "telephone",
        "contact_note",
        "needs_words",
        "affected_name",
        "basis",
        "narrative",
        "wanted",
    )
    somebody.answer(**dict.fromkeys(texts, f"A {payload} Z"), organisations=payload.replace("\n", " ") + " x")
    pages = [somebody.open(page).text for page in (*ANSWERS, "check")]
    assert somebody.send("check").location == "/complain/receipt"
    client, _account = reader(Role.CASEWORKER)
    complaint = session.scalars(select(Complaint)).one()
    pages += [
        client.get(path).text
        for path in (f"/complaints/{complaint.reference}", "/caseload/?column=complainants")
    ]

    raw = [
        mark
        for mark in ("<script>alert", "<img src=x", "</textarea><b>", "A 49")
        if any(mark in p for p in pages)
    ]
    assert raw == []


def bounds(**more) -> Bounds:
    given = {"per_network": 3, "in_all": 5, "days": 30, "bytes_in_form": 100, "bytes_in_all": 1000}
    return Bounds(**given | more)


@pytest.mark.parametrize("doing", Doing)
def test_each_limit_trips_by_itself_for_a_network_and_for_all(session, doing):
    times = limits.TIMES[doing]
    one = [limits.is_within(session, doing, network="a", bounds=bounds()) for _ in range(3 * times + 4)]
    two = [limits.is_within(session, doing, network="b", bounds=bounds()) for _ in range(3 * times + 4)]
    others = [
        limits.is_within(session, other, network="c", bounds=bounds()) for other in Doing if other != doing
    ]

    assert one == [True] * 3 * times + [False] * 4
    assert two == [True] * 2 * times + [False] * (times + 4)
    assert all(others)


def test_past_the_limit_a_page_says_so_and_what_was_typed_is_still_there(app, stranger, session, monkeypatch):
    monkeypatch.setitem(app.config, "FORMS_PER_NETWORK", 2)
    answers = [stranger().answer("what") for _ in range(5)]
    neighbour = stranger("198.51.100.8").answer("what")

    assert [answer.status_code for answer in answers] == [302, 302, 429, 429, 429]
    assert (HERS in answers[2].text, "Try again in an hour" in answers[2].text) == (True, True)
    assert answers[2].headers["Retry-After"] == "3600"
    assert (neighbour.status_code, count(session, SubmissionDraft)) == (302, 3)


def test_a_thousand_posts_of_a_machine_leave_no_more_than_the_limit(app, stranger, session, monkeypatch):
    monkeypatch.setitem(app.config, "FORMS_PER_NETWORK", 5)
    machine = stranger("2001:db8:1:2::1")
    codes = []
    for number in range(1000):
        machine.client = app.test_client()
        machine.network = f"2001:db8:1:2::{number:x}"
        codes.append(
            machine.send(
                "right-place", {"care": "yes"}, headers={"X-Forwarded-For": f"10.0.0.{number % 250}"}
            ).status_code
        )

    print(f"\n1,000 forms begun from one household, {codes.count(302)} kept")
    assert (codes.count(302), codes.count(429), count(session, SubmissionDraft)) == (5, 995, 5)


def test_links_and_sending_are_limited_too(app, stranger, session, monkeypatch):
    somebody = stranger()
    somebody.answer()
    asked = [somebody.send("link", EMAIL).status_code for _ in range(5)]
    monkeypatch.setitem(app.config, "FORMS_PER_NETWORK", 0)

    assert asked == [302, 302, 302, 429, 429]
    refused = somebody.send("check")
    assert (refused.status_code, "Try again in an hour" in refused.text) == (429, True)
    assert session.scalars(select(SubmissionDraft)).one().sent_at is None


def test_files_are_taken_by_what_they_are_and_within_bounds(app, stranger, session, monkeypatch):
    monkeypatch.setitem(app.config, "FORM_FILE_LIMIT", 1000)
    monkeypatch.setitem(app.config, "FORM_FILES_LIMIT", 1500)
    somebody = stranger()
    refused = {
        "a.exe": b"MZ\x90\x00",
        "a.pdf": b"MZ\x90\x00 no PDF",
        "a.html": b"<script>alert(1)</script>",
        "a.svg": b"<svg onload='alert(1)'/>",
        "a.png": b"%PDF-1.4",
        "a.docx": b"PK\x03\x04 no letter in it",
        "a.txt": b"\x00\x01\x02",
        "a": b"%PDF-1.4",
        "a.pdf.exe": b"%PDF-1.4",
        "large.pdf": b"%PDF-1.4" + b"x" * 1000,
        "empty.pdf": b"",
    }
    answers = {name: somebody.add(name, content) for name, content in refused.items()}

    assert {name: answer.status_code for name, answer in answers.items()} == dict.fromkeys(refused, 200)
    assert (count(session, SubmissionFile), count(session, SubmissionDraft)) == (0, 0)
    assert somebody.add("one.pdf", b"%PDF-" + b"x" * 900).status_code == 302
    assert "too large together" in somebody.add("two.pdf", b"%PDF-" + b"x" * 900).text
    monkeypatch.setitem(app.config, "FORMS_WAITING_MB", 0)
    assert "cannot take more files" in stranger().add().text
    assert count(session, SubmissionFile) == 1


def test_of_a_file_that_is_too_large_nothing_is_read(app, stranger, monkeypatch):
    monkeypatch.setitem(app.config, "FORM_FILE_LIMIT", 1000)
    asked = []
    monkeypatch.setattr(uploads, "kind_of", lambda name, _stream: asked.append(name))

    assert "large.docx is larger than" in stranger().add("large.docx", b"PK\x03\x04" + b"x" * 1000).text
    assert asked == []


class Read(BytesIO):
    """A file that knows how much of it was read at once."""

    most = 0

    def read(self, size=-1):
        piece = super().read(size)
        self.most = max(self.most, len(piece))
        return piece


@pytest.mark.parametrize(("others", "is_taken"), [(1900, True), (2100, False), (9000, False)])
def test_an_archive_is_a_letter_only_with_as_few_names_as_one_and_no_more_of_them_are_read(others, is_taken):
    stream = Read()
    with ZipFile(stream, "w") as archive:
        for name in ("word/document.xml", *(f"word/{number:040}" for number in range(others))):
            archive.writestr(name, b"")
    stream.seek(0)
    stream.most = 0

    kind = kinds.kind_of("letter.docx", stream)

    assert (kind is not None, stream.tell()) == (is_taken, 0)
    assert stream.most <= kinds.LARGEST_DIRECTORY + 1


def test_a_file_is_named_safely_taken_away_by_its_owner_and_by_nobody_else(stranger, session):
    somebody, other = stranger(), stranger()
    somebody.add("../../etc/<b>passwd.pdf")
    other.add("other.pdf")
    file = session.scalars(select(SubmissionFile)).first()
    assert (file.filename, "&lt;b&gt;passwd.pdf" in somebody.open("documents").text) == (
        "<b>passwd.pdf",
        True,
    )

    other.send(f"documents/{file.key}/remove")
    assert count(session, SubmissionFile) == 2
    for _ in range(2):
        assert somebody.send(f"documents/{file.key}/remove").status_code == 302
    assert [each.filename for each in session.scalars(select(SubmissionFile))] == ["other.pdf"]


def test_a_page_takes_its_own_questions_and_no_more_than_it_can_hold(stranger, session):
    somebody = stranger()
    somebody.send("you", ANSWERS["you"] | {"complaint_id": "1", "token_hash": "x", "is_admin": "y"})
    assert {name for name, _ in session.scalars(select(SubmissionDraft)).one().answers["you"]} == set(
        ANSWERS["you"]
    )

    answer = somebody.send("what", {"narrative": "Words " * 60_000, "later": "yes"})
    assert (answer.status_code, "more than this form can hold" in answer.text) == (200, True)
    assert "what" not in session.scalars(select(SubmissionDraft)).one().answers


def test_a_form_that_comes_with_no_token_of_ours_changes_nothing_and_keeps_what_was_typed(
    app, stranger, session, monkeypatch
):
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    answer = stranger().answer("what")

    assert (answer.status_code, HERS in answer.text, "Carry on" in answer.text) == (400, True, True)
    assert count(session, SubmissionDraft) == 0
