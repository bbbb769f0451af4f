from __future__ import annotations

from datetime import date, timedelta

import pytest

from app.accounts.models import Role
from app.audit.models import AuditEntry
from app.cases.models import CaseStage
from app.core import clock
from app.core.errors import NotPermitted, RuleBroken
from app.duties import actions as duties
from app.teams import actions, queries


@pytest.fixture
def administrator(make):
    return make.account(Role.ADMINISTRATOR)


@pytest.fixture
def team(session, administrator):
    def team(name, *people, leader=None):
        made = actions.make(session, actor=administrator, name=name)
        for account in people:
            actions.join(session, made, actor=administrator, account=account)
        if leader:
            actions.change_team(session, made, actor=administrator, name=name, leader=leader)
        session.flush()
        return made

    return team


def told(session):
    """The last thing the record tells."""
    session.flush()
    return session.query(AuditEntry).order_by(AuditEntry.number.desc()).first()


def test_somebody_is_in_one_team_at_a_time_and_both_keep_it(session, make, administrator, team):
    person = make.account(Role.INVESTIGATOR)
    first, second = team("Imaging", person), team("Surgery")

    actions.join(session, second, actor=administrator, account=person)

    assert person.team == "Surgery"
    assert [(one.team.name, one.until_on) for one in queries.memberships_of(session, person)] == [
        ("Surgery", None),
        ("Imaging", clock.today()),
    ]
    assert (first.present, [one.account for one in second.present]) == ([], [person])
    entry = told(session)
    assert (entry.event, entry.detail["came_from"]) == ("team.joined", "Imaging")


def test_leaving_ends_the_membership_and_the_leading(session, make, administrator, team):
    person = make.account(Role.MANAGER)
    led = team("Imaging", person, leader=person)

    actions.leave(session, led, actor=administrator, account=person)

    assert (person.team, led.leader, led.present) == ("", None, [])
    assert told(session).event == "team.left"
    with pytest.raises(RuleBroken, match="not in this team"):
        actions.leave(session, led, actor=administrator, account=person)


def test_a_new_name_goes_to_everybody_in_it_and_the_old_stays_in_the_record(
    session, make, administrator, team
):
    person = make.account(Role.INVESTIGATOR)
    changed = team("Imaging", person)

    actions.change_team(session, changed, actor=administrator, name="Scans")

    assert person.team == "Scans"
    assert told(session).detail["changes"] == {"name": ["Imaging", "Scans"]}


def test_what_makes_no_sense_is_refused(session, make, administrator, team):
    inside, outside = make.account(Role.INVESTIGATOR, name="In"), make.account(Role.MANAGER, name="Out")
    imaging, other = team("Imaging", inside), team("Surgery")
    refused = {}

    def why(what, act, /, **given):
        with pytest.raises(RuleBroken) as refusal:
            act(session, actor=administrator, **given)
        refused[what] = str(refusal.value)

    today = clock.today()
    why("name twice", actions.make, name="Imaging")
    why("renamed to another", actions.change_team, team=other, name="Imaging")
    why("led from outside", actions.change_team, team=imaging, name="Imaging", leader=outside)
    why("twice", actions.join, team=imaging, account=inside)
    why("to come", actions.join, team=other, account=outside, from_on=today + timedelta(days=1))
    why("before the last", actions.join, team=other, account=inside, from_on=today - timedelta(days=9))
    why("liaison", actions.join, team=other, account=make.account(Role.LIAISON, name="Lena"))
    why(
        "suspended", actions.join, team=other, account=make.account(Role.MANAGER, name="Sue", is_active=False)
    )
    why("not empty", actions.end, team=imaging)
    actions.end(session, other, actor=administrator)
    why("no more", actions.join, team=other, account=outside)

    assert refused == {
        "name twice": "There is or was a team called Imaging already.",
        "renamed to another": "There is or was a team called Imaging already.",
        "led from outside": "Out is not in this team. Who leads it is one of those in it.",
        "twice": "In is in this team already.",
        "to come": "The first day must not be in the future.",
        "before the last": "In came to Imaging only later.",
        "liaison": "Lena is not on the staff.",
        "suspended": "Sue is not on the staff.",
        "not empty": "There are still people in this team.",
        "no more": "This team is no more.",
    }


def test_teams_are_for_those_who_manage_them(session, make):
    with pytest.raises(NotPermitted):
        actions.make(session, actor=make.account(Role.INVESTIGATOR), name="Ours")


def test_a_list_can_be_of_a_team_by_its_key_or_its_name_and_turned_round(session, make, reader, team):
    person, other = make.account(Role.INVESTIGATOR), make.account(Role.INVESTIGATOR)
    imaging = team("Imaging", person)
    mine, theirs = make.case(owner=person).reference, make.case(owner=other).reference
    client, _ = reader(Role.CASEWORKER)

    for asked in (f"team={imaging.key}", "team=imag"):
        page = client.get(f"/caseload/?{asked}").text
        assert [mine in page, theirs in page] == [True, False]
    turned = client.get(f"/caseload/?team={imaging.key}&except=team").text
    assert [mine in turned, theirs in turned] == [False, True]
    assert "No team has “nowhere” in its name." in client.get("/caseload/?team=nowhere").text


def test_whoever_leads_a_team_sees_its_work_and_who_has_how_much(session, make, reader, team):
    client, leader = reader(Role.MANAGER)
    person = make.account(Role.INVESTIGATOR, name="Idris Vantongeren")
    team("Imaging", leader, person, leader=leader)
    case = make.case(owner=person)
    make.case(CaseStage.CLOSED, owner=person)
    session.commit()

    page = client.get("/").text
    assert "Cases of Imaging, which you lead" in page and case.reference in page
    assert "Who has how many open cases in Imaging" in page
    other, _ = reader(Role.MANAGER)
    assert "Imaging" not in other.get("/").text


def test_allocating_groups_people_by_team_and_counts_only_what_one_may_know_of(session, make, reader, team):
    person, alone = (
        make.account(Role.INVESTIGATOR, name="Idris"),
        make.account(Role.INVESTIGATOR, name="Wren"),
    )
    team("Imaging", person)
    make.case(owner=person)
    hidden = make.case(owner=person)
    client, manager = reader(Role.MANAGER)
    ombudsman = make.account(Role.OMBUDSMAN)
    duties.restrict(session, hidden.complaint, actor=ombudsman, reasons="Family of staff.")
    case = make.case()
    session.commit()

    page = client.get(f"/cases/{case.reference}/owner").text
    assert "Imaging: Idris, 1 open case<" in page
    assert "No team: Wren, 0 open cases<" in page
    assert (manager.team, alone.team) == ("", "")


def test_an_accounts_page_shows_the_team_and_those_before(session, make, reader, administrator, team):
    person = make.account(Role.INVESTIGATOR)
    team("Imaging", person)
    actions.join(session, team("Surgery"), actor=administrator, account=person)
    client, _ = reader(Role.ADMINISTRATOR)

    page = client.get(f"/accounts/{person.key}").text
    assert "Surgery" in page and "Imaging, " in page


def test_teams_are_kept_through_pages(session, make, reader):
    client, _ = reader(Role.ADMINISTRATOR)
    person = make.account(Role.INVESTIGATOR, name="Idris")
    session.commit()
    today = clock.today()
    day = {"from_on-day": today.day, "from_on-month": today.month, "from_on-year": today.year}

    where = client.post("/teams/new", data={"name": "Imaging"}).location
    assert client.post(f"{where}/people/new", data={"account": person.key, **day}).status_code == 302
    assert (
        client.post(
            f"{where}/change", data={"name": "Imaging", "leader": person.key, "drawn_from": "2"}
        ).status_code
        == 302
    )
    assert "Led by Idris" in client.get(where).text
    assert "already" in client.post("/teams/new", data={"name": "Imaging"}).text
    assert client.post(f"{where}/people/{person.key}/leave").status_code == 302
    assert client.post(f"{where}/end").status_code == 302
    assert "This team is no more" in client.get(where).text


def test_the_day_somebody_came_may_lie_back(session, make, administrator, team):
    person = make.account(Role.INVESTIGATOR)
    joined = actions.join(
        session, team("Imaging"), actor=administrator, account=person, from_on=date(2024, 1, 1)
    )

    assert joined.from_on == date(2024, 1, 1)
