"""What is sent through the front door becomes one complaint, whole, and nothing of it is lost on the way."""

from __future__ import annotations

import os
import re
from datetime import timedelta
from io import BytesIO

import pytest
from flask import g
from sqlalchemy import func, select

from app.accounts.models import Role
from app.complaints.forms import LogForm
from app.complaints.models import Channel, Complaint, Part
from app.core import clock
from app.front_door import actions
from app.front_door.forms import PAGES
from app.front_door.models import SubmissionDraft, SubmissionFile, SubmissionLink
from app.outbox.models import Message
from app.papers.models import Paper
from app.people.models import AdjustmentKind, ContactWay
from app.web.forms import ABOUT_THE_FORM
from app.worker import doing
from tests.front_door.conftest import ANSWERS, PDF

#: Questions that are answered by typing.
TYPED = {"name", "telephone", "contact_note", "needs_words", "affected_name", "basis", "organisations"}


def only(session, kind):
    return session.scalars(select(kind)).one()


def count(session, kind) -> int:
    return session.scalar(select(func.count(kind.id)))


def test_a_form_becomes_a_complaint_with_all_that_was_said(app, stranger, session):
    somebody = stranger()
    somebody.answer()
    somebody.add()
    answer = somebody.send("check")

    assert (answer.status_code, answer.location) == (302, "/complain/receipt")
    complaint = only(session, Complaint)
    assert (complaint.channel, complaint.logged_by, complaint.made_on) == (Channel.WEB, None, clock.today())
    assert clock.now() - complaint.received_at < timedelta(minutes=1)
    assert complaint.wanted == "That they say sorry."
    assert complaint.narrative == (
        "The X-ray of March was not read until June.\n\nBy then it was too late.\n\nThe other answers of the form:\n"
        "When it happened: March 2026\nScan or X-ray: X-ray\nPaid for by the NHS in England: yes\n"
        "Complained to the organisation: yes, and it has given its last answer\nIts last answer: August 2026"
    )
    complainant, affected = (complaint.people_as(p)[0] for p in (Part.COMPLAINANT, Part.PERSON_AFFECTED))
    assert (complainant.name, complainant.email, complainant.telephone) == (
        "Josefa Merriweather",
        "josefa@mail.example",
        "07700 900003",
    )
    assert (affected.name, affected.nhs_number, affected.born_on.isoformat()) == (
        "Ansel Merriweather",
        "9434765919",
        "1941-05-03",
    )
    assert complaint.parties[0].basis == "I am his daughter and he has asked me to."
    assert [named.words for named in complaint.to_match] == [
        "Eastmarch Infirmary",
        "The surgery in Mill Lane",
    ]
    assert [(one.kind, one.words) for one in complainant.adjustments] == [
        (AdjustmentKind.LARGE_PRINT, "18 point"),
        (AdjustmentKind.INTERPRETER, ""),
    ]
    assert (complainant.contact_by, complainant.contact_note) == (
        ContactWay.EMAIL,
        "After six in the evening.",
    )
    assert [deadline.rule for deadline in complaint.deadlines]
    paper = only(session, Paper)
    assert (paper.complaint, paper.filename, paper.media_type, paper.document) == (
        complaint,
        "report.pdf",
        "application/pdf",
        None,
    )
    with app.extensions["files"].open(paper.sha256) as kept:
        assert kept.read() == PDF


def test_whoever_complains_for_themselves_is_the_person_affected(stranger, session):
    somebody = stranger()
    somebody.answer(about="themselves")
    somebody.send("check")

    complaint = only(session, Complaint)
    assert complaint.people_as(Part.COMPLAINANT) == complaint.people_as(Part.PERSON_AFFECTED)
    assert (complaint.parties[0].basis, complaint.parties[0].person.nhs_number) == ("", "9434765919")


def test_sent_twice_it_is_one_complaint_with_one_receipt(stranger, session):
    somebody = stranger()
    somebody.answer()
    answers = [somebody.send("check") for _ in range(5)]

    assert {answer.location for answer in answers} == {"/complain/receipt"}
    assert (count(session, Complaint), count(session, Message)) == (1, 1)


def test_the_action_itself_sends_once(stranger, session):
    somebody = stranger()
    somebody.answer()
    somebody.send("check")
    draft = only(session, SubmissionDraft)

    assert actions.send(session, draft, None) is only(session, Complaint)


def test_the_receipt_and_the_letter_hold_the_reference_and_nothing_else(stranger, session):
    somebody = stranger()
    somebody.answer()
    somebody.send("check")
    reference, letter = only(session, Complaint).reference, only(session, Message)

    receipt = somebody.open("receipt").text
    assert reference in receipt
    for personal in ("Merriweather", "Eastmarch", "X-ray of March", "943", "mail.example"):
        assert personal not in receipt + letter.body + letter.subject
    assert (letter.address, reference in letter.body, letter.seal) == ("josefa@mail.example", True, None)


def test_nothing_is_mailed_to_whom_it_is_not_safe_to_write(stranger, session):
    somebody = stranger()
    somebody.answer(is_unsafe_to_contact="y")
    somebody.send("check")

    assert count(session, Message) == 0
    assert only(session, Complaint).people_as(Part.COMPLAINANT)[0].is_unsafe_to_contact


def test_the_reference_opens_nothing(stranger, session):
    somebody, other = stranger(), stranger()
    somebody.answer()
    somebody.send("check")
    reference = only(session, Complaint).reference

    assert other.open("receipt").status_code == 302
    for path in (f"/complaints/{reference}", f"/complaints/{reference}/papers", f"/complain/{reference}"):
        assert other.client.get(path).status_code in {302, 404}


def test_files_are_put_where_they_stay_while_no_lock_is_held(app, stranger, session, monkeypatch):
    somebody, held = stranger(), []
    somebody.answer()
    somebody.add()
    monkeypatch.setattr(app.extensions["files"], "_write", held_while(app.extensions["files"]._write, held))

    assert somebody.send("check").location == "/complain/receipt"
    assert held == [False]


def held_while(write, held):
    """`write`, which notes whether the request has a transaction open."""

    def noting(*arguments):
        held.append("session" in g and g.session.in_transaction())
        return write(*arguments)

    return noting


def test_a_file_that_is_added_while_the_form_is_sent_is_not_left_behind(app, stranger, session, monkeypatch):
    somebody = stranger()
    somebody.answer()
    somebody.add()
    keep = app.extensions["files"].keep

    def meanwhile(*arguments, **more):
        draft = only(session, SubmissionDraft)
        draft.files.append(SubmissionFile(filename="b.pdf", media_type="", sha256="b" * 64, size=1))
        session.commit()
        return keep(*arguments, **more)

    monkeypatch.setattr(app.extensions["files"], "keep", meanwhile)
    answer = somebody.send("check")

    assert (answer.status_code, count(session, Complaint)) == (200, 0)
    assert ("Files were added to your form" in answer.text, "b.pdf" in answer.text) == (True, True)


def test_what_was_sent_waits_on_the_server_no_more(stranger, session):
    somebody = stranger()
    somebody.answer()
    somebody.send("link", {"email": "josefa@mail.example"})
    somebody.send("check")
    draft = only(session, SubmissionDraft)

    assert (draft.answers, draft.email) == ({}, "")
    assert only(session, SubmissionLink).ended_at is not None


def test_after_sending_the_next_in_this_browser_begins_anew_and_sees_nothing_of_the_last(stranger, session):
    somebody = stranger()
    somebody.answer()
    somebody.add("the last one's.pdf")
    somebody.send("check")
    sent = only(session, SubmissionDraft)
    seen = {page: somebody.open(page).text for page in ("", "paper", "documents", "link", *ANSWERS)}
    somebody.send("link", {"email": "next@mail.example"})
    somebody.send(f"documents/{sent.files[0].key}/remove")

    shown = ("Merriweather", "the last one", sent.complaint.reference)
    assert {page for page, text in seen.items() if any(words in text for words in shown)} == set()
    assert count(session, Message) == 1  # of the reference, and no link
    assert somebody.open("check").location == somebody.send("check").location == "/complain/receipt"
    assert sent.complaint.reference in somebody.open("receipt").text
    assert somebody.answer("what", narrative="The next one's.").status_code == 302
    assert "The next one" in somebody.open("what").text
    assert somebody.open("receipt").location == "/complain/"
    assert (count(session, SubmissionDraft), count(session, Complaint), len(sent.files)) == (2, 1, 1)


@pytest.mark.parametrize("missing", ANSWERS)
def test_a_form_with_a_page_left_out_is_not_sent_where_that_page_is_needed(stranger, session, missing):
    somebody = stranger()
    somebody.answer(*[other for other in ANSWERS if other != missing])
    somebody.send("check")
    needed = {"right-place", "you", "contact", "who", "organisation", "what", "answer"}

    assert count(session, Complaint) == (missing not in needed)
    if missing in needed:
        assert "something is still to be answered" in somebody.open("check").text


@pytest.mark.parametrize(
    ("asked", "instead", "sentence"),
    [
        ("right-place", {"care": ""}, "Choose yes, no, or that you are not sure."),
        ("right-place", {"care": "perhaps"}, "Choose yes, no, or that you are not sure."),
        ("you", {"name": ""}, "Enter your name."),
        ("you", {"email": "josefa at mail"}, "Enter an e-mail address such as name@example.com."),
        ("you", {"email": "", "telephone": ""}, "Give us one way to reach you: e-mail, telephone or post."),
        ("contact", {"is_unsafe_to_contact": "y", "contact_note": ""}, "Tell us a safe way to reach you."),
        ("needs", {"needs": ["other"], "needs_words": ""}, "Tell us what would help."),
        ("who", {"affected_name": ""}, "Enter the name of the person it happened to."),
        ("who", {"basis": ""}, "Tell us what you are to them."),
        (
            "who",
            {"died_on-day": "1", "died_on-month": "1", "died_on-year": "1940"},
            "The day they died must be",
        ),
        ("who", {"born_on-day": "31", "born_on-month": "2"}, "Enter a date that exists, such as 27 3 2023."),
        (
            "organisation",
            {"organisations": "\n".join("ABCDEF")},
            "Name at most 5, each on a line of its own.",
        ),
        ("what", {"narrative": " "}, "Tell us what happened."),
        ("answer", {"answered": ""}, "Choose whether you have complained to it."),
    ],
)
def test_a_mistake_is_pointed_out_at_its_question_and_what_was_typed_stays(
    stranger, session, asked, instead, sentence
):
    somebody = stranger()
    answer = somebody.answer(asked, **instead)

    assert (answer.status_code, sentence in answer.text, "There is a problem" in answer.text) == (
        200,
        True,
        True,
    )
    given = ANSWERS[asked] | instead
    typed = [words.splitlines()[0] for name, words in given.items() if name in TYPED and words.strip()]
    assert [words for words in typed if words not in answer.text] == []
    assert count(session, SubmissionDraft) == 0


def test_advice_is_given_and_holds_nobody_back(stranger, session):
    somebody = stranger()
    somebody.answer(care="no", answered="no")

    page = somebody.open("check").text
    assert ("We can only look into care" in page, "must have the chance to answer first" in page) == (
        True,
        True,
    )
    somebody.send("check")
    assert count(session, Complaint) == 1


def test_the_pages_go_one_after_the_other_and_back(stranger):
    somebody = stranger()
    here, seen = "right-place", []
    while here in ANSWERS:
        seen.append(re.search(r"Step \d+ of \d+", somebody.open(here).text).group())
        here = somebody.answer(here).location.rpartition("/")[2]

    assert seen == [f"Step {number} of 12" for number in range(1, 11)]
    assert here == "documents"
    assert 'href="/complain/right-place">Back' in somebody.open("you").text.replace("\n", "")


def asked_of_the_public(app):
    with app.test_request_context():
        return {
            field.name: field.label.text
            for page in PAGES
            for field in page.form.of(())
            if field.name not in ABOUT_THE_FORM
        }


def test_the_public_is_asked_all_that_staff_answer(app):
    """Staff say besides how and when it reached us, which is known here, and whether we know the person already."""
    by_staff = {name for name in dir(LogForm) if hasattr(getattr(LogForm, name), "field_class")}
    known = {"channel", "received_on", "received_time", "made_on", "body_received_on"}
    known |= {"complainant_is", "affected_is", "contact_is", "same_as"}

    assert by_staff - ABOUT_THE_FORM - known <= set(asked_of_the_public(app))


def test_the_form_on_paper_asks_the_same(app, stranger):
    page, large = stranger().open("paper").text, stranger().open("paper?print=large").text

    assert [words for words in asked_of_the_public(app).values() if words not in page] == []
    assert ("paper--large" in page, "paper--large" in large) == (False, True)


def test_the_receipt_is_printed_as_they_said_that_they_need_it_and_says_nothing_else_of_what_we_mind(
    stranger, session
):
    plain, somebody = stranger(), stranger("198.51.100.8")
    for one, needs in ((plain, ["interpreter"]), (somebody, ["large_print", "interpreter"])):
        one.answer(needs=needs, is_unsafe_to_contact="y")
        one.send("check")
    small, large = plain.open("receipt").text, somebody.open("receipt").text

    assert ("paper--large" in small, "paper--large" in large) == (False, True)
    for page in (small, large):
        _before, _, paper = page.partition('<div class="paper')
        assert 'class="receipt"' in paper
        for words in ("Before you send", "Do not send", "paper--held", "interpreter", "Not printed"):
            assert words not in page


def test_large_print_is_asked_for_once_and_stays(stranger):
    somebody = stranger()
    assert "public--large" not in somebody.open("right-place").text
    assert "public--large" in somebody.open("right-place?print=large").text
    somebody.send("right-place?print=large", ANSWERS["right-place"])

    assert "public--large" in somebody.open("you").text
    somebody.send("you?print=normal", ANSWERS["you"])
    assert "public--large" not in somebody.open("contact").text


def test_a_caseworker_finds_it_with_its_papers_and_enters_them_once_there_is_a_case(
    app, stranger, session, reader, make
):
    client, _caseworker = reader(Role.CASEWORKER)
    somebody = stranger()
    somebody.answer()
    somebody.add()
    somebody.send("check")
    complaint, paper = only(session, Complaint), only(session, Paper)
    where = f"/complaints/{complaint.reference}"

    assert complaint.reference in client.get("/caseload/").text
    page = client.get(where).text
    assert "Through the form for the public" in page
    assert "The complaint was sent in by the form for the public, with 1 file." in page
    with client.get(f"{where}/papers/{paper.key}") as download:
        assert (download.data, download.headers["Content-Disposition"]) == (
            PDF,
            "attachment; filename=report.pdf",
        )
    assert "Enter as evidence" not in client.get(f"{where}/papers").text


def test_unsent_forms_and_their_files_are_removed_after_thirty_days(app, stranger, session, monkeypatch):
    somebody = stranger()
    somebody.answer("you")
    somebody.add()
    file = only(session, SubmissionFile)
    sha256, start = file.sha256, clock.wall()
    place = app.extensions["unsent"].root / sha256[:2] / sha256
    os.utime(place, (0, 0))  # it has been there long
    for days, forms in ((29, 1), (31, 0)):
        monkeypatch.setattr(clock, "_read", lambda days=days: start + timedelta(days=days))
        with app.app_context():
            doing.sweep()

        assert (count(session, SubmissionDraft), count(session, SubmissionFile)) == (forms, forms)
        assert place.exists() == bool(forms)


def test_a_sent_form_keeps_its_receipt_for_a_day_and_its_complaint_for_good(
    app, stranger, session, monkeypatch
):
    somebody = stranger()
    somebody.answer()
    somebody.add()
    somebody.send("check")
    start = clock.wall()
    monkeypatch.setattr(clock, "_read", lambda: start + timedelta(hours=25))
    with app.app_context():
        doing.sweep()

    assert (count(session, SubmissionDraft), count(session, Complaint), count(session, Paper)) == (0, 1, 1)
    assert somebody.open("receipt").status_code == 302


def test_a_file_that_is_chosen_is_not_dropped_by_carrying_on(stranger, session):
    josefa = stranger()
    josefa.answer("right-place")

    without = josefa.send("documents", {"later": "yes"})
    with_one = josefa.send("documents", {"files": (BytesIO(PDF), "letter.pdf"), "later": "yes"})
    wrong = josefa.send("documents", {"files": (BytesIO(b"MZ"), "letter.exe"), "later": "yes"})

    assert [answer.location for answer in (without, with_one)] == ["/complain/check"] * 2
    assert "is not a kind of file we can take" in wrong.text
    assert session.scalars(select(SubmissionFile.filename)).all() == ["letter.pdf"]


def test_no_name_of_a_file_pretends_to_another_ending(stranger, session):
    josefa = stranger()
    josefa.answer("right-place")

    josefa.add("\u202egnp.ecila\u2066.pdf")

    assert session.scalars(select(SubmissionFile.filename)).all() == ["gnp.ecila.pdf"]
