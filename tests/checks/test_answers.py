"""What may be answered to a test of the law, and on the page where it is answered."""

from __future__ import annotations

from datetime import date

import pytest

from app.accounts.models import Role
from app.allegations.models import CheckOutcome, KnowledgeSource
from app.checks import actions, answers, discretion, knowledge, queries
from app.checks.answers import Given
from app.core.errors import Overtaken, RuleBroken
from app.organisations import actions as organisations
from app.organisations.models import OrganisationKind
from tests.checks.conftest import EXCEPTION, MET, NOT_MET, UNDATED, put_out_of_time


def test_a_provider_that_is_gone_for_three_years_leaves_no_discretion(session, make, caseworker):
    provider = make.organisation(kind=OrganisationKind.INDEPENDENT_PROVIDER)
    gone = {"with_whom": "A board", "began_on": date(2015, 1, 1), "ended_on": date(2020, 1, 1)}
    organisations.record_arrangement(session, provider, actor=caseworker, source="Register", **gone)
    allegation = make.allegation(organisation=provider, **UNDATED)

    for answer in (MET, EXCEPTION):
        with pytest.raises(RuleBroken) as refusal:
            answers.answer_tests(
                session,
                allegation,
                actor=caseworker,
                answers={"provider_gone": Given(answer=answer, note="Because.")},
            )
        assert refusal.value.field == "provider_gone_answer"


def test_an_answer_that_the_dates_contradict_is_refused_at_its_field(session, make, caseworker, late):
    in_time = make.allegation(make.complaint(), **UNDATED)

    for allegation, answer in ((late, MET), (in_time, NOT_MET)):
        with pytest.raises(RuleBroken, match="change it first") as refusal:
            answers.answer_tests(
                session,
                allegation,
                actor=caseworker,
                answers={"time": Given(answer=answer, note="Because.")},
            )
        assert refusal.value.field == "time_answer"


@pytest.mark.parametrize(
    ("test", "given", "field"),
    [
        ("remit", Given(answer=MET), "remit_option"),
        ("remit", Given(answer=MET, option="wales"), "remit_answer"),
        ("remit", Given(answer=NOT_MET, option="nhs_body", note="No."), "remit_answer"),
        ("writing", Given(answer=EXCEPTION, note="A long call."), "writing_answer"),
        ("standing", Given(answer=NOT_MET), "standing_note"),
        ("other_remedy", Given(answer=MET), "other_remedy_note"),
        ("severity", Given(answer=MET, option="2"), "severity_answer"),
        ("severity", Given(answer=EXCEPTION, option="2"), "severity_note"),
    ],
)
def test_an_answer_needs_what_goes_with_it(session, make, caseworker, test, given, field):
    with pytest.raises(RuleBroken) as refusal:
        answers.answer_tests(session, make.allegation(), actor=caseworker, answers={test: given})
    assert refusal.value.field == field


def test_wider_learning_takes_a_level_two_complaint_forward(session, make, caseworker):
    allegation = make.tested(make.allegation())
    learning = Given(answer=EXCEPTION, option="2", note="The same alert is ignored in four complaints.")

    answers.answer_tests(session, allegation, actor=caseworker, answers={"severity": learning})
    check = actions.decide(
        session, allegation, actor=caseworker, outcome=CheckOutcome.ACCEPT, reasons="Learning."
    )

    assert check.facts["tests"]["severity"]["answer"] == "exception"
    assert [one.answer for one in allegation.test_answers if one.test == "severity"] == [MET, EXCEPTION]


def test_the_answers_are_given_on_one_page_and_what_is_wrong_is_said_at_its_field(reader, session, make):
    client, _account = reader(Role.CASEWORKER)
    allegation = make.allegation()
    session.commit()
    address = f"/complaints/{allegation.complaint.reference}/allegations/1/tests"
    drawn = {"drawn_from": allegation.version, "remit_answer": "met", "remit_option": "nhs_body"}

    refused = client.post(address, data=drawn | {"other_remedy_answer": "met"})
    assert "Say why: the reasons of a refusal rest on this." in refused.text
    assert 'id="other_remedy_note-error"' in refused.text
    saved = client.post(address, data=drawn | {"writing_answer": "met"})
    assert saved.status_code == 302
    session.expire_all()
    assert [(a.test, a.answer, a.option) for a in allegation.test_answers] == [
        ("remit", MET, "nhs_body"),
        ("writing", MET, ""),
    ]


def test_another_version_of_the_calendar_opens_no_decision_again(session, make, caseworker, manager, late):
    put = {"for_looking": "Grief.", "against_looking": "Staff have left.", "actor": caseworker}
    opened = discretion.open_discretion(session, late, decider=manager, **put)
    make.tested(late)

    opened.facts = opened.facts | {"calendar": "England, another", "list_version": "0.0"}
    for answer in late.test_answers:
        answer.facts = answer.facts | ({"calendar": "England, another"} if answer.facts else {})

    assert queries.discretion_of(late) is opened
    assert [one.test.id for one in answers.tested(late) if one.is_stale] == []


def test_the_time_limit_is_not_answered_before_it_is_known_when_they_knew(session, make, caseworker):
    allegation = make.allegation(knowledge_on=None, knowledge_source=None)

    for answer in (MET, NOT_MET):
        with pytest.raises(RuleBroken, match="on which day they first knew") as refusal:
            answers.answer_tests(
                session,
                allegation,
                actor=caseworker,
                answers={"time": Given(answer=answer, note="Because.")},
            )
        assert refusal.value.field == "time_answer"


def test_each_form_of_the_check_notices_that_somebody_was_faster(session, make, caseworker, manager):
    allegation = make.allegation(**UNDATED)
    old, made_on = allegation.version, allegation.complaint.made_on
    day = knowledge.add(
        session, allegation, actor=caseworker, known_on=made_on, source=KnowledgeSource.RECORD
    )
    session.flush()
    given = {"writing": Given(answer=MET)}
    with pytest.raises(Overtaken):
        answers.answer_tests(session, allegation, actor=caseworker, drawn_from=old, answers=given)
    with pytest.raises(Overtaken):
        knowledge.choose(
            session, allegation, actor=caseworker, drawn_from=old, known=day, reasons="The record."
        )
    assert allegation.version == old + 1, "a day more to choose from is a change of the allegation"
    before = allegation.version
    answers.answer_tests(session, allegation, actor=caseworker, answers=given)
    session.flush()
    assert allegation.version == before + 1


def test_a_note_without_an_answer_is_not_dropped(reader, session, make):
    client, _account = reader(Role.CASEWORKER)
    allegation = make.allegation()
    session.commit()
    address = f"/complaints/{allegation.complaint.reference}/allegations/1/tests"
    given = {"drawn_from": allegation.version, "standing_note": "Their daughter wrote."}

    refused = client.post(address, data=given)

    assert "Choose the answer this goes with." in refused.text
    assert "Their daughter wrote." in refused.text
    assert client.post(address, data=given | {"standing_answer": "met"}).status_code == 302


def test_of_an_answer_that_no_longer_stands_the_note_is_still_there_to_read(reader, session, make, accepted):
    client, account = reader(Role.CASEWORKER)
    put_out_of_time(session, accepted, actor=account)
    session.commit()
    page = client.get(f"/complaints/{accepted.complaint.reference}/allegations/1/tests").text

    field = page[page.index('name="time_note"') :]
    assert field[field.index(">") + 1 :].startswith("\r\nBecause.") or "Because.</textarea>" in field[:200]
    saved = client.post(
        f"/complaints/{accepted.complaint.reference}/allegations/1/tests",
        data={"drawn_from": accepted.version, "time_note": "Because."},
    )
    assert saved.status_code == 302, "a note left as it was drawn asks for nothing"
