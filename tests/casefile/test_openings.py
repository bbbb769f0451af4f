from __future__ import annotations

import pytest
from sqlalchemy import func, select

from app.accounts.models import Role
from app.casefile.models import OpeningReason
from app.core import clock
from app.duties import actions as duties


@pytest.fixture
def restricted(session, make, reader):
    """A restricted case, and a caseworker who is named in it and signed in."""
    client, account = reader(Role.CASEWORKER)
    case, manager = make.case(), make.account(Role.MANAGER)
    duties.restrict(session, case.complaint, actor=manager, reasons="A colleague’s family.", to=[account])
    session.commit()
    return client, account, case


def test_who_does_not_have_a_restricted_case_says_why_once_before_any_of_it_is_shown(session, restricted):
    client, _account, case = restricted
    why = f"/complaints/{case.reference}/why"
    for page in (f"/cases/{case.reference}", f"/complaints/{case.reference}/notes"):
        answer = client.get(page)
        assert (answer.status_code, answer.location) == (302, f"{why}?next={page}")
    assert client.post(f"/complaints/{case.reference}/notes/new", data={"words": "No."}).location == why
    assert case.complaint.narrative not in client.get(why).text

    assert "Select why you open it." in client.post(why, data={}).text
    assert "Say in a few words" in client.post(why, data={"kind": "other"}).text
    assert client.post(why, data={"kind": "call", "words": "The family rang."}).location == (
        f"/cases/{case.reference}"
    )
    client.post(why, data={"kind": "audit"})

    assert client.get(f"/cases/{case.reference}").status_code == 200
    assert session.scalar(select(func.count()).select_from(OpeningReason)) == 1


def test_a_new_sign_in_is_asked_again(app, session, restricted):
    client, account, case = restricted
    client.post(f"/complaints/{case.reference}/why", data={"kind": "audit"})
    again = app.test_client()
    again.post("/sign-in", data={"email": account.email, "password": "a password for tests"})

    here = f"/cases/{case.reference}"
    assert again.get(here).location == f"/complaints/{case.reference}/why?next={here}"


def test_the_answer_leads_on_to_the_page_that_was_asked_for(restricted):
    client, _account, case = restricted
    page = f"/complaints/{case.reference}/notes?after=40&among=open%3Dyes"

    asked = client.get(page).location

    assert client.post(asked, data={}).status_code == 200
    assert client.post(asked, data={"kind": "audit"}).location == page


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://elsewhere.example/",
        "//elsewhere.example/",
        "//caseload/",
        "/\\elsewhere.example",
        "javascript:alert(1)",
        "/nowhere",
        "/sign-out",
        "/caseload/\n",
    ],
)
def test_it_leads_nowhere_but_to_a_page_of_ours_that_can_be_looked_at(restricted, elsewhere):
    client, _account, case = restricted
    why = f"/complaints/{case.reference}/why"

    sent = client.post(why, query_string={"next": elsewhere}, data={"kind": "audit"})

    assert sent.location == f"/cases/{case.reference}"


def test_whoever_has_or_covers_the_case_is_not_asked(session, make, reader):
    client, owner = reader(Role.INVESTIGATOR)
    case, manager = make.case(owner=owner), make.account(Role.MANAGER)
    duties.restrict(session, case.complaint, actor=manager, reasons="A colleague’s family.")
    covering, cover = reader(Role.INVESTIGATOR)
    duties.name(session, case.complaint, actor=manager, account=cover)
    duties.arrange_absence(
        session, actor=owner, account=owner, cover=cover, from_on=clock.today(), to_on=clock.today()
    )
    session.commit()

    assert [who.get(f"/cases/{case.reference}").status_code for who in (client, covering)] == [200, 200]


@pytest.mark.parametrize(
    ("setting", "team", "asked"),
    [("restricted", "B", False), ("not-mine", "B", True), ("not-mine", "A", False)],
)
def test_other_cases_ask_only_where_the_setting_says_so_and_only_other_teams(
    app, session, make, reader, monkeypatch, setting, team, asked
):
    monkeypatch.setitem(app.config, "REASONS_TO_OPEN", setting)
    client, account = reader(Role.CASEWORKER)
    account.team = "A"
    case = make.case(owner=make.account(Role.INVESTIGATOR, team=team))
    session.commit()

    assert (client.get(f"/cases/{case.reference}").status_code == 302) is asked


def test_the_investigator_and_managers_see_who_opened_a_case_when_as_what_and_why(
    session, make, reader, restricted
):
    client, account, case = restricted
    client.post(f"/complaints/{case.reference}/why", data={"kind": "call", "words": "The family rang."})
    client.get(f"/cases/{case.reference}")
    client.get(f"/cases/{case.reference}/owner")
    stranger, other = reader(Role.CASEWORKER)
    stranger.get(f"/cases/{case.reference}")
    owner, investigator = reader(Role.INVESTIGATOR)
    case.owner = investigator
    session.commit()

    page = owner.get(f"/complaints/{case.reference}/openings").text
    assert "Somebody called or wrote about it: The family rang." in page
    for words in (account.name, other.name, "Was refused", "Opened", "caseworker", "cases: show"):
        assert words in page
    assert client.get(f"/complaints/{case.reference}/openings").status_code == 403


def test_openings_are_told_page_by_page(session, make, reader):
    client, _account = reader(Role.MANAGER)
    case = make.case()
    session.commit()
    for _ in range(30):
        client.get(f"/cases/{case.reference}")

    here = f"/complaints/{case.reference}/openings"
    first = client.get(here).text
    assert first.count("cases: show") == 25
    assert "after=" in first
