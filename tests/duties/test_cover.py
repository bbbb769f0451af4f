from __future__ import annotations

from datetime import timedelta

import pytest

from app import policy
from app.accounts.models import Role
from app.caseload import presets
from app.caseload import queries as caseload
from app.cases import actions as cases
from app.cases.models import CaseStage
from app.core import clock
from app.core.errors import NotPermitted, RuleBroken
from app.duties import actions
from app.findings import actions as findings
from app.policy import Permission


def away(session, account, cover, *, begins=0, days=3, by=None):
    first = clock.today() + timedelta(days=begins)
    return actions.arrange_absence(
        session,
        actor=by or account,
        account=account,
        cover=cover,
        from_on=first,
        to_on=first + timedelta(days=days),
    )


@pytest.fixture
def owner(make):
    return make.account(Role.INVESTIGATOR)


@pytest.fixture
def cover(make):
    return make.account(Role.INVESTIGATOR)


def test_whoever_covers_may_do_what_the_investigator_may_from_the_first_day_to_the_last(
    session, make, owner, cover, today
):
    today(2026, 3, 2)
    case = make.case(CaseStage.DETAILED_INVESTIGATION, owner=owner)
    away(session, owner, cover, begins=1, days=2)

    may = []
    for day in (2, 3, 5, 6):
        today(2026, 3, day)
        may.append(policy.may(cover, Permission.FINDING_WRITE, case))
    assert may == [False, True, True, False]


def test_cover_ends_at_once_when_the_absence_is_ended(session, make, owner, cover):
    case = make.case(owner=owner)
    absence = away(session, owner, cover)
    cases.investigate_in_detail(session, case, actor=cover)

    actions.end_absence(session, absence, actor=owner)

    assert not policy.may(cover, Permission.FINDING_WRITE, case)
    with pytest.raises(RuleBroken, match="ended already"):
        actions.end_absence(session, absence, actor=owner)


def test_who_wrote_as_cover_does_not_approve_even_as_a_manager(session, make):
    owner, manager = make.account(Role.MANAGER, Role.INVESTIGATOR), make.account(Role.MANAGER)
    case = make.case(CaseStage.DETAILED_INVESTIGATION, owner=owner)
    away(session, owner, manager)
    findings.write_finding(
        session, case, case.allegations[0], actor=manager, drawn_from=None, happened="It was late."
    )

    assert policy.refusal(manager, Permission.DECISION_APPROVE, case) == (
        "Whoever wrote the findings or sent the decision cannot also approve it."
    )


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"cover": "caseworker"}, "has no role in common"),
        ({"cover": "owner"}, "Nobody covers for themselves"),
        ({"days": -1}, "must not be before the first"),
        ({"days": 400}, "longer than somebody is covered for"),
        ({"begins": -9}, "has passed already"),
    ],
)
def test_an_absence_that_cannot_be_is_refused_with_a_sentence(session, make, owner, cover, change, sentence):
    people = {"caseworker": make.account(Role.CASEWORKER), "owner": owner}
    change = {**change, "cover": people.get(change.get("cover"), cover)}

    with pytest.raises(RuleBroken, match=sentence):
        away(session, owner, change.pop("cover"), **change)


def test_nobody_is_away_twice_or_covers_while_away_and_only_managers_arrange_for_others(
    session, make, owner, cover
):
    away(session, owner, cover)

    with pytest.raises(RuleBroken, match="is away on some of these days already"):
        away(session, owner, make.account(Role.INVESTIGATOR), begins=2)
    with pytest.raises(RuleBroken, match="is away on some of these days too"):
        away(session, make.account(Role.INVESTIGATOR), owner, begins=1)
    with pytest.raises(NotPermitted):
        away(session, make.account(Role.INVESTIGATOR), cover, by=owner)
    away(session, cover, make.account(Role.INVESTIGATOR), begins=9, by=make.account(Role.MANAGER))


def test_the_work_of_who_covers_holds_the_cases_covered_and_the_case_says_so(session, make, reader, owner):
    client, cover = reader(Role.INVESTIGATOR)
    case = make.case(owner=owner)
    asker = caseload.Asker(cover, clock.today())
    session.commit()
    assert case.reference not in client.get("/").text
    assert caseload.count(session, asker, presets.COVERING) == 0

    absence = away(session, owner, cover)
    session.commit()

    assert case.reference in client.get("/").text
    assert caseload.count(session, asker, presets.COVERING) == 1
    assert f"{cover.name}, until" in client.get(f"/cases/{case.reference}").text
    assert client.get(f"/cases/{case.reference}/detailed-investigation").status_code == 200
    assert client.get("/caseload/?owner=covered").text.count(case.reference) > 0

    actions.end_absence(session, absence, actor=owner)
    session.commit()
    assert client.get(f"/cases/{case.reference}/detailed-investigation").status_code == 403


def test_an_absence_is_arranged_and_ended_in_the_pages(session, make, reader, cover):
    client, account = reader(Role.INVESTIGATOR)
    session.commit()
    first, last = clock.today() + timedelta(days=1), clock.today() + timedelta(days=4)
    days = {
        f"{name}-{part}": getattr(day, part)
        for name, day in (("from_on", first), ("to_on", last))
        for part in ("day", "month", "year")
    }

    assert "Select who covers." in client.post("/away/new", data=days).text
    assert client.post("/away/new", data={**days, "cover": cover.key}).status_code == 302
    assert cover.name in client.get("/away/").text
    session.expire_all()
    [absence] = account.absences
    assert client.post(f"/away/{absence.key}/end").status_code == 302
    assert "Nobody is away" in client.get("/away/").text
