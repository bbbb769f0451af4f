"""Days reckoned a second time, from the rules as they are told, knowing nothing of how the office counts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

FIRST, LAST = date(2000, 1, 1), date(2040, 12, 31)
ONE_DAY = timedelta(days=1)

#: Days that were bank holidays once, by proclamation.
ONCE = {
    date(2002, 6, 3),
    date(2002, 6, 4),
    date(2011, 4, 29),
    date(2012, 6, 4),
    date(2012, 6, 5),
    date(2020, 5, 8),
    date(2022, 6, 2),
    date(2022, 6, 3),
    date(2022, 9, 19),
    date(2023, 5, 8),
}
#: Mondays of May that gave way to one of those.
MOVED = {date(2002, 5, 27), date(2012, 5, 28), date(2020, 5, 4), date(2022, 5, 30)}


def every_day() -> Iterator[date]:
    return (date.fromordinal(n) for n in range(FIRST.toordinal(), LAST.toordinal() + 1))


def month_on(day: date, months: int) -> date:
    """The day of the same name, found month by month; where the month is too short, its last day."""
    first = day.replace(day=1)
    for _ in range(months):
        first = (first + timedelta(days=31)).replace(day=1)
    found = first
    while found.day < day.day and (found + ONE_DAY).month == first.month:
        found += ONE_DAY
    return found


def last_day_of_months_beginning_with(day: date, months: int) -> date:
    """The day itself is the first of them: the period is over when the day of the same name comes."""
    comes_again = month_on(day, months)
    return comes_again if comes_again.day < day.day else comes_again - ONE_DAY


def bank_holidays(year: int) -> set[date]:
    """Those of England: three that move with Easter and the Mondays, the rest put off to a working day."""
    easter = _easter(year)
    mondays = {
        _monday(date(year, 5, 1)),
        _monday(date(year, 5, 25)),
        _monday(date(year, 8, 25)),
    }
    days = {easter - 2 * ONE_DAY, easter + ONE_DAY} | (mondays - MOVED)
    for fixed in (date(year, 1, 1), date(year, 12, 25), date(year, 12, 26)):
        while fixed.weekday() > 4 or fixed in days:
            fixed += ONE_DAY
        days.add(fixed)
    return days | {day for day in ONCE if day.year == year}


def _monday(from_day: date) -> date:
    while from_day.weekday():
        from_day += ONE_DAY
    return from_day


def _easter(year: int) -> date:
    """The Sunday after the full moon of the church, by its golden number and epact."""
    golden, century = year % 19, year // 100
    moon = (century - century // 4 - (8 * century + 13) // 25 + 19 * golden + 15) % 30
    moon -= moon // 28 * (1 - 29 // (moon + 1) * ((21 - golden) // 11))
    to_sunday = (year + year // 4 + moon + 2 - century + century // 4) % 7
    after_21_march = moon - to_sunday
    month = 3 + (after_21_march + 40) // 44
    return date(year, month, after_21_march + 28 - 31 * (month // 4))
