"""A day as people type it: in three boxes, whole or only as far as it is known."""

from __future__ import annotations

from datetime import date
from typing import Any

from wtforms import Field

from app.allegations.models import Precision
from app.core.calendar import FIRST_DAY, LAST_DAY

MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)


class DayField(Field):
    """A day in three boxes. With `partial`, the day, or day and month, may be left empty.

    `data` is a date or None; `precision` says how much of it was given. A month may be typed as a
    number or as a word.
    """

    PARTS = ("day", "month", "year")

    def __init__(self, label: str, *, partial: bool = False, **more: Any) -> None:
        super().__init__(label, **more)
        self.partial = partial
        self.typed: dict[str, str] = dict.fromkeys(self.PARTS, "")
        self.precision: Precision | None = None

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:  # noqa: ARG002
        self.process_errors = []
        value = data if isinstance(data, date) else self.default() if callable(self.default) else self.default
        self.object_data = self.data = value
        if isinstance(value, date):
            self.typed = {"day": str(value.day), "month": str(value.month), "year": str(value.year)}
            self.precision = self.precision or Precision.DAY
        if formdata is not None:
            self.typed = {p: formdata.get(f"{self.name}-{p}", "").strip()[:20] for p in self.PARTS}
            self.raw_data = [part for part in self.typed.values() if part]
            self._read()

    def show(self, value: date | None, precision: Precision | None) -> None:
        """Draw the field with a day that is known only so exactly."""
        if value and precision in {Precision.MONTH, Precision.YEAR}:
            self.typed["day"] = ""
            if precision is Precision.YEAR:
                self.typed["month"] = ""
        self.precision = precision

    def _problem(self, sentence: str) -> None:
        self.process_errors = [*self.process_errors, sentence]

    def _read(self) -> None:
        self.data = self.precision = None
        day, month, year = (self.typed[part] for part in self.PARTS)
        if not self.raw_data:
            return
        if not (year.isascii() and year.isdigit() and len(year) == 4):
            self._problem("Enter a year of four figures, such as 2023.")
            return
        if not self.partial and not (day and month):
            self._problem("Enter a day, a month and a year, such as 27 3 2023.")
            return
        if day and not month:
            self._problem("Enter the month too, or leave the day empty.")
            return
        try:
            self.data = date(int(year), _month(month) if month else 1, _figure(day) if day else 1)
        except ValueError:
            self._problem("Enter a date that exists, such as 27 3 2023.")
            return
        if not FIRST_DAY <= self.data <= LAST_DAY:
            self.data = None
            self._problem(f"Enter a date from {FIRST_DAY.year} to {LAST_DAY.year}.")
            return
        self.precision = Precision.DAY if day else Precision.MONTH if month else Precision.YEAR


def _month(words: str) -> int:
    if words.isdigit():
        return _figure(words)
    found = [number for number, name in enumerate(MONTHS, 1) if name.startswith(words.lower()[:3])]
    if len(words) < 3 or len(found) != 1 or not MONTHS[found[0] - 1].startswith(words.lower()):
        raise ValueError
    return found[0]


def _figure(words: str) -> int:
    if not (words.isascii() and words.isdigit() and len(words) <= 2):
        raise ValueError
    return int(words)
