"""What the rules compute for an allegation, from its dates and its provider’s arrangements."""

from __future__ import annotations

from datetime import date, time

import pytest

from app.allegations.models import Precision
from app.checks import facts
from app.checks.facts import local_resolution, provider_gone, referral, time_limit
from app.complaints.models import Channel
from app.core import clock
from app.organisations.models import Arrangement, Coverage, OrganisationKind, Source
from tests.checks.conftest import UNDATED


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


def test_a_referral_is_counted_to_the_day_the_organisation_referred_it(make):
    complaint = make.complaint(
        channel=Channel.REFERRED,
        body_received_on=date(2025, 3, 10),
        made_on=date(2026, 3, 9),
        received_at=clock.instant_of(date(2026, 3, 16), time(10)),
    )

    computed = referral(make.allegation(complaint, knowledge_on=date(2024, 3, 10), **UNDATED))

    assert (computed.last_day, computed.made_on, computed.days_late) == (
        date(2026, 3, 9),
        date(2026, 3, 9),
        0,
    )
