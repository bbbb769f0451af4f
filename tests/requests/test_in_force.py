"""Whether a policy was in force when it all happened: shown with its reasons, and never decided."""

from __future__ import annotations

from datetime import date

import pytest

from app.allegations.models import Allegation, Precision
from app.requests.in_force import Noted, Verdict, noted

P, V = Precision, Verdict


def alleged(on, precision=P.DAY, number=1):
    return Allegation(number=number, event_on=on, event_precision=precision if on else None)


@pytest.mark.parametrize(
    ("first", "last", "on", "precision", "verdict"),
    [
        (date(2020, 1, 1), date(2021, 1, 1), date(2020, 6, 1), P.DAY, V.IN_FORCE),
        (date(2020, 6, 1), None, date(2020, 6, 1), P.DAY, V.IN_FORCE),
        (date(2020, 1, 1), date(2020, 6, 1), date(2020, 6, 1), P.DAY, V.IN_FORCE),
        (date(2020, 6, 2), None, date(2020, 6, 1), P.DAY, V.NOT_IN_FORCE),
        (date(2019, 1, 1), date(2020, 5, 31), date(2020, 6, 1), P.DAY, V.NOT_IN_FORCE),
        (None, date(2020, 5, 31), date(2020, 6, 1), P.DAY, V.NOT_IN_FORCE),
        (None, date(2020, 6, 1), date(2020, 6, 1), P.DAY, V.PERHAPS),
        (date(2020, 6, 15), None, date(2020, 6, 1), P.MONTH, V.PERHAPS),
        (date(2020, 7, 1), None, date(2020, 6, 1), P.MONTH, V.NOT_IN_FORCE),
        (date(2020, 6, 1), date(2020, 6, 30), date(2020, 6, 1), P.MONTH, V.IN_FORCE),
        (date(2020, 6, 1), date(2020, 6, 29), date(2020, 6, 1), P.MONTH, V.PERHAPS),
        (date(2020, 6, 1), None, date(2020, 1, 1), P.YEAR, V.PERHAPS),
        (date(2021, 1, 1), None, date(2020, 1, 1), P.YEAR, V.NOT_IN_FORCE),
        (date(2020, 1, 1), None, None, P.DAY, V.PERHAPS),
        (None, None, date(2020, 6, 1), P.DAY, V.PERHAPS),
    ],
)
def test_the_days_say_whether_it_was_in_force(first, last, on, precision, verdict):
    assert noted(first, last, [alleged(on, precision)]).verdict is verdict


def test_of_several_allegations_the_worst_is_said_with_the_reason_for_each():
    about = [alleged(date(2020, 6, 1)), alleged(date(2018, 6, 1), number=2), alleged(None, number=3)]

    assert noted(date(2020, 1, 1), None, about) == Noted(
        V.NOT_IN_FORCE,
        (
            "It came into force on 1 January 2020, after what allegation 2 is about.",
            "The day of what allegation 3 is about is not known.",
        ),
    )
