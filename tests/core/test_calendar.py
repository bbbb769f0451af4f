from __future__ import annotations

from datetime import date

from app.core import calendar


def test_a_year_after_a_day_ends_on_its_anniversary_and_one_beginning_with_it_the_day_before():
    assert calendar.last_day_after(date(2023, 3, 1), 12) == date(2024, 3, 1)
    assert calendar.last_day_beginning_with(date(2023, 3, 1), 12) == date(2024, 2, 29)
    assert calendar.last_day_after(date(2024, 2, 29), 12) == date(2025, 2, 28)
    assert calendar.last_day_beginning_with(date(2024, 2, 29), 12) == date(2025, 2, 28)


def test_working_days_leave_out_weekends_and_bank_holidays():
    assert calendar.working_days_after(date(2026, 12, 23), 10) == date(2027, 1, 11)
