"""Changing a list, page by page."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.accounts.models import AccountSession, Role
from app.core import clock
from app.reference import actions, lists
from app.reference.catalogue import LISTS
from app.reference.models import ListDraft, ListVersion
from tests.reference.drafts import changed

R = Role
BANDS = LISTS["severity"]


def text_of(answer):
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", answer.text))


def in_boxes(name, day):
    return {f"{name}-day": str(day.day), f"{name}-month": str(day.month), f"{name}-year": str(day.year)}


def band(**given):
    values = {
        "name": "Minor",
        "from_pounds": "100",
        "to_pounds": "480",
        "unverified": "",
        "source": "Page 4.",
    }
    return values | given


def test_an_administrator_changes_a_level_from_the_list_to_the_version_in_force(session, reader):
    client, account = reader(R.ADMINISTRATOR)

    answer = client.post("/lists/severity/draft/begin", follow_redirects=True)
    assert "draft of version 1" in text_of(answer)
    answer = client.post("/lists/severity/draft/rows/2", data=band(drawn_from="1"), follow_redirects=True)
    assert "To, in pounds 450 → 480" in text_of(answer)
    reasons = {"reasons": "Published in November.", "drawn_from": "2"} | in_boxes(
        "in_force_from", clock.today()
    )
    answer = client.post("/lists/severity/draft/put-in-force", data=reasons, follow_redirects=True)

    assert "Version 1 is put in force." in text_of(answer)
    assert f"{account.name}" in answer.text and "Published in November." in answer.text
    assert "£100 to £480" in client.get("/lists/severity").text
    assert session.scalars(select(ListDraft)).all() == []


def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_is_kept(session, reader):
    client, _account = reader(R.OMBUDSMAN)
    client.post("/lists/severity/draft/begin")

    answer = client.post(
        "/lists/severity/draft/rows/2", data=band(drawn_from="1", from_pounds="470", to_pounds="460")
    )

    assert (answer.status_code, 'value="460"' in answer.text) == (200, True)
    assert "The range must not end below where it begins." in answer.text
    assert 'href="#to_pounds"' in answer.text


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("clauses", "reg 9 and its gist", "Write each clause in a line of its own"),
        ("cite_for", "Z9", "Z9 is no pathway step and no failure code."),
        ("precision", "week", "Choose one for “How exactly the first day is known”."),
        ("title", "", "Fill in “Title”."),
    ],
)
def test_a_standard_is_typed_in_words_and_refused_in_words(reader, field, typed, sentence):
    client, _account = reader(R.ADMINISTRATOR)
    client.post("/lists/standards/draft/begin")
    right = {
        "key": "NEW-1", "title": "A new standard", "publisher": "Somebody", "precision": "day",
        "cite_for": "J, K1", "clauses": "reg 9 | What it says", "unverified": "", "source": "", "drawn_from": "1",
    }  # fmt: skip

    assert sentence in client.post("/lists/standards/draft/new", data=right | {field: typed}).text
    answer = client.post("/lists/standards/draft/new", data=right, follow_redirects=True)
    assert "NEW-1 – A new standard Added" in text_of(answer)


def test_of_two_administrators_the_second_sees_what_the_first_saved(session, reader):
    client, account = reader(R.ADMINISTRATOR)
    draft = actions.begin_draft(session, BANDS, actor=account)
    session.commit()
    actions.change_row(session, draft, "2", actor=None, values={"to_pounds": 470})
    session.commit()

    answer = client.post("/lists/severity/draft/rows/2", data=band(drawn_from="1"))

    assert "Someone else has saved this since you opened it." in answer.text
    assert "Saved meanwhile by someone else: 470" in text_of(answer)
    assert 'value="480"' in answer.text
    answer = client.post("/lists/severity/draft/rows/2", data=band(drawn_from="2"), follow_redirects=True)
    assert "450 → 480" in text_of(answer)


def test_putting_in_force_is_asked_of_who_signed_in_just_now(session, reader):
    client, account = reader(R.ADMINISTRATOR)
    client.post("/lists/severity/draft/begin")
    client.post("/lists/severity/draft/rows/2", data=band(drawn_from="1"))
    for each in session.scalars(select(AccountSession).where(AccountSession.account_id == account.id)):
        each.proved_at = clock.wall() - timedelta(minutes=6)
    session.commit()
    reasons = {"reasons": "Published.", "drawn_from": "2"} | in_boxes("in_force_from", clock.today())

    answer = client.post("/lists/severity/draft/put-in-force", data=reasons)

    assert session.scalars(select(ListVersion)).all() == []
    assert "What you typed is kept in this page." in answer.text


def test_a_draft_is_thrown_away_after_seeing_what_goes(session, reader):
    client, _account = reader(R.ADMINISTRATOR)
    client.post("/lists/severity/draft/begin")
    client.post("/lists/severity/draft/rows/2", data=band(drawn_from="1"))

    assert "450 → 480" in text_of(client.get("/lists/severity/draft/throw-away"))
    client.post("/lists/severity/draft/throw-away", data={"drawn_from": "2"})

    assert session.scalars(select(ListDraft)).all() == []
    assert client.get("/lists/severity/draft").status_code == 404


def test_only_what_was_added_in_a_draft_can_be_taken_out_of_it(session, reader):
    client, account = reader(R.ADMINISTRATOR)
    draft = actions.begin_draft(session, LISTS["factors"], actor=account)
    actions.add_row(session, draft, actor=account, values={"key": "noise", "name": "Noise"})
    session.commit()

    answer = client.post("/lists/factors/draft/rows/workforce/take-out")
    assert "Only what was added in this draft can be taken out of it." in answer.text
    answer = client.post("/lists/factors/draft/rows/noise/take-out", follow_redirects=True)
    assert "Nothing yet." in text_of(answer)


def test_a_mark_goes_with_the_source_it_was_checked_against(session, reader):
    client, _account = reader(R.OMBUDSMAN)
    page = client.get("/lists/severity")
    assert page.text.count("Say what it was checked against") == 3

    answer = client.post(
        "/lists/severity/rows/2/checked", data={"source": "The guide, page 4."}, follow_redirects=True
    )

    assert "2 was checked against a source: The guide, page 4." in text_of(answer)
    page = client.get("/lists/severity")
    assert page.text.count("Say what it was checked against") == 2
    assert "Checked against: The guide, page 4." in page.text
    assert lists.severity_bands()[2].unverified == ""


def test_whoever_may_only_look_sees_versions_and_differences_and_no_buttons(session, reader):
    changed(session, "severity", "2", to_pounds=480)
    changed(session, "severity", "2", to_pounds=490)
    client, _account = reader(R.CASEWORKER)

    versions = client.get("/lists/severity/versions")
    assert text_of(versions).index("Version 2") < text_of(versions).index("Version 1")
    assert "Draw up a new version" not in versions.text
    assert "480 → 490" in text_of(client.get("/lists/severity/versions/2"))
    assert "450 → 490" in text_of(client.get("/lists/severity/versions/2/compared-with/0"))
    for none in ("3", "99999", "3000000000", "9" * 20, "-1", "01"):
        assert client.get(f"/lists/severity/versions/{none}").status_code == 404
        assert client.get(f"/lists/severity/versions/2/compared-with/{none}").status_code == 404
    assert client.get("/lists/nothing/versions").status_code == 404
    assert client.post("/lists/severity/draft/begin").status_code == 403


def test_versions_come_page_by_page(session, reader):
    for number in range(27):
        changed(session, "severity", "2", to_pounds=451 + number)
    client, _account = reader(R.CASEWORKER)

    first = client.get("/lists/severity/versions")
    assert (first.text.count("The office agreed on it."), "As shipped" in first.text) == (25, False)
    assert 'after=3"' in first.text
    rest = client.get("/lists/severity/versions?after=3")
    assert (rest.text.count("The office agreed on it."), "As shipped" in rest.text) == (2, True)


def test_a_version_is_taken_away_as_a_file(session, reader):
    changed(session, "severity", "2", to_pounds=480)
    client, _account = reader(R.CASEWORKER)

    told = json.loads(client.get("/lists/severity/versions/1/json").text)
    assert (told["list"], told["version"], told["rows"][1]["to_pounds"]) == ("severity", "office 1", 480)
    lines = client.get("/lists/severity/versions/1/csv").text.splitlines()
    assert lines[2].startswith("2,Minor,100,480,")
    assert client.get("/lists/standards/versions/0/csv").text.count("NG12") > 0


def test_what_no_longer_is_offered_is_not_offered_and_stays_where_it_was_chosen(session, make, reader):
    client, _account = reader(R.INVESTIGATOR)
    allegation = make.allegation()
    session.commit()
    path = f"/complaints/{allegation.complaint.reference}/allegations/{allegation.number}/codes/j"
    client.post(path, data={"codes": ["J1"], "drawn_from": str(allegation.version)})
    changed(session, "failures", "J1", ended=True)
    changed(session, "failures", "J2", ended=True)

    page = client.get(path)
    assert ('value="J1"' in page.text, 'value="J2"' in page.text) == (True, False)
    session.refresh(allegation)
    answer = client.post(path, data={"codes": ["J1", "J2"], "drawn_from": str(allegation.version)})
    assert "Select failures from the list." in answer.text
    answer = client.post(path, data={"codes": ["J1", "J3"], "drawn_from": str(allegation.version)})
    assert answer.status_code == 302
    session.refresh(allegation)
    assert {(coding.code, coding.list_version) for coding in allegation.provisional_codes} == {
        ("J1", "0.1"),
        ("J3", "office 2"),
    }
