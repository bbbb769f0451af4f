"""What the tests of the initial check share."""

from __future__ import annotations

from datetime import date, time

import pytest

from app.accounts.models import Role
from app.allegations.models import CheckOutcome, KnowledgeSource
from app.checks import knowledge
from app.checks.models import Answer
from app.core import clock

UNDATED = {"event_on": None, "event_precision": None}
MET, EXCEPTION, NOT_MET = Answer.MET, Answer.EXCEPTION, Answer.NOT_MET
PUT = {"for_looking": "Grief.", "against_looking": "Staff have left."}


@pytest.fixture
def caseworker(make):
    return make.account(Role.CASEWORKER)


@pytest.fixture
def manager(make):
    return make.account(Role.MANAGER)


@pytest.fixture
def late(make):
    """An allegation made a week after the last day."""
    complaint = make.complaint(
        made_on=date(2026, 3, 9), received_at=clock.instant_of(date(2026, 3, 9), time(10))
    )
    return make.allegation(complaint, knowledge_on=date(2025, 3, 2), **UNDATED)


@pytest.fixture
def accepted(make):
    """An allegation that was in time, tested and accepted; nothing has been made of it yet."""
    complaint = make.complaint(
        made_on=date(2026, 3, 9), received_at=clock.instant_of(date(2026, 3, 9), time(10))
    )
    return make.allegation(complaint, knowledge_on=date(2025, 4, 1), outcome=CheckOutcome.ACCEPT, **UNDATED)


def put_out_of_time(session, allegation, *, actor):
    knowledge.add(session, allegation, actor=actor, known_on=date(2025, 1, 2), source=KnowledgeSource.RECORD)
    session.flush()
    day = next(day for day in allegation.known_dates if day.known_on == date(2025, 1, 2))
    knowledge.choose(session, allegation, actor=actor, known=day, reasons="The portal shows they read it.")
