"""Rows as CSV and as a spreadsheet, in which no cell is a formula, whatever somebody once typed into it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from app.exports.sheets import Cell, Sheet

#: With these, also as wide characters, a cell of a CSV file begins a formula; some programs skip spaces first.
LIVE = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # fmt: skip
#: By this, spreadsheet programs know that a CSV file is in UTF-8.
IN_UTF8 = "\ufeff"
#: A spreadsheet holds 1,048,576 lines of at most 32,767 characters.
MOST_LINES = 1_000_000
LONGEST_CELL = 32_767
WIDEST = 40


def inert(cell: Cell) -> str | int:
    """The cell as CSV can hold it: text that would come to life as a formula has a ' before it."""
    if cell is None:
        return ""
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, str) and cell.startswith(LIVE) | cell.lstrip().startswith(LIVE):
        return f"'{cell}"
    return cell


def as_csv(portions: Iterable[Sequence[Sequence[Cell]]]) -> Iterator[str]:
    """The text of a CSV file, portion by portion."""
    yield IN_UTF8
    for rows in portions:
        text = io.StringIO()
        csv.writer(text).writerows([inert(cell) for cell in row] for row in rows)
        yield text.getvalue()


class Spreadsheet:
    """An XLSX file that is written line by line, and keeps no line in memory."""

    def __init__(self, place: Path, sheet: Sheet) -> None:
        from xlsxwriter import Workbook  # what serves pages makes none

        self._book = Workbook(
            str(place),
            {
                "constant_memory": True,
                "tmpdir": str(place.parent),
                "strings_to_formulas": False,
                "strings_to_numbers": False,
                "strings_to_urls": False,
                "default_date_format": "d mmm yyyy",
            },
        )
        self._book.set_properties({"title": sheet.title, "author": "", "comments": ""})
        self._page: Any = self._book.add_worksheet(sheet.title)
        self._page.freeze_panes(1, 1)
        for column, heading in enumerate(sheet.headings):
            self._page.set_column(column, column, min(WIDEST, max(14, len(heading) + 4)))
        bold = self._book.add_format({"bold": True})
        for column, heading in enumerate(sheet.headings):
            self._page.write_string(0, column, heading, bold)
        self._width, self.lines = len(sheet.headings), 0

    def add(self, rows: Iterable[Sequence[Cell]]) -> None:
        for row in rows:
            self.lines += 1
            for column, cell in enumerate(row):
                self._write(column, cell)

    def close(self) -> None:
        self._page.autofilter(0, 0, self.lines, self._width - 1)
        self._book.close()

    def _write(self, column: int, cell: Cell) -> None:
        if isinstance(cell, date):
            self._page.write_datetime(self.lines, column, cell)
        elif isinstance(cell, int):
            self._page.write_number(self.lines, column, cell)
        elif cell:
            self._page.write_string(self.lines, column, cell[:LONGEST_CELL])
