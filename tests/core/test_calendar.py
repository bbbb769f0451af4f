"""Periods as the law counts them, against an independent reckoning, over forty years."""

from __future__ import annotations

import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import calendar
from app.reference.lists import clocks

DAYS = st.dates(date(2000, 1, 1), date(2040, 12, 31))
HOLIDAYS = Path(__file__).parents[3] / "shared/data/synthetic_inputs/uk_bank_holidays.json"


def same_day_next_year(day: date) -> date:
    """Reckoned day by day, knowing nothing of months: the next day that bears the same name."""
    wanted = (day.month, day.day) if (day.month, day.day) != (2, 29) else (2, 28)
    later = day + timedelta(days=1)
    while (later.month, later.day) != wanted:
        later += timedelta(days=1)
    return later


@given(DAYS)
def test_a_year_after_a_day_ends_on_the_day_of_the_same_name(day):
    assert calendar.last_day_after(day, 12) == same_day_next_year(day)


@given(DAYS)
def test_a_year_beginning_with_a_day_is_over_before_the_day_comes_again(day):
    end = calendar.last_day_beginning_with(day, 12)

    comes_again = date(day.year + 1, 3, 1) if (day.month, day.day) == (2, 29) else same_day_next_year(day)
    assert end + timedelta(days=1) == comes_again


@given(DAYS, st.integers(1, 60))
def test_working_days_are_counted_one_by_one(day, count):
    end = calendar.working_days_after(day, count)

    between = (day + timedelta(days=n) for n in range(1, (end - day).days + 1))
    assert sum(map(calendar.is_working_day, between)) == count
    assert calendar.is_working_day(end)


def test_the_year_of_the_act_and_the_twelve_months_are_counted_differently():
    making, conclusion = clocks()["making"], clocks()["conclusion"]

    assert making.last_day(date(2023, 3, 1)) == date(2024, 3, 1)
    assert conclusion.last_day(date(2023, 3, 1)) == date(2024, 2, 29)
    assert making.last_day(date(2024, 2, 29)) == date(2025, 2, 28)
    assert conclusion.last_day(date(2024, 2, 29)) == date(2025, 2, 28)


def test_working_days_leave_out_christmas_and_new_year():
    assert calendar.working_days_after(date(2026, 12, 23), 10) == date(2027, 1, 11)


@pytest.mark.skipif(not HOLIDAYS.exists(), reason="the public list of bank holidays is not on this machine")
def test_the_bank_holidays_are_the_published_ones():
    events = json.loads(HOLIDAYS.read_text())["england-and-wales"]["events"]
    published = {date.fromisoformat(event["date"]) for event in events}

    ours = {day for year in range(2012, 2029) for day in calendar.bank_holidays(year)}
    assert {day for day in published if day.weekday() < 5} == {day for day in ours if day.weekday() < 5}


def test_the_country_that_is_loaded_alone_says_what_it_says_among_all_others():
    years = range(2000, 2041)
    among_all = holidays.country_holidays("GB", subdiv="ENG", years=years)

    assert {day: name for year in years for day, name in calendar.bank_holidays(year).items()} == dict(
        among_all
    )


def test_a_year_that_several_threads_count_for_the_first_time_is_whole_for_each(monkeypatch):
    country = calendar._england().func
    populate = country._populate
    monkeypatch.setattr(country, "_populate", lambda self, year: (time.sleep(0.05), populate(self, year)))
    calendar.bank_holidays.cache_clear()
    together = threading.Barrier(6)

    def is_working(day):
        together.wait()
        return calendar.is_working_day(day)

    with ThreadPoolExecutor(6) as threads:
        assert not any(
            threads.map(is_working, [date(year, 12, 25) for year in (2087, 2087, 2087, 2090, 2090, 2091)])
        )


def test_every_clock_in_the_list_can_be_counted():
    assert all(clock.last_day(date(2026, 3, 2)) > date(2026, 3, 2) for clock in clocks().values())
