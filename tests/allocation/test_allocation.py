from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.accounts.models import Role
from app.allocation import actions, queries
from app.allocation.actions import Asked
from app.allocation.models import BulkAllocation
from app.allocation.planning import plan
from app.audit.models import AuditEntry
from app.casefile import actions as casefile
from app.cases import actions as cases
from app.cases.models import CaseStage
from app.core import clock
from app.core.errors import NotFound, NotPermitted, RuleBroken
from app.duties.models import Absence, Conflict, ConflictKind, NamedAccess


@pytest.fixture
def manager(make):
    return make.account(Role.MANAGER, team="Imaging")


@pytest.fixture
def team(make):
    return [make.account(Role.INVESTIGATOR, name=name, team="Imaging") for name in ("Ada", "Ben", "Cleo")]


def waiting(make, how_many=1, **given):
    found = [make.case(**given) for _ in range(how_many)]
    for case in found:
        case.owner = None
    make.session.flush()
    return found


def conflicted(session, account, case):
    values = {"account": account, "complaint": case.complaint, "kind": ConflictKind.OTHER, "words": "Words"}
    session.add(Conflict(**values, since=clock.today(), declared_by_id=account.id))
    session.flush()
    session.expire(account, ["conflicts"])


def away(session, account, cover):
    today = clock.today()
    absence = Absence(account=account, cover=cover, from_on=today, to_on=today, arranged_by_id=account.id)
    session.add(absence)
    session.flush()
    session.expire(account, ["absences"])


def restricted(session, case):
    case.complaint.is_restricted = True
    session.flush()


def given(session, manager, some, to):
    asked = [Asked(case.reference, case.version, to.key) for case in some]
    return actions.give(session, actor=manager, asked=asked)


def planned(session, manager, some, to=()):
    found = plan(session, manager, [case.reference for case in some], [one.key for one in to])
    return [(give.case, give.to) for give in found.given], [(one.reference, one.why) for one in found.refused]


def test_cases_are_spread_so_that_whoever_has_fewest_gets_the_next(session, make, manager, team):
    ada, ben, cleo = team
    make.case(owner=ada)
    make.case(owner=ada)
    make.case(owner=ben)
    some = waiting(make, 4)

    spread, refused = planned(session, manager, some)

    assert [to for _case, to in spread] == [cleo, ben, cleo, ada]
    assert refused == []


def test_one_chosen_investigator_gets_them_all_whatever_the_team(session, make, manager, team):
    elsewhere = make.account(Role.INVESTIGATOR, team="Dental")
    some = waiting(make, 2)

    assert planned(session, manager, some, [elsewhere]) == ([(case, elsewhere) for case in some], [])


def test_each_case_that_is_not_given_is_named_with_its_reasons(session, make, manager, team):
    ada, ben, _cleo = team
    conflict, secret, approval, absent, own = waiting(make, 5)
    approval.stage = CaseStage.APPROVAL
    conflicted(session, ada, conflict)
    restricted(session, secret)
    session.add(NamedAccess(complaint_id=secret.complaint_id, account=manager, named_by_id=manager.id))
    own.owner = ada
    session.flush()

    _given, refused = planned(session, manager, [conflict, secret, approval, own], [ada])
    away(session, ben, ada)
    _given, away_refused = planned(session, manager, [absent], [ben])

    today = f"{clock.today().day} {clock.today():%B %Y}"
    assert refused == [
        (conflict.reference, "Ada has a conflict of interest here."),
        (secret.reference, "Ada is not named among those who may know of this restricted case."),
        (approval.reference, "Its decision is being approved: it keeps its investigator until that is over."),
        (own.reference, "Ada has this case already."),
    ]
    assert away_refused == [(absent.reference, f"Ben is away until {today}.")]


def test_whoever_was_chosen_and_gets_nothing_is_named_with_the_reason(session, make, manager, team):
    ada, ben, _cleo = team
    some = waiting(make, 2)
    away(session, ben, ada)

    made = plan(session, manager, [case.reference for case in some], [ada.key, ben.key])

    today = f"{clock.today().day} {clock.today():%B %Y}"
    assert [give.to for give in made.given] == [ada, ada]
    assert made.left_out == [f"Ben is away until {today}."]


def test_a_restricted_case_the_manager_may_not_know_of_is_as_if_it_were_not_there(
    session, make, manager, team
):
    (secret,) = waiting(make)
    restricted(session, secret)

    found = plan(session, manager, [secret.reference, "SR-0000-0000"], [])

    assert found.given == []
    assert len({one.why for one in found.refused}) == 1


@pytest.mark.parametrize(
    ("how_many", "words"), [(0, "Tick at least one"), (41, "At most 40"), (1, "nobody in your team")]
)
def test_nothing_too_much_or_nobody_is_said(session, make, manager, how_many, words):
    with pytest.raises(RuleBroken, match=words):
        plan(session, manager, ["SR-0000-0000"] * how_many, [])


def test_each_case_given_has_its_own_entry_and_they_share_the_key(session, make, manager, team):
    some = waiting(make, 3)

    bulk = given(session, manager, some, team[0])

    entries = session.scalars(select(AuditEntry).where(AuditEntry.event == "case.allocated")).all()
    assert {case.owner for case in some} == {team[0]}
    assert {entry.complaint_id for entry in entries} == {case.complaint_id for case in some}
    assert {entry.detail["bulk"] for entry in entries} == {bulk.key}
    assert {one.entry_id for one in bulk.given} == {entry.id for entry in entries}


def test_what_changed_since_it_was_looked_at_is_left_out_and_said_and_the_rest_is_given(
    session, make, manager, team
):
    ada, ben, _cleo = team
    changed, conflict, closed, fine = waiting(make, 4)
    asked = [Asked(case.reference, case.version, ada.key) for case in (changed, conflict, closed, fine)]
    cases.allocate(session, changed, actor=manager, owner=ben)
    conflicted(session, ada, conflict)
    session.flush()
    restricted(session, closed)

    bulk = actions.give(session, actor=manager, asked=asked)

    assert [(one.case, one.left_out) for one in bulk.given] == [
        (changed, actions.CHANGED),
        (conflict, "Ada has a conflict of interest here."),
        (fine, ""),
    ]
    assert (bulk.missing, changed.owner, conflict.owner, fine.owner) == (1, ben, None, ada)


def test_if_none_can_be_given_any_more_nothing_is_kept(session, make, manager, team):
    (case,) = waiting(make)
    asked = [Asked(case.reference, case.version - 1, team[0].key), Asked("SR-0000-0000", 1, team[0].key)]

    with pytest.raises(RuleBroken, match="confirm it again"), session.begin_nested():
        actions.give(session, actor=manager, asked=asked)

    assert session.scalar(select(func.count()).select_from(BulkAllocation)) == 0


def test_somebody_who_is_no_investigator_gets_nothing(session, make, manager, team):
    some = waiting(make, 2)
    caseworker = make.account(Role.CASEWORKER)
    asked = [
        Asked(case.reference, case.version, to.key)
        for case, to in zip(some, (caseworker, team[0]), strict=True)
    ]

    bulk = actions.give(session, actor=manager, asked=asked)

    assert [one.left_out for one in bulk.given] == [actions.NO_LONGER, ""]
    assert [case.owner for case in some] == [None, team[0]]


def test_only_who_may_give_cases_gives_several_or_undoes_it(session, make, manager, team):
    some = waiting(make)
    bulk = given(session, manager, some, team[0])

    for act in (
        lambda: plan(session, team[0], [some[0].reference], []),
        lambda: given(session, team[0], some, team[1]),
        lambda: actions.undo(session, bulk, actor=team[0]),
    ):
        with pytest.raises(NotPermitted):
            act()


def test_undoing_gives_each_case_back_to_whoever_had_it_or_to_nobody(session, make, manager, team):
    ada, ben, _cleo = team
    (unallocated,) = waiting(make)
    moved = make.case(owner=ben)
    bulk = given(session, manager, [unallocated, moved], ada)

    assert actions.undo(session, bulk, actor=manager) == 2

    assert (unallocated.owner, moved.owner) == (None, ben)
    told = session.scalars(select(AuditEntry).where(AuditEntry.event == "case.given_back")).all()
    assert [(entry.detail["from_name"], entry.detail["to_name"]) for entry in told] == [
        ("Ada", None),
        ("Ada", "Ben"),
    ]
    with pytest.raises(RuleBroken, match="nothing to undo"):
        actions.undo(session, bulk, actor=manager)


def test_what_something_has_happened_in_since_is_not_undone_one_by_one(session, make, manager, team):
    ada, ben, cleo = team
    noted, given_on, gone, fine = (make.case(owner=ben) for _ in range(4))
    gone.owner = cleo
    session.flush()
    bulk = given(session, manager, [noted, given_on, gone, fine], ada)
    casefile.write_note(session, noted.complaint, actor=ada, words="Rang them.")
    cases.allocate(session, given_on, actor=manager, owner=cleo)
    cleo.is_active = False
    session.flush()

    kept = actions.why_not_undone(session, manager, queries.given_in(session, manager, bulk))
    actions.undo(session, bulk, actor=manager)

    assert kept == {
        noted.id: "Something has happened in it since.",
        given_on.id: "Something has happened in it since.",
        gone.id: "Cleo is not an investigator.",
    }
    assert [case.owner for case in (noted, given_on, gone, fine)] == [ada, cleo, ada, ben]


def test_it_is_undone_within_a_day(session, make, manager, team):
    bulk = given(session, manager, waiting(make), team[0])
    bulk.created_at = clock.now() - timedelta(hours=24, seconds=1)

    with pytest.raises(RuleBroken, match="more than 24 hours ago"):
        actions.undo(session, bulk, actor=manager)


def test_an_allocation_of_cases_closed_to_somebody_is_not_there_for_them(session, make, manager, team):
    some = waiting(make)
    bulk = given(session, manager, some, team[0])
    restricted(session, some[0])

    assert queries.latest(session, manager) == []
    with pytest.raises(NotFound):
        queries.by_key(session, manager, bulk.key)


def test_from_the_list_to_the_plan_to_the_result_and_back(session, make, reader):
    client, _manager = reader(Role.MANAGER)
    ada = make.account(Role.INVESTIGATOR, name="Ada")
    some = waiting(make, 2)
    session.commit()

    listed = client.get("/allocation/").text
    path = "/allocation/preview?to=" + ada.key + "".join(f"&case={case.reference}" for case in some)
    drawn = client.get(path).text
    sent = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', drawn))
    first, second = client.post(path, data=sent), client.post(path, data=sent)
    shown = client.get(first.location).text
    undone = client.post(first.location + "/undo", follow_redirects=True).text

    assert all(
        case.reference in listed and case.reference in drawn and case.reference in shown for case in some
    )
    assert "Give these 2 cases" in drawn
    assert first.location == second.location
    assert session.scalar(select(func.count()).select_from(BulkAllocation)) == 1
    assert "2 cases are with whoever had them before." in undone
    assert undone.count("Undone on") == 2


def test_without_a_ticked_case_the_cases_are_there_again_with_what_was_ticked(session, make, reader):
    client, _manager = reader(Role.MANAGER)
    leaving, ada = make.account(Role.INVESTIGATOR), make.account(Role.INVESTIGATOR, name="Ada")
    theirs, others = make.case(owner=leaving), make.case()
    session.commit()

    page = client.get(f"/allocation/preview?owner={leaving.key}&to={ada.key}").text

    assert page.count("Tick at least one case.") == 2
    assert 'href="#case-error"' in page
    assert 'id="case-error"' in page
    assert theirs.reference in page
    assert others.reference not in page
    assert re.findall(r'name="(\w+)" value="([^"]*)" checked', page) == [("to", ada.key)]
    assert f'name="owner" value="{leaving.key}"' in page


def test_with_nobody_to_give_to_the_cases_stay_ticked_and_it_is_said_where_they_are_chosen(
    session, make, reader
):
    client, _manager = reader(Role.MANAGER)
    [case] = waiting(make, 1)
    session.commit()

    page = client.get(f"/allocation/preview?case={case.reference}").text

    assert page.count("nobody in your team can be given cases.") == 2
    assert 'id="to-error"' in page
    assert re.findall(r'name="(\w+)" value="([^"]*)" checked', page) == [("case", case.reference)]


def test_what_was_sent_and_names_no_case_is_refused_in_words(reader):
    client, _manager = reader(Role.MANAGER)

    page = client.post("/allocation/preview", data={"pairs": "x~y z"}).text

    assert "None of these cases could be given" in page
    assert 'type="submit" class="govuk-button "' not in page


def test_the_cases_of_one_investigator_are_listed_for_when_they_leave(session, make, reader):
    client, _manager = reader(Role.MANAGER)
    leaving = make.account(Role.INVESTIGATOR)
    theirs, others = make.case(owner=leaving), make.case()
    session.commit()

    page = client.get(f"/allocation/?owner={leaving.key}").text

    assert theirs.reference in page
    assert others.reference not in page
