"""The days on which they may first have known, and which of them counts."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from app.allegations import actions as allegations
from app.allegations.models import KnowledgeSource
from app.checks import knowledge
from app.core.errors import NotFound, RuleBroken
from tests.checks.conftest import UNDATED


def test_a_day_of_knowledge_joins_the_list_once_and_must_be_possible(session, make, caseworker):
    unknown = {"knowledge_on": None, "knowledge_source": None}
    allegation = make.allegation(make.complaint(made_on=date(2025, 6, 1)), **unknown, **UNDATED)
    day = {"known_on": date(2025, 1, 2), "source": KnowledgeSource.RECORD}

    knowledge.add(session, allegation, actor=caseworker, **day)
    for wrong in (day, day | {"known_on": date(2025, 6, 2)}):
        with pytest.raises(RuleBroken) as refusal:
            knowledge.add(session, allegation, actor=caseworker, **wrong)
        assert refusal.value.field == "known_on"
    assert [known.is_chosen for known in allegation.known_dates] == [False]


def test_the_day_first_entered_with_an_allegation_is_the_first_to_choose_from(session, make, caseworker):
    complaint = make.complaint()
    issue = allegations.record_issue(
        session, complaint, actor=caseworker, kind="clinical", words="It was missed."
    )
    allegation = allegations.make_allegation(
        session,
        issue,
        actor=caseworker,
        organisation=make.organisation(),
        knowledge_on=complaint.made_on,
        knowledge_source=KnowledgeSource.MEETING,
    )

    assert [(known.known_on, known.is_chosen) for known in allegation.known_dates] == [
        (complaint.made_on, True)
    ]


def test_among_several_days_one_is_chosen_and_not_typed_over(session, make, caseworker):
    allegation = make.allegation(make.complaint(made_on=date(2026, 3, 9)), **UNDATED)
    other = {"known_on": date(2025, 5, 1), "source": KnowledgeSource.RECORD}
    first = knowledge.add(session, allegation, actor=caseworker, **other)
    knowledge.choose(session, allegation, actor=caseworker, known=first, reasons="The record.")
    typed = {"knowledge_on": date(2025, 6, 1), "knowledge_source": KnowledgeSource.LETTER}

    allegations.change_allegation(session, allegation, actor=caseworker, **typed)
    assert (allegation.knowledge_on, allegation.knowledge_reason) == (date(2025, 6, 1), "")
    with pytest.raises(RuleBroken, match="Choose among them") as refusal:
        allegations.change_allegation(
            session, allegation, actor=caseworker, **typed | {"knowledge_on": date(2025, 7, 1)}
        )
    assert refusal.value.field == "knowledge_on"


def test_a_day_of_another_allegation_is_not_in_the_list(session, make, caseworker):
    allegation, other = make.allegation(**UNDATED), make.allegation(**UNDATED)
    strange = knowledge.add(
        session,
        other,
        actor=caseworker,
        known_on=other.complaint.made_on,
        source=KnowledgeSource.RECORD,
    )

    with pytest.raises(NotFound):
        knowledge.choose(session, allegation, actor=caseworker, known=strange, reasons="No.")


def test_twenty_days_are_enough_to_choose_from(session, make, caseworker):
    allegation = make.allegation(**UNDATED)
    made_on = allegation.complaint.made_on
    for back in range(knowledge.MOST):
        day = made_on - timedelta(days=back)
        knowledge.add(session, allegation, actor=caseworker, known_on=day, source=KnowledgeSource.RECORD)

    with pytest.raises(RuleBroken, match="There are 20 days already"):
        knowledge.add(session, allegation, actor=caseworker, known_on=made_on, source=KnowledgeSource.LETTER)
