"""Every form with drafts: kept while it is written, gone on from after signing out, carried out once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, time
from html import unescape

import pytest
from sqlalchemy import func, select

from app.accounts.models import Role
from app.audit.models import Receipt
from app.casefile.models import Note
from app.cases.models import CaseStage
from app.checks import discretion
from app.core import clock
from app.drafts.models import Draft
from app.findings.models import Finding
from app.recommendations.models import RecommendationState
from app.web.drafted import FORMS
from tests.checks.conftest import PUT, UNDATED
from tests.conftest import PASSWORD

WORDS = "The scan of March was not read by anybody until June, and nobody told her of it."
BEGINS = "“The scan of March was not read by anybody until June, and…”"
HIDDEN = ("draft", "draft_version", "draft_of", "submission", "drawn_from", "which")
TODAY = {f"received_on-{part}": str(getattr(clock.today(), part)) for part in ("day", "month", "year")}


@dataclass
class Written:
    """One form: its page, whose it is, what is answered, and what the list of drafts calls it."""

    path: str
    answers: dict[str, str]
    called: str


def finding(reader, make, _session):
    client, account = reader(Role.INVESTIGATOR)
    of = make.case(CaseStage.DETAILED_INVESTIGATION, owner=account, whole=False).reference
    path = f"/cases/{of}/allegations/1/finding"
    return client, account, Written(path, {"happened": WORDS}, f"Finding on allegation 1 of {of}")


def note(reader, make, _session):
    client, account = reader(Role.CASEWORKER)
    of = make.complaint().reference
    return client, account, Written(f"/complaints/{of}/notes/new", {"words": WORDS}, f"Note on {of}")


def check(reader, make, _session):
    client, account = reader(Role.CASEWORKER)
    of = make.allegation().complaint.reference
    given = {"outcome": "withdrawn", "reasons": WORDS}
    called = f"Initial check of allegation 1 of {of}"
    return client, account, Written(f"/complaints/{of}/allegations/1/check", given, called)


def open_discretion(reader, make, _session):
    client, account = reader(Role.CASEWORKER)
    of, decider = out_of_time(make).complaint.reference, make.account(Role.MANAGER).key
    given = {"for_looking": WORDS, "against_looking": "Staff left.", "decider": decider}
    path, called = f"/complaints/{of}/allegations/1/discretion", f"Whether to look into allegation 1 of {of}"
    return client, account, Written(path, given, called)


def decide_discretion(reader, make, session):
    client, account = reader(Role.MANAGER)
    allegation, caseworker = out_of_time(make), make.account(Role.CASEWORKER)
    discretion.open_discretion(session, allegation, actor=caseworker, decider=account, **PUT)
    of = allegation.complaint.reference
    path = f"/complaints/{of}/allegations/1/discretion/decision"
    called = f"Decision whether to look into allegation 1 of {of}"
    return client, account, Written(path, {"way": "yes", "reasons": WORDS}, called)


def answer(page, called, state):
    def go(reader, make, _session):
        client, account = reader(Role.LIAISON)
        asked = make.recommendation(state=state, organisation=account.organisation)
        of = asked.case.reference
        path = f"/trust/cases/{of}/recommendations/1/{page}"
        return client, account, Written(path, {"words": WORDS}, called.format(of))

    return go


def log(reader, _make, _session):
    client, account = reader(Role.CASEWORKER)
    made = {name.replace("received", "made"): part for name, part in TODAY.items()}
    given = {"channel": "post", "about": "themselves", "name": "Josefa Merriweather", "narrative": WORDS}
    return client, account, Written("/complaints/new", given | TODAY | made, "Log a complaint")


def take(reader, _make, _session):
    client, account = reader(Role.CASEWORKER)
    given = {"way": "telephone", "name": "Josefa Merriweather", "said": WORDS}
    return client, account, Written("/enquiries/new", given | TODAY, "Write down a contact")


def out_of_time(make):
    received = clock.instant_of(date(2026, 3, 9), time(10))
    complaint = make.complaint(made_on=date(2026, 3, 9), received_at=received)
    return make.allegation(complaint, knowledge_on=date(2025, 3, 2), **UNDATED)


ISSUED, AGREED = RecommendationState.ISSUED, RecommendationState.AGREED
EVERY = {
    "findings.write": finding,
    "casefile.write_note": note,
    "checks.decide": check,
    "checks.open_discretion": open_discretion,
    "checks.decide_discretion": decide_discretion,
    "portal.agree": answer("agree", "Agreement to recommendation 1 of {}", ISSUED),
    "portal.dispute": answer("dispute", "Why recommendation 1 of {} is disputed", ISSUED),
    "portal.report_progress": answer("progress", "Progress on recommendation 1 of {}", AGREED),
    "complaints.log": log,
    "enquiries.take": take,
}


@pytest.fixture
def begun(reader, make, session):
    """`begun("findings.write")`: a browser of somebody who may fill in that form, who it is, and the form."""

    def go(endpoint):
        given = EVERY[endpoint](reader, make, session)
        session.commit()
        return given

    return go


def drawn(client, path, **typed):
    """What a browser would send of this page, filled in so."""
    page = client.get(path).text
    hidden = {name: re.search(f'name="{name}" value="([^"]*)"', page) for name in HIDDEN}
    return {name: unescape(found.group(1)) for name, found in hidden.items() if found} | typed


def save(client, sent):
    return client.post(f"/drafts/{sent['draft']}", data=sent, headers={"Accept": "application/json"}).json


def drafts(session):
    return session.scalar(select(func.count(Draft.id)))


def test_every_form_with_drafts_is_tried_here(app):
    assert EVERY.keys() == FORMS.keys()
    assert FORMS.keys() <= app.view_functions.keys()


@pytest.mark.parametrize("endpoint", EVERY)
def test_it_is_kept_gone_on_from_after_signing_out_and_goes_with_what_it_became(begun, session, endpoint):
    client, account, form = begun(endpoint)
    save(client, drawn(client, form.path, **form.answers))
    client.post("/sign-out")
    client.post("/sign-in", data={"email": account.email, "password": PASSWORD})

    listed, anew = unescape(client.get("/drafts/").text), client.get(form.path).text
    goes_on = unescape(re.search('href="([^"]*draft=[0-9a-f]{32})"', anew).group(1))
    page = client.get(goes_on).text
    sent = drawn(client, goes_on, **form.answers)
    named = "Josefa Merriweather, " if "name" in form.answers else ""
    assert f"{form.called}: {named}{BEGINS}" in listed
    assert (WORDS in page, WORDS in anew, sent["draft_version"]) == (True, False, "1")

    answer = client.post(goes_on, data=sent)

    assert (answer.status_code, drafts(session)) == (302, 0)


@pytest.mark.parametrize("endpoint", EVERY)
def test_sent_twice_it_is_carried_out_once_and_the_second_is_told(begun, session, endpoint):
    client, _account, form = begun(endpoint)
    path = form.path
    sent = drawn(client, path, **form.answers)
    sent |= {"draft_version": str(save(client, sent)["version"])}

    first, second = (client.post(path, data=sent) for path in (path, f"{path}?draft={sent['draft']}"))

    assert (first.status_code, second.status_code, first.location) == (302, 302, second.location)
    assert "It was kept the first time" in client.get(second.location).text
    assert session.scalar(select(func.count(Receipt.id))) == 1
    assert save(client, sent) == {"told": "This form has been sent already. No draft of it is kept."}


def test_a_draft_that_was_sent_from_another_window_is_not_sent_again_unasked(begun, session):
    client, _account, form = begun("casefile.write_note")
    key = save(client, drawn(client, form.path, **form.answers))["key"]
    first, second = (drawn(client, f"{form.path}?draft={key}", **form.answers) for _ in range(2))
    client.post(form.path, data=first)

    page = client.post(form.path, data=second)

    assert (page.status_code, WORDS in page.text, drafts(session)) == (200, True, 0)
    assert "This draft was sent already, from another window, and that is kept." in page.text
    assert session.scalar(select(func.count(Note.id))) == 1
    again = {name: re.search(f'name="{name}" value="([^"]*)"', page.text).group(1) for name in HIDDEN[:4]}
    assert client.post(form.path, data=again | form.answers).status_code == 302
    assert session.scalar(select(func.count(Note.id))) == 2


def test_a_draft_of_what_another_has_saved_since_overwrites_nothing(begun, session):
    client, _account, form = begun("findings.write")
    key = save(client, drawn(client, form.path, **form.answers))["key"]
    client.post(form.path, data=drawn(client, form.path, happened="It was read in April."))

    goes_on = f"{form.path}?draft={key}"
    page = client.post(goes_on, data=drawn(client, goes_on, **form.answers))

    assert (page.status_code, "Saved meanwhile by someone else:" in page.text, WORDS in page.text) == (
        200,
        True,
        True,
    )
    assert [found.happened for found in session.scalars(select(Finding))] == ["It was read in April."]
    assert drafts(session) == 1


def test_two_drafts_of_one_page_and_minute_are_told_apart(begun, today):
    today(2026, 3, 2)
    client, _account, form = begun("casefile.write_note")
    for words in ("Rang her.", "Wrote to the trust.", WORDS, f"{WORDS} She was told in July."):
        save(client, drawn(client, form.path, words=words))

    listed = unescape(client.get("/drafts/").text)

    told = re.findall(
        r"(“[^”]+”)</a><br>\s*<span class=\"aside\">Saved 2 March 2026, 12:00, (\d+) words", listed
    )
    assert told == [
        (BEGINS, "22"),
        (BEGINS, "17"),
        ("“Wrote to the trust.”", "4"),
        ("“Rang her.”", "2"),
    ]
