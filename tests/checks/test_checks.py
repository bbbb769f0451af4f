from __future__ import annotations

from datetime import date, time, timedelta

import pytest

from app.accounts.models import Role
from app.allegations import actions as allegations
from app.allegations.models import CheckOutcome, KnowledgeSource, Precision
from app.checks import actions, answers, discretion, facts, knowledge, queries
from app.checks.answers import Given
from app.checks.facts import facts_of, local_resolution, provider_gone, referral, time_limit
from app.checks.models import Answer
from app.complaints.models import Channel
from app.core import clock
from app.core.errors import NotPermitted, RuleBroken
from app.duties import actions as duties
from app.duties.models import ConflictKind
from app.organisations import actions as organisations
from app.organisations.models import Arrangement, Coverage, OrganisationKind, Source

UNDATED = {"event_on": None, "event_precision": None}
MET, EXCEPTION, NOT_MET = Answer.MET, Answer.EXCEPTION, Answer.NOT_MET


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


@pytest.mark.parametrize(
    ("knowledge_on", "made_on", "last_day", "days_late"),
    [
        (date(2024, 3, 1), date(2025, 3, 1), date(2025, 3, 1), 0),
        (date(2024, 3, 1), date(2025, 3, 2), date(2025, 3, 1), 1),
        (date(2024, 2, 29), date(2025, 2, 28), date(2025, 2, 28), 0),
        (date(2024, 2, 29), date(2025, 3, 1), date(2025, 2, 28), 1),
        (date(2023, 2, 28), date(2024, 2, 29), date(2024, 2, 28), 1),
    ],
)
def test_the_year_runs_from_the_day_they_knew_and_does_not_count_it(
    make, knowledge_on, made_on, last_day, days_late
):
    allegation = make.allegation(make.complaint(made_on=made_on), knowledge_on=knowledge_on, **UNDATED)

    computed = time_limit(allegation)

    assert (computed.last_day, computed.days_late, computed.is_in_time) == (
        last_day,
        days_late,
        days_late == 0,
    )
    assert (computed.rule, computed.calendar.split(",")[0]) == ("making", "England")


def test_without_a_day_of_knowledge_nothing_is_computed(make):
    computed = time_limit(make.allegation(knowledge_on=None, knowledge_source=None))

    assert (computed.last_day, computed.days_late, computed.is_in_time) == (None, None, None)


@pytest.mark.parametrize(
    ("kind", "channel", "more"),
    [
        (OrganisationKind.NHS_TRUST, Channel.POST, set()),
        (OrganisationKind.INDEPENDENT_PROVIDER, Channel.POST, {"provider_gone"}),
        (OrganisationKind.GP_PRACTICE, Channel.REFERRED, {"provider_gone", "referral"}),
        (OrganisationKind.DENTIST, Channel.POST, {"provider_gone"}),
        (OrganisationKind.PHARMACY, Channel.POST, {"provider_gone"}),
        (OrganisationKind.OPTICIAN, Channel.POST, {"provider_gone"}),
        (OrganisationKind.OTHER, Channel.POST, set()),
    ],
)
def test_an_allegation_is_asked_the_tests_that_belong_to_it(make, kind, channel, more):
    allegation = make.allegation(make.complaint(channel=channel), organisation=make.organisation(kind=kind))

    always = {"remit", "writing", "standing", "time", "exhausted", "other_remedy", "severity"}
    assert {test.id for test in facts.tests_of(allegation)} == always | more


@pytest.mark.parametrize(
    ("ends", "left", "last_day", "days_late"),
    [
        ([], None, None, None),
        ([None], True, None, None),
        ([date(2022, 1, 31), None], True, None, None),
        ([date(2023, 3, 8)], False, date(2026, 3, 8), 1),
        ([date(2020, 5, 1), date(2023, 3, 9)], False, date(2026, 3, 9), 0),
    ],
)
def test_three_years_remain_after_the_last_arrangement_of_all(make, ends, left, last_day, days_late):
    provider = make.organisation(kind=OrganisationKind.INDEPENDENT_PROVIDER)
    provider.arrangements = [
        Arrangement(with_whom=f"Board {n}", began_on=date(2019, 1, 1), ended_on=end, source="Register")
        for n, end in enumerate(ends)
    ]
    allegation = make.allegation(make.complaint(made_on=date(2026, 3, 9)), organisation=provider, **UNDATED)

    computed = provider_gone(allegation)

    assert (computed.has_any_left, computed.last_day, computed.days_late) == (left, last_day, days_late)


@pytest.mark.parametrize(
    ("source", "closed_on", "missing_since", "ends", "left", "ended_on"),
    [
        (Source.BY_HAND, None, None, [], None, None),
        (Source.BY_HAND, date(2022, 6, 1), None, [], False, date(2022, 6, 1)),
        (Source.BY_HAND, date(2026, 3, 10), None, [], True, None),
        (Source.REGISTER, None, None, [], True, None),
        (Source.REGISTER, None, date(2025, 1, 1), [], None, None),
        (Source.REGISTER, None, None, [date(2021, 1, 1)], False, date(2021, 1, 1)),
        (Source.BY_HAND, date(2022, 6, 1), None, [None], False, date(2022, 6, 1)),
        (Source.BY_HAND, date(2022, 6, 1), None, [date(2021, 1, 1)], False, date(2021, 1, 1)),
        (Source.BY_HAND, None, None, [None], True, None),
    ],
)
def test_a_practice_is_gone_when_its_arrangements_or_it_itself_has_ended(
    make, source, closed_on, missing_since, ends, left, ended_on
):
    practice = make.organisation(
        kind=OrganisationKind.DENTIST, source=source, closed_on=closed_on, missing_since=missing_since
    )
    practice.arrangements = [
        Arrangement(with_whom="Board", began_on=date(2019, 1, 1), ended_on=end, source="Register")
        for end in ends
    ]
    allegation = make.allegation(make.complaint(made_on=date(2026, 3, 9)), organisation=practice, **UNDATED)

    computed = provider_gone(allegation)

    assert (computed.has_any_left, computed.ended_on) == (left, ended_on)


@pytest.mark.parametrize(
    ("event_on", "precision", "arranged", "covered"),
    [
        (date(2021, 1, 1), Precision.YEAR, [(date(2021, 1, 1), None)], Coverage.WHOLE),
        (date(2021, 1, 1), Precision.YEAR, [(date(2021, 1, 2), None)], Coverage.PARTLY),
        (date(2021, 1, 1), Precision.YEAR, [(date(2019, 1, 1), date(2021, 1, 1))], Coverage.PARTLY),
        (date(2021, 1, 1), Precision.YEAR, [(date(2019, 1, 1), date(2020, 12, 31))], Coverage.NOT),
        (date(2021, 1, 1), Precision.YEAR, [(date(2022, 1, 1), None)], Coverage.NOT),
        (
            date(2021, 1, 1),
            Precision.YEAR,
            [(date(2021, 7, 1), None), (date(2020, 1, 1), date(2021, 6, 30))],
            Coverage.WHOLE,
        ),
        (
            date(2021, 1, 1),
            Precision.YEAR,
            [(date(2020, 1, 1), date(2021, 6, 29)), (date(2021, 7, 1), None)],
            Coverage.PARTLY,
        ),
        (date(2024, 2, 1), Precision.MONTH, [(date(2024, 2, 1), date(2024, 2, 29))], Coverage.WHOLE),
        (date(2024, 2, 1), Precision.MONTH, [(date(2024, 2, 1), date(2024, 2, 28))], Coverage.PARTLY),
        (date(2024, 2, 15), Precision.ABOUT, [(date(2024, 2, 1), date(2024, 2, 29))], Coverage.WHOLE),
        (date(2024, 2, 14), Precision.ABOUT, [(date(2024, 2, 1), None)], Coverage.PARTLY),
        (date(2024, 2, 14), Precision.DAY, [(date(2024, 2, 14), date(2024, 2, 14))], Coverage.WHOLE),
        (date(2024, 2, 14), Precision.DAY, [(date(2024, 2, 15), None)], Coverage.NOT),
        (date(2024, 2, 14), Precision.DAY, [], None),
        (None, None, [(date(2020, 1, 1), None)], None),
    ],
)
def test_what_is_known_to_the_year_is_covered_only_if_the_whole_year_is(
    make, event_on, precision, arranged, covered
):
    provider = make.organisation(kind=OrganisationKind.INDEPENDENT_PROVIDER)
    provider.arrangements = [
        Arrangement(with_whom="Board", began_on=begin, ended_on=end, source="Register")
        for begin, end in arranged
    ]
    allegation = make.allegation(organisation=provider, event_on=event_on, event_precision=precision)

    assert provider_gone(allegation).covered_the_event == covered


@pytest.mark.parametrize(("kept", "stands"), [(True, True), (False, False)])
def test_an_answer_kept_when_coverage_was_yes_or_no_still_stands_where_it_says_the_same(make, kept, stands):
    provider = make.organisation(kind=OrganisationKind.INDEPENDENT_PROVIDER)
    provider.arrangements = [
        Arrangement(with_whom="Board", began_on=date(2019, 1, 1), ended_on=None, source="Register")
    ]
    computed = provider_gone(make.allegation(organisation=provider))

    assert computed.are(computed.kept | {"covered_the_event": kept}) is stands


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


def test_a_referral_counts_the_day_the_organisation_received_it(make):
    in_time = {
        "body_received_on": date(2025, 3, 10),
        "received_at": clock.instant_of(date(2026, 3, 9), time(10)),
    }
    complaint = make.complaint(channel=Channel.REFERRED, made_on=date(2026, 3, 9), **in_time)
    allegation = make.allegation(complaint, knowledge_on=date(2024, 3, 10), **UNDATED)

    assert (referral(allegation).last_day, referral(allegation).days_late) == (date(2026, 3, 9), 0)
    assert (time_limit(allegation).made_on, time_limit(allegation).days_late) == (date(2025, 3, 10), 0)
    complaint.body_received_on = date(2025, 3, 9)
    assert (referral(allegation).last_day, referral(allegation).days_late) == (date(2026, 3, 8), 1)


def test_local_resolution_is_measured_against_six_months(make, today):
    today(2026, 3, 9)
    allegation = make.allegation(complained_locally_on=date(2025, 9, 9), **UNDATED)

    computed = local_resolution(allegation)
    assert (computed.months, computed.last_day, computed.is_overdue) == (6, date(2026, 3, 8), True)
    assert computed.days_since_response is None

    allegation.answered_locally_on = date(2026, 2, 7)
    computed = local_resolution(allegation)
    assert (computed.months, computed.is_overdue, computed.days_since_response) == (4, False, 30)


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


def test_another_version_of_the_calendar_opens_no_decision_again(session, make, caseworker, manager, late):
    put = {"for_looking": "Grief.", "against_looking": "Staff have left.", "actor": caseworker}
    opened = discretion.open_discretion(session, late, decider=manager, **put)
    make.tested(late)

    opened.facts = opened.facts | {"calendar": "England, another", "list_version": "0.0"}
    for answer in late.test_answers:
        answer.facts = answer.facts | ({"calendar": "England, another"} if answer.facts else {})

    assert queries.discretion_of(late) is opened
    assert [one.test.id for one in answers.tested(late) if one.is_stale] == []


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
