"""What is typed is kept while it is typed, survives signing out, and is read by nobody but who typed it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.accounts.models import Role
from app.complaints.models import Complaint
from app.core import clock
from app.core.errors import RuleBroken
from app.core.references import new_key
from app.drafts import actions, queries
from app.drafts.models import Draft
from app.worker import doing

WORDS = "The scan of March was not read by anybody until June."
ADDRESS = "/complaints/new"


@pytest.fixture
def caseworker(make):
    return make.account(Role.CASEWORKER)


def keep(session, who, key=None, drawn_from=0, words=WORDS, **more):
    answers = [("narrative", words), *more.items()]
    return actions.save(
        session,
        actor=who,
        key=key or new_key(),
        form="complaints.log",
        address=ADDRESS,
        answers=answers,
        drawn_from=drawn_from,
    )


def told(saved):
    return dict(saved.draft.answers)["narrative"], saved.is_beside


def test_a_draft_is_kept_again_and_again_under_its_key(session, caseworker):
    first = keep(session, caseworker)
    second = keep(session, caseworker, first.draft.key, first.draft.version, words="More.")

    assert [told(saved) for saved in (first, second)] == [("More.", False)] * 2
    assert queries.kept_by(session, caseworker) == [second.draft]


def test_the_second_of_two_windows_overwrites_nothing_and_loses_nothing(session, caseworker):
    opened = keep(session, caseworker).draft
    version = opened.version
    keep(session, caseworker, opened.key, version, words="The first window.")
    second = keep(session, caseworker, opened.key, version, words="The second window.")

    assert told(second) == ("The second window.", True)
    assert {dict(d.answers)["narrative"] for d in queries.kept_by(session, caseworker)} == {
        "The first window.",
        "The second window.",
    }


def test_pressing_twice_keeps_one_draft(session, caseworker):
    key = new_key()
    twice = [keep(session, caseworker, key) for _ in range(2)]

    assert [told(saved) for saved in twice] == [(WORDS, False)] * 2
    assert queries.count(session, caseworker, thrown_away=False) == 1


def test_what_was_thrown_away_comes_back_within_a_week_and_is_gone_after_it(session, caseworker, today):
    today(2026, 3, 2)
    back, gone = (keep(session, caseworker, words=words).draft for words in ("Back.", "Gone."))
    for draft in (back, gone):
        actions.throw_away(draft)
    assert queries.kept_by(session, caseworker) == []

    actions.bring_back(session, back, actor=caseworker)
    today(2026, 3, 10)

    assert actions.expire(session, days=90) == 1
    assert queries.kept_by(session, caseworker) == [back]


def test_a_draft_in_which_nobody_writes_is_removed_after_so_many_days(session, caseworker, today):
    today(2026, 3, 2)
    old = keep(session, caseworker, words="Old.").draft
    today(2026, 4, 2)
    newer = keep(session, caseworker, words="Newer.").draft
    today(2026, 5, 31)
    assert actions.expire(session, days=90) == 0
    today(2026, 6, 1)

    assert (actions.expire(session, days=90), queries.kept_by(session, caseworker)) == (1, [newer])
    assert old not in session


def test_nobody_has_more_than_fifty_and_none_is_lost_to_make_room(session, caseworker):
    kept = [keep(session, caseworker, words=f"{number}.").draft for number in range(queries.MOST)]

    with pytest.raises(RuleBroken, match="You have 50 drafts"):
        keep(session, caseworker)
    with pytest.raises(RuleBroken, match="too long"):
        keep(session, caseworker, kept[0].key, kept[0].version, words="x" * actions.LARGEST)
    assert set(queries.kept_by(session, caseworker)) == set(kept)


def pairs(page: str) -> dict[str, str]:
    names = ("draft", "draft_version", "draft_of", "submission")
    return {name: re.search(f'name="{name}" value="([^"]*)"', page).group(1) for name in names}


def answers(page: str, **more) -> dict[str, str]:
    given = {"channel": "post", "about": "themselves", "name": "Josefa Merriweather", "narrative": WORDS}
    days = {
        f"{f}-{p}": str(getattr(clock.today(), p))
        for f in ("received_on", "made_on")
        for p in ("day", "month", "year")
    }
    return {**pairs(page), **given, **days, **more}


def autosave(client, sent):
    return client.post(f"/drafts/{sent['draft']}", data=sent, headers={"Accept": "application/json"})


def test_a_draft_survives_signing_out_and_goes_with_what_it_became(reader, session, make):
    client, account = reader(Role.CASEWORKER)
    sent = answers(client.get(ADDRESS).text)
    said = autosave(client, sent).json
    client.post("/sign-out")
    elsewhere = client.application.test_client()
    elsewhere.post("/sign-in", data={"email": account.email, "password": "a password for tests"})

    work = elsewhere.get("/").text
    assert "Log a complaint: Josefa Merriweather" in work
    page = elsewhere.get(f"{ADDRESS}?draft={sent['draft']}").text
    assert (WORDS in page, 'value="Josefa Merriweather"' in page) == (True, True)
    assert re.fullmatch(r"Draft saved at \d\d:\d\d\.", said["told"])
    made = elsewhere.post(f"{ADDRESS}?draft={sent['draft']}", data=answers(page))

    assert made.status_code == 302
    assert session.scalars(select(Draft)).all() == []
    assert [complaint.narrative for complaint in session.scalars(select(Complaint))] == [WORDS]


def test_what_another_window_saved_of_a_form_that_is_sent_can_be_brought_back(reader, session):
    client, _account = reader(Role.CASEWORKER)
    old = answers(client.get(ADDRESS).text)
    old |= {"draft_version": str(autosave(client, old).json["version"])}
    newer = answers(client.get(f"{ADDRESS}?draft={old['draft']}").text, narrative="What I know since.")
    autosave(client, newer)

    page = client.post(ADDRESS, data=old, follow_redirects=True).text

    draft = session.scalars(select(Draft)).one()
    assert (dict(draft.answers)["narrative"], draft.thrown_away_at is None) == ("What I know since.", False)
    assert ("for a week you can bring it back" in page, draft.key in client.get("/drafts/").text) == (
        True,
        True,
    )


def test_what_was_saved_while_it_was_sent_and_is_the_same_is_no_newer_draft(reader, session):
    client, _account = reader(Role.CASEWORKER)
    sent = answers(client.get(ADDRESS).text)
    autosave(client, sent)

    page = client.post(ADDRESS, data=sent, follow_redirects=True).text

    assert ("bring it back" in page, session.scalars(select(Draft)).all()) == (False, [])


def test_what_is_still_on_its_way_when_the_form_is_sent_becomes_no_draft(reader, session):
    client, _account = reader(Role.CASEWORKER)
    sent = answers(client.get(ADDRESS).text)
    assert client.post(ADDRESS, data=sent).status_code == 302

    late = autosave(client, sent).json

    assert late == {"told": "This form has been sent already. No draft of it is kept."}
    assert session.scalars(select(Draft)).all() == []


def test_a_refused_form_leaves_its_draft(reader, session):
    client, _account = reader(Role.CASEWORKER)
    sent = answers(client.get(ADDRESS).text, **{"made_on-year": "2999"})
    autosave(client, sent)

    assert client.post(ADDRESS, data=sent).status_code == 200
    assert session.scalar(select(func.count(Draft.id))) == 1


def test_without_scripts_the_button_keeps_the_draft_and_the_page_goes_on_from_it(reader):
    client, _account = reader(Role.CASEWORKER)
    page = client.get("/enquiries/new").text
    sent = {**pairs(page), "said": WORDS, "name": "<b>Ann</b>"}

    kept = client.post(f"/drafts/{sent['draft']}", data=sent)

    assert (kept.status_code, kept.location) == (302, f"/enquiries/new?draft={sent['draft']}")
    again = client.get(kept.location).text
    assert (WORDS in again, "Draft saved at" in again) == (True, True)
    assert "&lt;b&gt;Ann&lt;/b&gt;" in client.get("/").text


def test_the_draft_of_an_enquiry_s_complaint_goes_on_with_that_enquiry(reader, make):
    client, _account = reader(Role.CASEWORKER)
    sent = pairs(client.get("/complaints/new").text) | {"draft_of": "/complaints/new?enquiry=SR-0000-0000"}

    kept = client.post(f"/drafts/{sent['draft']}", data=sent)

    assert kept.location == f"/complaints/new?enquiry=SR-0000-0000&draft={sent['draft']}"


@pytest.mark.parametrize("role", [*Role])
def test_no_role_reads_or_touches_another_s_draft(reader, session, make, role):
    whose, other = make.account(Role.CASEWORKER), reader(role)[0]
    draft = keep(session, whose, name="Josefa Merriweather").draft
    session.commit()
    before = (draft.answers, draft.version, draft.thrown_away_at)

    opened = {
        "/drafts/": other.get("/drafts/"),
        "/": other.get("/"),
        "new": other.get(f"{ADDRESS}?draft={draft.key}"),
        "throw away": other.post(f"/drafts/{draft.key}/throw-away"),
        "bring back": other.post(f"/drafts/{draft.key}/bring-back"),
        "save": other.post(
            f"/drafts/{draft.key}", data={"draft_of": ADDRESS, "draft_version": draft.version}
        ),
    }
    session.expire_all()

    assert {
        name for name, answer in opened.items() if WORDS in answer.text or "Josefa" in answer.text
    } == set()
    assert {opened[name].status_code for name in ("throw away", "bring back")} == {404}
    assert opened["new"].status_code in {403, 404}
    assert (draft.answers, draft.version, draft.thrown_away_at) == before


@pytest.mark.parametrize(
    "address",
    ["//evil.example/", "https://evil.example/complaints/new", "/organisations/new", "/nowhere", ""],
)
def test_a_draft_leads_nowhere_but_to_a_form_that_has_drafts(reader, session, address):
    client, _account = reader(Role.CASEWORKER)

    answer = client.post(f"/drafts/{new_key()}", data={"draft_of": address, "draft_version": "0"})

    assert answer.status_code == 409
    assert session.scalars(select(Draft)).all() == []


def test_past_the_bounds_a_script_is_told_why(reader, session):
    client, account = reader(Role.CASEWORKER)
    for number in range(queries.MOST):
        keep(session, account, words=f"{number}.")
    session.commit()
    sent = answers(client.get(ADDRESS).text)

    answer = autosave(client, sent)

    assert (answer.status_code, answer.json["told"][:18]) == (409, "You have 50 drafts")
    assert WORDS in client.post(f"/drafts/{sent['draft']}", data=sent).text


def test_the_worker_removes_what_is_old(app, session, caseworker, today):
    today(2026, 3, 2)
    keep(session, caseworker)
    session.commit()
    today(2026, 7, 2)

    with app.app_context():
        doing.sweep()

    assert session.scalars(select(Draft)).all() == []


def test_the_list_says_when_each_goes(reader, session, today):
    today(2026, 3, 2)
    client, account = reader(Role.CASEWORKER)
    actions.throw_away(keep(session, account).draft)
    keep(session, account, name="Ann")
    session.commit()

    page = client.get("/drafts/").text

    assert ("Kept until 31 May 2026" in page, "Gone for good after 9 March 2026" in page) == (True, True)
    assert timedelta(days=7) == actions.UNDO
