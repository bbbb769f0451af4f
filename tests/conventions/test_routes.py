"""What every route owes, checked on all of them, the ones not yet written included."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import Role
from app.demonstration.office import PASSWORD
from app.evidence.models import Document
from app.policy import GRANTS, Permission
from app.recommendations.models import Recommendation
from tests.conventions.access import ACCESS, EVERYBODY, FRESHLY, ON_THE_WAY


def rules(app):
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]


def test_every_route_says_who_may_use_it_and_the_list_of_access_agrees(app):
    marks = {rule.endpoint: app.view_functions[rule.endpoint].access for rule in rules(app)}
    declared = {endpoint for endpoint, access in ACCESS.items() if isinstance(access, Permission)}

    assert set(marks) == set(ACCESS)
    assert {e: m for e, m in marks.items() if isinstance(m, Permission)} == {e: ACCESS[e] for e in declared}


def test_the_pages_on_the_way_in_and_those_for_the_freshly_signed_in_are_these(app):
    views = {rule.endpoint: app.view_functions[rule.endpoint] for rule in rules(app)}

    assert {e for e, view in views.items() if getattr(view, "is_on_the_way_in", False)} == {
        endpoint for endpoint, access in ACCESS.items() if access == ON_THE_WAY
    }
    assert {e for e, view in views.items() if getattr(view, "is_fresh", False)} == FRESHLY


def test_addresses_are_lower_case_and_hyphenated(app):
    for rule in rules(app):
        fixed = "".join(part.content for part in rule._parts if part.static)
        assert fixed == fixed.lower().replace("_", "-")


@pytest.fixture
def office(app, filled, monkeypatch):
    """The filled office, and names of records in it to build addresses with; undone after each test."""
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    undone = filled.begin_nested()
    with Session(filled, join_transaction_mode="create_savepoint") as session:
        yield _names(session)
    undone.rollback()


def _names(session):
    issued = select(Recommendation).where(Recommendation.issued_at.is_not(None))
    recommendation = session.scalars(issued).first()
    return {
        "reference": recommendation.case.reference,
        "key": session.scalars(select(Document).where(Document.case_id == recommendation.case_id))
        .first()
        .key,
        "code": recommendation.organisation.code,
        "letter": "J",
        "number": 1,
        "person": "0" * 32,
        "mark": "0" * 32,
        "page": 1,
        "party": 1,
        "sheet": "caseload",
        "issue": 1,
        "waiting": 1,
        "submission": 1,
        "other": "0" * 32,
        "adjustment": 1,
        "flag": 1,
        "merged": 1,
        "token": "none",
        "account": "0" * 32,
        "listing": "severity",
        "row": "2",
        "earlier": 0,
        "item": 1,
        "step": 1,
        "answer": 1,
    }


def test_a_stranger_gets_in_nowhere_that_is_not_for_everybody(app, office):
    got_in = set()
    for rule in rules(app):
        if ACCESS[rule.endpoint] == EVERYBODY:
            continue
        path = rule.build({name: office[name] for name in rule.arguments})[1]
        for method in rule.methods - {"OPTIONS"}:
            answer = app.test_client().open(path, method=method)
            to_sign_in = answer.status_code == 302 and answer.location.startswith("/sign-in")
            if not to_sign_in and answer.status_code != 401:
                got_in.add((rule.endpoint, method, answer.status_code))

    assert got_in == set()


WHO = {
    Role.CASEWORKER: "caseworker@office.example",
    Role.INVESTIGATOR: "investigator@office.example",
    Role.MANAGER: "manager@office.example",
    Role.OMBUDSMAN: "ombudsman@office.example",
    Role.ADMINISTRATOR: "administrator@office.example",
    Role.LIAISON: "liaison@eastmarch.example",
}


@pytest.mark.parametrize("role", [*Role])
def test_a_role_that_is_not_granted_a_page_is_refused_it_by_every_method(app, office, role):
    client = app.test_client()
    client.post("/sign-in", data={"email": WHO[role], "password": PASSWORD})

    wrong, tried = set(), 0
    for rule in rules(app):
        access = ACCESS[rule.endpoint]
        if not isinstance(access, Permission) or access in GRANTS[role]:
            continue
        path = rule.build({name: office[name] for name in rule.arguments})[1]
        for method in rule.methods - {"OPTIONS"}:
            with client.open(path, method=method) as answer:
                tried += 1
                if answer.status_code not in {403, 404}:
                    wrong.add((rule.endpoint, method, answer.status_code))

    ways = sum(len(rule.methods - {"OPTIONS"}) for rule in rules(app))
    print(f"\n{role}: {tried} of {ways} ways into {len(rules(app))} routes refused, {len(wrong)} let in")
    assert wrong == set()


@pytest.mark.parametrize("role", [*Role])
def test_a_role_that_is_granted_a_page_about_no_one_record_gets_it(app, office, role):
    client = app.test_client()
    client.post("/sign-in", data={"email": WHO[role], "password": PASSWORD})

    wrong = set()
    for rule in rules(app):
        access = ACCESS[rule.endpoint]
        if rule.arguments or "GET" not in rule.methods or not isinstance(access, Permission):
            continue
        with client.get(rule.build({})[1]) as answer:
            if answer.status_code != (200 if access in GRANTS[role] else 403):
                wrong.add((rule.endpoint, answer.status_code))

    assert wrong == set()
