"""A file of complaints, read row by row. Its columns are explained in docs/importing.md.

A file is read whole and checked whole, and everything wrong with it is named by line and column. What
a file does not say is left open: no date, no code and no organisation is guessed.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.allegations.models import Kind
from app.core import clock
from app.core.calendar import FIRST_DAY
from app.core.errors import RuleBroken
from app.core.text import clean, searchable
from app.reference.lists import offered_modalities

MOST_BYTES, MOST_ROWS, MOST_NAMES = 20_000_000, 5_000, 50
LINE, PROSE, NARRATIVE = 200, 4_000, 100_000
PROBLEMS_SHOWN, CHARACTERS_SHOWN = 50, 40

#: How exactly the day of receipt is known, and the sentence that the narrative then begins with.
PRECISIONS = {
    "day": "",
    "month": "Received date known to the month only.",
    "year": "Received date known to the year only.",
    "not_known": "Received date not known: the day of loading stands in for it.",
}


class Refused(RuleBroken):
    """A file that is not loaded, with all that is wrong with it. The message shows the first `problems`."""

    def __init__(self, problems: Sequence[str]) -> None:
        shown = list(problems[:PROBLEMS_SHOWN])
        if more := len(problems) - len(shown):
            shown.append(f"There are {more} more problems after these.")
        super().__init__("\n".join(shown))
        self.problems = tuple(problems)


@dataclass(frozen=True, kw_only=True)
class Row:
    """What one row says of one complaint. `line` is where it begins in the file."""

    line: int
    source: str
    reference: str
    received_on: date | None
    received_precision: str
    narrative: str
    wanted: str
    issue: str
    kind: Kind
    modality: str
    organisations: tuple[str, ...]


def read(content: bytes) -> list[Row]:
    """The rows of the file. Raises `Refused` with everything that is wrong with any of them."""
    (line, heading), *records = _records(content)
    columns = _columns(line, heading)
    rows: list[Row] = []
    problems: list[str] = []
    first_lines: dict[tuple[str, str], int] = {}
    for line, cells in records:
        if len(cells) != len(columns):
            problems.append(f"Line {line}: the heading has {len(columns)} cells, this row {len(cells)}.")
            continue
        values, faults = _values(dict(zip(columns, cells, strict=True)))
        if "source" in values and "reference" in values:
            first = first_lines.setdefault((values["source"], values["reference"]), line)
            if first != line:
                faults.append(("reference", f"line {first} has this reference already."))
        problems += (f"Line {line}, column {column}: {fault}" for column, fault in faults)
        if not faults:
            rows.append(Row(line=line, **values))
    if problems:
        raise Refused(problems)
    return rows


def _records(content: bytes) -> list[tuple[int, list[str]]]:
    """The rows as cells, each with the line it begins on; rows without a word in them are passed over."""
    if len(content) > MOST_BYTES:
        raise Refused([f"The file is larger than {MOST_BYTES // 1_000_000} MB. Divide it."])
    content = content.removeprefix(codecs.BOM_UTF8)
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise Refused([f"Line {line}: this is not UTF-8. Save the file as “CSV UTF-8”."]) from error

    records: list[tuple[int, list[str]]] = []
    line = 1
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        for cells in reader:
            if any(map(clean, cells)):
                records.append((line, cells))
            line = reader.line_num + 1
    except csv.Error as error:
        raise Refused([f"Line {line}: this is not a CSV row ({error})."]) from error
    if len(records) < 2:
        raise Refused(["The file has no complaints in it."])
    if len(records) - 1 > MOST_ROWS:
        raise Refused([f"The file has more than {MOST_ROWS:,} complaints. Divide it."])
    return records


def _columns(line: int, heading: list[str]) -> list[str]:
    columns = [clean(cell) for cell in heading]
    problems = []
    for position, name in enumerate(columns):
        called = quoted(name) if name else f"number {position + 1}, which has no name"
        if name not in COLUMNS:
            problems.append(f"Line {line}, column {called}: there is no such column.")
        elif name in columns[:position]:
            problems.append(f"Line {line}, column {name}: this column is here twice.")
    for name, column in COLUMNS.items():
        if column.must_be_there and name not in columns:
            problems.append(f"Line {line}, column {name}: this column is missing.")
    if problems:
        raise Refused(problems)
    return columns


def _values(cells: dict[str, str]) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """What the cells say, by column, and what is wrong with those that say nothing."""
    values: dict[str, Any] = {}
    faults: list[tuple[str, str]] = []
    for name, column in COLUMNS.items():
        try:
            values[name] = column.value_of(cells.get(name, ""))
        except RuleBroken as fault:
            faults.append((name, str(fault)))
    if "received_on" in values and "received_precision" in values:
        unfit = _fault_of_receipt(values["received_on"], values["received_precision"])
        faults += [("received_on", unfit)] if unfit else []
    return values, faults


def _fault_of_receipt(day: date | None, precision: str) -> str | None:
    if precision == "not_known":
        return "leave this empty, or say in received_precision how exact it is." if day else None
    if day is None:
        return "enter the day, or not_known in the column received_precision."
    if day > clock.today():
        return "this day is in the future."
    if day < FIRST_DAY:
        return f"this day is before {FIRST_DAY.isoformat()}."
    if precision == "month" and day.day != 1:
        return "if only the month is known, enter its first day."
    if precision == "year" and (day.month, day.day) != (1, 1):
        return "if only the year is known, enter its first day."
    return None


def _day(cell: str) -> date | None:
    if not cell:
        return None
    try:
        day = date.fromisoformat(cell)
    except ValueError:
        day = None
    if day is None or day.isoformat() != cell:  # there are other ways to write one in ISO 8601
        raise RuleBroken(f"{quoted(cell)} is not a day such as 2021-04-30.")
    return day


def _one_line(cell: str) -> str:
    return " ".join(cell.split())


def _precision(cell: str) -> str:
    return _one_of(PRECISIONS, cell or "day")


def _kind(cell: str) -> Kind:
    return Kind(_one_of([kind.value for kind in Kind], cell or Kind.CLINICAL.value))


def _one_of(known: Sequence[str] | dict[str, str], cell: str) -> str:
    if cell not in known:
        raise RuleBroken(f"{quoted(cell)} is not one of {', '.join(known)}.")
    return cell


def _modality(cell: str) -> str:
    """The DICOM code. A plain word that several kinds share, “X-ray”, is the first of them."""
    if not cell or cell.upper() in offered_modalities():
        return cell.upper()
    for modality in offered_modalities().values():
        if modality.plain.casefold() == cell.casefold():
            return modality.code
    raise RuleBroken(f"{quoted(cell)} is no kind of imaging that we know. Enter its DICOM code, or nothing.")


def _names(cell: str) -> tuple[str, ...]:
    names: dict[str, str] = {}
    for name in filter(None, map(_one_line, cell.split("|"))):
        names.setdefault(searchable(name), name)
    if len(names) > MOST_NAMES:
        raise RuleBroken(f"{len(names)} organisations are named here, and {MOST_NAMES} are the most.")
    if too_long := next((name for name in names.values() if len(name) > LINE), None):
        raise RuleBroken(f"the name {quoted(too_long)} is longer than {LINE} characters.")
    return tuple(names.values())


def quoted(cell: str) -> str:
    words = _one_line(cell)
    return f"“{words[:CHARACTERS_SHOWN]}…”" if len(words) > CHARACTERS_SHOWN else f"“{words}”"


@dataclass(frozen=True)
class Column:
    """What stands under one heading. `filled` is one whose cells may not be empty."""

    longest: int
    read: Callable[[str], Any] = str
    must_be_there: bool = False
    filled: bool = False

    def value_of(self, cell: str) -> Any:
        """What a cell says. Raises `RuleBroken` for one that may not say this."""
        cell = clean(cell)
        if self.filled and not cell:
            raise RuleBroken("this must not be empty.")
        if len(cell) > self.longest:
            raise RuleBroken(f"this is longer than {self.longest:,} characters.")
        return self.read(cell)


COLUMNS = {
    "source": Column(LINE, _one_line, must_be_there=True, filled=True),
    "reference": Column(LINE, _one_line, must_be_there=True, filled=True),
    "received_on": Column(LINE, _day, must_be_there=True),
    "received_precision": Column(LINE, _precision),
    "narrative": Column(NARRATIVE, must_be_there=True, filled=True),
    "wanted": Column(PROSE),
    "issue": Column(PROSE, must_be_there=True, filled=True),
    "kind": Column(LINE, _kind),
    "modality": Column(LINE, _modality),
    "organisations": Column(MOST_NAMES * (LINE + 1), _names),
}
