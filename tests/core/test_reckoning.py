"""Every day from 2000 to 2040, counted by the office and by an independent reckoning: no difference."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from itertools import accumulate

import pytest

from app.core import calendar, clock
from app.reference.lists import clocks
from tests.core import reckoning

#: The rules that count months, how many, and which way.
MONTHS = [
    (rule.id, rule.amount, rule.counting == "beginning with the day")
    for rule in clocks().values()
    if rule.unit == "months"
]


@pytest.mark.parametrize(("rule", "months", "is_beginning_with"), MONTHS)
def test_months_end_on_the_day_the_words_of_the_law_give(rule, months, is_beginning_with):
    reckon = reckoning.last_day_of_months_beginning_with if is_beginning_with else reckoning.month_on
    different = [day for day in reckoning.every_day() if clocks()[rule].last_day(day) != reckon(day, months)]

    assert different == []


@pytest.mark.parametrize("year", range(2000, 2041))
def test_the_bank_holidays_are_those_that_the_rules_give(year):
    ours = {day for day in calendar.bank_holidays(year) if day.weekday() < 5}

    assert ours == reckoning.bank_holidays(year)


@pytest.mark.parametrize("count", [1, 2, 10, 20])
def test_working_days_end_where_a_count_of_all_working_days_ends(count):
    days = list(reckoning.every_day())
    holidays = {day for year in range(2000, 2041) for day in reckoning.bank_holidays(year)}
    is_working = [day.weekday() < 5 and day not in holidays for day in days]
    upto = list(accumulate(is_working))
    by_number = {number: day for day, number, works in zip(days, upto, is_working, strict=True) if works}
    last = upto[-1]

    different = [
        day
        for day, number in zip(days, upto, strict=True)
        if number + count <= last and calendar.working_days_after(day, count) != by_number[number + count]
    ]
    assert different == []


def test_whole_months_between_two_days_are_those_that_have_come_round():
    start = date(2023, 12, 31)
    for day in (start + timedelta(days=n) for n in range(800)):
        come_round = sum(reckoning.month_on(start, months) <= day for months in range(1, 30))
        assert calendar.months_between(start, day) == come_round, day


def test_a_day_begins_and_ends_at_midnight_in_london_on_the_days_the_clocks_change():
    for year in range(2000, 2041):
        for month in (3, 10):
            sunday = date(year, month, 31)
            while sunday.weekday() != 6:
                sunday -= timedelta(days=1)
            begins, ends = (clock.instant_of(sunday + timedelta(days=n), time(0)) for n in (0, 1))
            assert ends - begins == timedelta(hours=23 if month == 3 else 25)
            for instant in (begins, ends - timedelta(microseconds=1)):
                assert clock.day_of(instant) == sunday
            assert clock.day_of(ends) == sunday + timedelta(days=1)
            assert isinstance(begins, datetime)
