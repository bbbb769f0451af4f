from __future__ import annotations

import random
from datetime import date, time, timedelta

import pytest

from app.core import clock
from app.reference.lists import timeline_intervals
from app.timeline import intervals
from app.timeline.models import Exactness, Row, span_of

SCAN_TO_REPORT = next(each for each in timeline_intervals() if each.key == "scan_to_report")


def row(day, exactness=Exactness.DAY, at=time.min):
    first = day.replace(day=1) if exactness is Exactness.MONTH else day
    return Row(kind="performed", happened_at=clock.instant_of(first, at), exactness=exactness)


@pytest.mark.parametrize("seed", range(200))
def test_whatever_is_meant_by_words_lies_between_the_least_and_the_most(seed):
    chance = random.Random(seed)
    begins, ends = (
        row(date(2015, 1, 1) + timedelta(days=chance.randrange(3650)), chance.choice(list(Exactness)))
        for _ in range(2)
    )
    told = intervals.between(SCAN_TO_REPORT, [begins], [ends])

    meant = [
        first + timedelta(days=chance.randint(0, (last - first).days))
        for first, last in (begins.days, ends.days)
    ]

    assert told.least <= (meant[1] - meant[0]).days <= told.most


@pytest.mark.parametrize("changes", [date(2023, 3, 26), date(2023, 10, 29)])
def test_a_clock_change_neither_adds_a_day_nor_takes_one_away(changes):
    before, after = row(changes - timedelta(days=1)), row(changes + timedelta(days=1))

    assert intervals.between(SCAN_TO_REPORT, [before], [after]).lasted == "2 days"


@pytest.mark.parametrize("exactness", list(Exactness))
def test_what_is_known_lies_in_the_span_of_what_it_can_mean(exactness):
    begins = row(date(2024, 2, 29), exactness, time(9, 30)).happened_at

    first, last = span_of(begins, exactness)

    assert first <= begins <= last


def test_an_end_before_its_beginning_is_said_and_measured_by_nothing():
    told = intervals.between(SCAN_TO_REPORT, [row(date(2023, 9, 2))], [row(date(2023, 9, 1))])

    assert (told.lasted, told.measured) == ("ends before it begins: one of the dates is wrong", None)


def test_a_month_in_which_the_standard_came_into_force_says_that_it_is_not_known():
    told = intervals.between(
        SCAN_TO_REPORT, [row(date(2023, 8, 20), Exactness.MONTH)], [row(date(2023, 12, 1))]
    )

    assert told.measured is intervals.Measured.PERHAPS_IN_FORCE
