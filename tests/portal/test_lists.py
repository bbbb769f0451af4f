"""What a liaison officer finds on each page of their lists: all of it, once, and nothing of anybody else's."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.accounts.models import Role
from app.allegations.models import CheckOutcome
from app.cases.models import CaseStage
from app.core import clock
from app.portal import queries
from app.recommendations.models import RecommendationState


@pytest.fixture
def officer(make):
    return make.account(Role.LIAISON)


def asked(make, officer, state, how_many):
    case = make.case(CaseStage.COMPLIANCE)
    make.recommendation(case, state)
    days = [clock.today() + timedelta(days=n % 7) for n in range(how_many)]
    return [make.recommendation(case, state, organisation=officer.organisation, due_on=day) for day in days]


def test_what_waits_comes_page_by_page_the_earliest_due_first(session, make, officer, monkeypatch):
    monkeypatch.setattr(queries, "PAGE", 4)
    waiting = asked(make, officer, RecommendationState.ISSUED, 9)
    asked(make, officer, RecommendationState.SUBMITTED, 2)
    session.flush()

    seen, after = [], None
    while found := queries.to_do(session, officer, after)[:4]:
        seen += found
        after = found[-1].due_on, found[-1].id

    assert seen == sorted(waiting, key=lambda one: (one.due_on, one.id))


def test_what_is_done_comes_page_by_page_the_latest_first(session, make, officer):
    asked(make, officer, RecommendationState.ISSUED, 2)
    done = asked(make, officer, RecommendationState.SUBMITTED, 9)
    session.flush()

    seen, after = [], None
    while found := queries.done(session, officer, after, size=4)[:4]:
        seen += found
        after = found[-1].due_on, found[-1].id

    assert seen == sorted(done, key=lambda one: (one.due_on, one.id), reverse=True)


def test_what_is_alleged_comes_page_by_page_the_latest_first(session, make, officer):
    case = make.case(CaseStage.PROVISIONAL_VIEWS)
    make.allegation(case.complaint, outcome=CheckOutcome.ACCEPT)
    ours = [
        make.allegation(case.complaint, outcome=CheckOutcome.ACCEPT, organisation=officer.organisation)
        for _ in range(9)
    ]
    make.allegation(case.complaint, outcome=CheckOutcome.DECLINE, organisation=officer.organisation)
    session.flush()

    seen, after = [], 0
    while found := queries.alleged(session, officer, after, size=4)[:4]:
        seen += found
        after = found[-1].id

    assert seen == ours[::-1]
