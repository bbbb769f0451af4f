from __future__ import annotations

from datetime import timedelta

import pytest

from app.accounts.models import Role
from app.cases.models import CaseStage
from app.core import clock
from app.requests.models import EvidenceRequest, ItemState, RequestItem, RequestState


@pytest.fixture
def case(make):
    return make.case(CaseStage.DETAILED_INVESTIGATION, whole=False)


@pytest.fixture
def trust(case):
    return case.allegations[0].organisation


@pytest.fixture
def caseworker(make):
    return make.account(Role.CASEWORKER)


@pytest.fixture
def put(session):
    """`put(case, state, ItemState.RECEIVED, …)`: a request past its last day, with an item in each of these states."""

    def made(case, state=RequestState.SENT, *items, **given):
        went = state is not RequestState.DRAFTED
        request = EvidenceRequest(
            case=case,
            number=given.pop("number", 1),
            organisation=given.pop("organisation", case.allegations[0].organisation),
            working_days=5,
            asked_by=case.owner,
            state=state,
            asked_on=clock.today() - timedelta(days=20) if went else None,
            counted_from=clock.now() - timedelta(days=20) if went else None,
            due_on=clock.today() - timedelta(days=1) if went else None,
            **given,
        )
        for number, standing in enumerate(items or (ItemState.OUTSTANDING,), 1):
            is_open = standing is ItemState.OUTSTANDING
            request.items.append(
                RequestItem(
                    number=number,
                    words=f"Thing {number}",
                    state=standing,
                    explanation="Lost in a flood." if standing in {"not_held", "refused"} else "",
                    settled_at=None if is_open else clock.now(),
                    settled_by=None if is_open else case.owner,
                )
            )
        session.add(request)
        session.flush()
        return request

    return made
