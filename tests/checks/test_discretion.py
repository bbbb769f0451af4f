"""Whether to look into what is late: one named person decides, on the dates of today."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from app.accounts.models import Role
from app.allegations.models import KnowledgeSource
from app.checks import answers, discretion, knowledge, queries
from app.checks.answers import Given
from app.checks.facts import facts_of
from app.complaints.models import ComplaintState
from app.core import clock
from app.core.errors import NotPermitted, Overtaken, RuleBroken
from app.duties import actions as duties
from app.duties.models import ConflictKind
from tests.checks.conftest import EXCEPTION, NOT_MET, PUT, put_out_of_time


def test_a_late_allegation_waits_for_the_person_who_was_named(session, make, caseworker, manager, late):
    put = {"for_looking": "Grief.", "against_looking": "Staff have left.", "actor": caseworker}
    exception = {"time": Given(answer=EXCEPTION, note="They were ill.")}

    with pytest.raises(RuleBroken, match="Name somebody to decide"):
        answers.answer_tests(session, late, actor=caseworker, answers=exception)
    with pytest.raises(RuleBroken) as refusal:
        discretion.open_discretion(session, late, decider=caseworker, **put)
    assert refusal.value.field == "decider"
    discretion.open_discretion(session, late, decider=manager, **put)

    decision = {"is_exercised": True, "reasons": "They were ill for a year."}
    for other in (caseworker, make.account(Role.MANAGER)):
        with pytest.raises(NotPermitted):
            discretion.decide(session, late, actor=other, **decision)
    discretion.decide(session, late, actor=manager, **decision)
    with pytest.raises(RuleBroken, match="already"):
        discretion.decide(session, late, actor=manager, **decision)

    refuse = {"time": Given(answer=NOT_MET, note="Late.")}
    with pytest.raises(RuleBroken, match="has decided to look into it"):
        answers.answer_tests(session, late, actor=caseworker, answers=refuse)
    [answer] = answers.answer_tests(session, late, actor=caseworker, answers=exception)
    assert (answer.answer, answer.facts["days_late"]) == (EXCEPTION, 7)


def test_what_waits_for_somebody_who_is_away_is_put_before_another(session, make, caseworker, manager, late):
    put = {"for_looking": "Grief.", "against_looking": "Staff have left.", "actor": caseworker}
    other = make.account(Role.OMBUDSMAN)
    discretion.open_discretion(session, late, decider=manager, **put)
    with pytest.raises(RuleBroken, match="waits for"):
        discretion.open_discretion(session, late, decider=manager, **put)

    discretion.open_discretion(session, late, decider=other, **put)

    session.flush()

    waiting = [len(queries.waiting_for(session, one)) for one in (manager, other)]
    assert waiting == [0, 1]
    with pytest.raises(NotPermitted):
        discretion.decide(session, late, actor=manager, is_exercised=True, reasons="Yes.")
    discretion.decide(session, late, actor=other, is_exercised=True, reasons="Yes.")
    with pytest.raises(RuleBroken, match="decided already"):
        discretion.open_discretion(session, late, decider=manager, **put)


def test_in_time_there_is_nothing_to_decide(session, make, caseworker, manager):
    with pytest.raises(RuleBroken, match="not late"):
        discretion.open_discretion(
            session,
            make.allegation(),
            actor=caseworker,
            decider=manager,
            for_looking="a",
            against_looking="b",
        )


def test_a_changed_date_opens_the_answers_and_the_discretion_that_rested_on_it(
    session, make, caseworker, manager, late
):
    put = {"for_looking": "Grief.", "against_looking": "Staff have left.", "actor": caseworker}
    discretion.open_discretion(session, late, decider=manager, **put)
    discretion.decide(session, late, actor=manager, is_exercised=False, reasons="No.")
    make.tested(late)
    answers.answer_tests(
        session, late, actor=caseworker, answers={"time": Given(answer=NOT_MET, note="Late.")}
    )

    earlier = {"known_on": date(2025, 1, 2), "source": KnowledgeSource.LETTER, "note": "First letter"}
    knowledge.add(session, late, actor=caseworker, **earlier, is_disputed=True)
    knowledge.choose(
        session, late, actor=caseworker, known=late.known_dates[0], reasons="The letter says so plainly."
    )
    session.flush()

    open_now = [one.test.id for one in answers.tested(late) if one.standing is None]
    assert (late.knowledge_on, late.knowledge_reason) == (date(2025, 1, 2), "The letter says so plainly.")
    assert (open_now, queries.discretion_of(late), len(late.discretions)) == (["time"], None, 1)
    assert facts_of(late)["time"].days_late == 66


def test_whoever_has_a_conflict_is_not_named_to_decide(session, make, caseworker, manager, late):
    duties.declare_conflict(
        session,
        actor=manager,
        account=manager,
        kind=next(iter(ConflictKind)),
        words="A friend.",
        since=clock.today(),
        complaint=late.complaint,
    )
    session.flush()
    session.expire_all()

    put = {"for_looking": "Grief.", "against_looking": "Staff have left.", "actor": caseworker}
    with pytest.raises(RuleBroken) as refusal:
        discretion.open_discretion(session, late, decider=manager, **put)
    assert refusal.value.field == "decider"


def test_a_decision_is_taken_on_the_discretion_its_page_showed(session, make, caseworker, manager, accepted):
    put_out_of_time(session, accepted, actor=caseworker)
    shown = discretion.open_discretion(session, accepted, actor=caseworker, decider=manager, **PUT)
    session.flush()
    later = {"known_on": date(2025, 1, 20), "source": KnowledgeSource.LETTER}
    day = knowledge.add(session, accepted, actor=caseworker, **later)
    session.flush()
    knowledge.choose(session, accepted, actor=caseworker, known=day, reasons="The letter.")
    now = discretion.open_discretion(session, accepted, actor=caseworker, decider=manager, **PUT)
    session.flush()
    decision = {"actor": manager, "is_exercised": True, "reasons": "Ill."}

    with pytest.raises(Overtaken):
        discretion.decide(session, accepted, which=shown.id, drawn_from=shown.version, **decision)
    assert not now.is_decided
    discretion.decide(session, accepted, which=now.id, drawn_from=now.version, **decision)
    assert (shown.is_decided, now.is_decided) == (False, True)


def test_what_waits_is_what_can_be_decided_on_the_dates_of_today(
    session, make, caseworker, manager, accepted
):
    def waiting():
        session.flush()
        return list(queries.waiting_for(session, manager))

    put_out_of_time(session, accepted, actor=caseworker)
    first = discretion.open_discretion(session, accepted, actor=caseworker, decider=manager, **PUT)
    assert waiting() == [first]
    days = {day.known_on: day for day in accepted.known_dates}
    later = knowledge.add(
        session, accepted, actor=caseworker, known_on=date(2025, 1, 20), source=KnowledgeSource.LETTER
    )
    knowledge.choose(session, accepted, actor=caseworker, known=later, reasons="The letter.")
    assert waiting() == []
    knowledge.choose(session, accepted, actor=caseworker, known=days[date(2025, 1, 2)], reasons="No.")
    assert waiting() == [first]
    accepted.complaint.state, accepted.complaint.closed_at = ComplaintState.CLOSED, clock.now()
    assert waiting() == []


def test_nobody_is_named_who_may_not_know_of_a_restricted_complaint(session, make, caseworker, accepted):
    outside, inside = make.account(Role.MANAGER), make.account(Role.OMBUDSMAN)
    put_out_of_time(session, accepted, actor=caseworker)
    assert {outside, inside} <= set(queries.deciders(session, accepted.complaint))
    accepted.complaint.is_restricted = True
    session.flush()

    assert (outside in queries.deciders(session, accepted.complaint)) is False
    assert inside in queries.deciders(session, accepted.complaint)
    with pytest.raises(RuleBroken) as refusal:
        discretion.open_discretion(session, accepted, actor=caseworker, decider=outside, **PUT)
    assert refusal.value.field == "decider"


def test_what_waits_in_a_restricted_complaint_is_shown_to_nobody_who_may_not_know_of_it(
    session, make, caseworker, manager, accepted
):
    put_out_of_time(session, accepted, actor=caseworker)
    discretion.open_discretion(session, accepted, actor=caseworker, decider=manager, **PUT)
    accepted.complaint.is_restricted = True
    session.flush()

    assert list(queries.waiting_for(session, manager)) == []


def test_whoever_is_suspended_is_not_offered_and_whoever_is_away_is_shown_so(reader, session, make, accepted):
    client, account = reader(Role.CASEWORKER)
    gone, away, cover = (make.account(Role.MANAGER) for _ in range(3))
    gone.is_active = False
    put_out_of_time(session, accepted, actor=account)
    ends = clock.today() + timedelta(days=5)
    duties.arrange_absence(session, actor=away, account=away, cover=cover, from_on=clock.today(), to_on=ends)
    session.commit()

    page = client.get(f"/complaints/{accepted.complaint.reference}/allegations/1/discretion").text

    assert f"{away.name} (away until {ends.day} {ends:%B})" in page
    assert cover.name in page
    assert gone.name not in page
