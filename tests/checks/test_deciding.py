"""The decision on one allegation, its reasons, and who is told of them."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest

from app.accounts.models import Role
from app.allegations.models import CheckOutcome
from app.cases.models import CaseStage
from app.checks import actions, answers, discretion, queries
from app.checks.answers import Given
from app.complaints.models import ComplaintState
from app.core import clock
from app.core.errors import Overtaken, RuleBroken
from tests.checks.conftest import EXCEPTION, NOT_MET, PUT, UNDATED


def test_an_allegation_is_accepted_when_every_test_is_answered_and_none_refuses(session, make, caseworker):
    accept = {"actor": caseworker, "outcome": CheckOutcome.ACCEPT, "reasons": "All tests are met."}
    open_one, refused, whole = make.allegation(), make.allegation(), make.allegation()
    make.tested(refused, "exhausted")
    make.tested(whole)

    with pytest.raises(RuleBroken, match="Answer these tests first: remit, in writing, standing"):
        actions.decide(session, open_one, **accept)
    with pytest.raises(RuleBroken, match="not met is local complaint finished"):
        actions.decide(session, refused, **accept)
    assert actions.decide(session, whole, **accept).outcome is CheckOutcome.ACCEPT


def test_nothing_is_refused_without_a_test_that_is_not_met(session, make, caseworker):
    for outcome in (CheckOutcome.DECLINE, CheckOutcome.SIGNPOST):
        with pytest.raises(RuleBroken) as refusal:
            actions.decide(
                session,
                make.tested(make.allegation()),
                actor=caseworker,
                outcome=outcome,
                reasons="Because.",
                signposted_to="Them",
            )
        assert refusal.value.field == "outcome"


def test_a_statement_of_reasons_is_drafted_from_the_tests_that_are_not_met(make):
    allegation = make.tested(make.allegation(), "remit", "exhausted")

    assert actions.draft_of_signpost(allegation) == "The Public Services Ombudsman for Wales."
    assert actions.draft_of_reasons(allegation) == (
        "We cannot look into this part, because it is not within what the law lets us look into."
        "\n\nBecause.\n\n"
        "The organisation has not yet had the chance to answer this part of your complaint, and it should."
        "\n\nBecause."
    )


def test_a_premature_allegation_is_signposted_with_a_day_in_the_diary(session, make, caseworker):
    allegation = make.tested(make.allegation(), "exhausted")
    signpost = {"actor": caseworker, "outcome": CheckOutcome.SIGNPOST, "reasons": "Too early."}

    for more, field in (
        ({}, "signposted_to"),
        ({"signposted_to": "Them"}, "back_on"),
        ({"signposted_to": "Them", "back_on": clock.today()}, "back_on"),
    ):
        with pytest.raises(RuleBroken) as refusal:
            actions.decide(session, allegation, **signpost, **more)
        assert refusal.value.field == field

    back_on = clock.today() + timedelta(days=90)
    check = actions.decide(session, allegation, **signpost, signposted_to="Them", back_on=back_on)
    assert (check.signposted_to, check.back_on) == ("Them", back_on)


def test_an_allegation_joins_another_complaint_and_never_its_own(session, make, caseworker):
    allegation, other = make.allegation(), make.complaint()
    join = {"actor": caseworker, "outcome": CheckOutcome.JOIN, "reasons": "It is about the same scan."}

    for wrong in (None, allegation.complaint):
        with pytest.raises(RuleBroken) as refusal:
            actions.decide(session, allegation, **join, joined_to=wrong)
        assert refusal.value.field == "joined_to"
    check = actions.decide(session, allegation, **join, joined_to=other)
    assert (check.joined_to, allegation.is_accepted) == (other, False)


def test_a_restricted_complaint_that_an_allegation_was_joined_to_is_not_named_to_others(
    reader, session, make, caseworker
):
    client, _account = reader(Role.CASEWORKER)
    allegation, other = make.allegation(), make.complaint()
    actions.decide(
        session,
        allegation,
        actor=caseworker,
        outcome=CheckOutcome.JOIN,
        reasons="It is about the same scan.",
        joined_to=other,
    )
    session.commit()
    page = f"/complaints/{allegation.complaint.reference}/allegations/1"

    assert other.reference in client.get(page).text
    other.is_restricted = True
    session.commit()
    shown = client.get(page).text
    assert "Joined to another complaint" in shown
    assert other.reference not in shown


def test_two_people_do_not_decide_one_check_unknown_to_each_other(session, make, caseworker):
    allegation = make.tested(make.allegation())
    drawn = {"actor": caseworker, "drawn_from": allegation.version, "reasons": "All is met."}

    actions.decide(session, allegation, outcome=CheckOutcome.ACCEPT, **drawn)
    session.flush()

    with pytest.raises(Overtaken):
        actions.decide(session, allegation, outcome=CheckOutcome.WITHDRAWN, **drawn)
    assert allegation.check.outcome is CheckOutcome.ACCEPT


def test_the_second_to_decide_sees_what_was_decided_and_keeps_what_they_wrote(
    reader, session, make, caseworker
):
    client, _account = reader(Role.CASEWORKER)
    allegation = make.tested(make.allegation())
    session.commit()
    address = f"/complaints/{allegation.complaint.reference}/allegations/1/check"
    mine = {"drawn_from": allegation.version, "outcome": "withdrawn", "reasons": "They wrote to say so."}
    actions.decide(
        session, allegation, actor=caseworker, outcome=CheckOutcome.ACCEPT, reasons="All tests are met."
    )
    session.commit()

    refused = client.post(address, data=mine)

    assert "Someone else has saved this since you opened it." in refused.text
    assert "They wrote to say so." in refused.text
    assert f"Decided already: Accept for investigation ({caseworker.name}" in refused.text
    session.expire_all()
    assert len(allegation.checks) == 1


def test_a_complaint_that_was_withdrawn_needs_no_test_and_has_its_reasons(session, make, caseworker):
    allegation = make.allegation()

    check = actions.decide(
        session, allegation, actor=caseworker, outcome=CheckOutcome.WITHDRAWN, reasons="Letter of 3 March."
    )

    assert (allegation.is_accepted, answers.still_holds(allegation)) == (False, True)
    assert queries.refused_in(session, allegation.complaint) == [allegation]
    with pytest.raises(RuleBroken, match="Send the complainant the reasons"):
        actions.close_complaint(session, allegation.complaint, actor=caseworker)
    assert check.facts["tests"] == {}


def test_nothing_is_joined_to_what_is_closed_or_was_joined_here(session, make, caseworker):
    allegation = make.allegation()
    join = {"actor": caseworker, "outcome": CheckOutcome.JOIN, "reasons": "The same scan."}
    closed = make.complaint(state=ComplaintState.CLOSED, closed_at=clock.now())
    ended, back = make.case(CaseStage.CLOSED).complaint, make.allegation()
    actions.decide(session, back, joined_to=allegation.complaint, **join)

    for other in (closed, ended, back.complaint):
        with pytest.raises(RuleBroken) as refusal:
            actions.decide(session, allegation, joined_to=other, **join)
        assert refusal.value.field == "joined_to"
    actions.decide(session, allegation, joined_to=make.case().complaint, **join)


def test_no_ring_of_complaints_is_joined_in_which_nobody_would_look_into_any(session, make, caseworker):
    join = {"actor": caseworker, "outcome": CheckOutcome.JOIN, "reasons": "The same scan."}
    allegations = [make.allegation() for _ in range(4)]
    first, second, third, _fourth = (one.complaint for one in allegations)
    actions.decide(session, allegations[0], joined_to=second, **join)
    actions.decide(session, allegations[1], joined_to=third, **join)

    for other in (first, second):
        with pytest.raises(RuleBroken, match="leads back here") as refusal:
            actions.decide(session, allegations[2], joined_to=other, **join)
        assert refusal.value.field == "joined_to"

    actions.decide(session, allegations[3], joined_to=first, **join)
    actions.decide(session, allegations[2], joined_to=make.complaint(), **join)


def test_reasons_are_not_sent_before_they_were_decided_nor_in_the_future(session, make, caseworker):
    allegation = make.allegation(outcome=CheckOutcome.DECLINE)
    allegation.check.sent_on = None
    today = clock.today()

    for sent_on in (today - timedelta(days=1), today + timedelta(days=1)):
        with pytest.raises(RuleBroken) as refusal:
            actions.record_reasons_sent(session, allegation.complaint, actor=caseworker, sent_on=sent_on)
        assert refusal.value.field == "sent_on"
    actions.record_reasons_sent(session, allegation.complaint, actor=caseworker, sent_on=today)
    with pytest.raises(RuleBroken, match="no reasons waiting"):
        actions.record_reasons_sent(session, allegation.complaint, actor=caseworker, sent_on=today)


def test_it_is_said_which_reasons_were_sent_on_a_day(reader, session, make):
    client, _account = reader(Role.CASEWORKER)
    complaint = make.complaint()
    declined = [make.allegation(complaint, outcome=CheckOutcome.DECLINE) for _ in range(3)]
    for one in declined:
        one.check.sent_on = None
    session.commit()
    page, today = f"/complaints/{complaint.reference}/reasons/sent", clock.today()
    day = {"sent_on-day": today.day, "sent_on-month": today.month, "sent_on-year": today.year}

    def sent():
        session.expire_all()
        return [one.check.sent_on for one in declined]

    assert client.get(page).text.count(" checked") == 3
    refused = client.post(page, data=day).text
    assert "Select the allegations whose reasons were sent." in refused
    for wrong in (4, "x"):
        refused = client.post(page, data={**day, "allegations": [1, wrong]}).text
        assert "Select allegations whose reasons are waiting to be sent." in refused
    assert sent() == [None, None, None]
    assert client.post(page, data={**day, "allegations": [1, 3]}).status_code == 302
    assert sent() == [today, None, today]
    assert "Allegation 3" not in client.get(page).text
    assert client.post(page, data={**day, "allegations": [2]}).status_code == 302
    assert sent() == [today, today, today]
    assert "There are no reasons waiting to be sent." in client.post(page, data=day).text


def test_the_statement_tells_of_lateness_only_where_that_was_the_reason(
    reader, session, make, caseworker, manager
):
    client, _account = reader(Role.CASEWORKER)
    complaint = make.complaint(
        made_on=date(2026, 3, 9), received_at=clock.instant_of(date(2026, 3, 9), time(10))
    )
    late, looked_into = (
        make.allegation(complaint, knowledge_on=date(2025, 3, 2), **UNDATED) for _ in range(2)
    )
    for allegation, way, answer, refusing in (
        (late, False, NOT_MET, []),
        (looked_into, True, EXCEPTION, ["standing"]),
    ):
        discretion.open_discretion(session, allegation, actor=caseworker, decider=manager, **PUT)
        session.flush()
        discretion.decide(session, allegation, actor=manager, is_exercised=way, reasons="Because.")
        make.tested(allegation, *refusing)
        time_given = {"time": Given(answer=answer, note="Because of that.")}
        answers.answer_tests(session, allegation, actor=caseworker, answers=time_given)
        actions.decide(
            session, allegation, actor=caseworker, outcome=CheckOutcome.DECLINE, reasons="These reasons."
        )
    session.commit()

    page = client.get(f"/complaints/{complaint.reference}/reasons").text

    assert page.count("The law gives a year from that day") == 1
    assert page.count("These reasons.") == 2
