from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from app.core import clock


@pytest.fixture
def machine(monkeypatch):
    """The machine's clock, which the test holds in its hand."""
    held = [datetime(2026, 11, 24, 12, tzinfo=UTC)]
    monkeypatch.setattr(clock, "_read", lambda: held[0])
    yield held
    clock.move_by(timedelta(0))


def test_time_starts_where_it_is_told_and_runs_on_from_there(machine):
    clock.run_from(datetime(2026, 3, 21, 23, 40, tzinfo=UTC))
    machine[0] += timedelta(minutes=30)

    assert clock.now() == datetime(2026, 3, 22, 0, 10, tzinfo=UTC)
    assert clock.today() == date(2026, 3, 22)
    assert clock.wall() == datetime(2026, 11, 24, 12, 30, tzinfo=UTC)


def test_the_day_is_the_day_in_london_in_summer_too(machine):
    machine[0] = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)

    assert clock.today() == date(2026, 7, 2)


@pytest.mark.parametrize(
    ("day", "at", "instant"),
    [
        (date(2026, 3, 29), time(0, 59), datetime(2026, 3, 29, 0, 59, tzinfo=UTC)),
        (date(2026, 3, 29), time(2, 0), datetime(2026, 3, 29, 1, 0, tzinfo=UTC)),
        (date(2026, 10, 25), time(1, 30), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        (date(2026, 10, 25), time(2, 0), datetime(2026, 10, 25, 2, 0, tzinfo=UTC)),
    ],
)
def test_an_hour_that_comes_twice_is_the_first_and_the_nights_the_clocks_move_are_right(day, at, instant):
    assert clock.instant_of(day, at) == instant


def test_the_past_can_be_stood_in_and_is_left_again(machine):
    past = datetime(2020, 1, 1, tzinfo=UTC)
    with clock.at(past):
        assert clock.now() == past
    assert clock.now() == machine[0]
