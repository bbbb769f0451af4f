"""What must be true of the rows of a list together, and of what they say of other lists."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from app.core import calendar
from app.reference.columns import Row
from app.reference.files import shipped

if TYPE_CHECKING:
    from app.reference.editable import EditableList

Rows = list[Row]
#: By list, what its rows are known by: what another list may refer to.
Known = Mapping[str, frozenset[str]]
CLOSED, WORKING = "closed", "working"
KINDS_OF_DAY: Mapping[str, str] = {
    CLOSED: "No working day: a bank holiday more, or the office is closed",
    WORKING: "A working day: a bank holiday that is not kept",
}


@dataclass(frozen=True)
class Problem:
    """What is wrong in a row, at a field; no row: with the list as a whole."""

    row: str
    field: str
    sentence: str


def follows(about: EditableList, rows: Sequence[Row], before: Sequence[Row]) -> Iterator[Problem]:
    """That nothing is there twice, nothing of `before` is missing, nothing fixed has changed, and no mark is gone
    without a source."""
    named = about.known_by.name
    now, then = about.by_key(rows), about.by_key(before)
    for key, times in Counter(map(about.key_of, rows)).items():
        if times > 1:
            yield Problem(key, named, f"“{key}” is there already. Change that one, or choose another.")
    for key in then.keys() - now.keys():
        yield Problem(key, named, f"“{key}” stands in records and cannot be removed. End it instead.")
    for key in now.keys() - then.keys() if then and not about.may_grow else ():
        yield Problem(key, named, f"Nothing can be added to this list. {about.stays}")
    for key in now.keys() & then.keys():
        yield from _meaning(about, key, now[key], then[key])


def _meaning(about: EditableList, key: str, now: Row, then: Row) -> Iterator[Problem]:
    for column in about.columns:
        if column.fixed and now[column.name] != then[column.name]:
            yield Problem(key, column.name, f"“{column.label}” is part of what it means and never changes.")
    if then.get("unverified") and not (now.get("unverified") or now.get("source")):
        yield Problem(key, "source", "Say what it was checked against, or leave it marked as unverified.")


def nothing_more(_rows: Rows, _known: Known) -> Iterator[Problem]:
    yield from ()


def failures(rows: Rows, known: Known) -> Iterator[Problem]:
    letters = {step["letter"] for step in shipped("failures")["step"]}
    themes = {theme["number"] for theme in shipped("failures")["theme"]}
    for row in rows:
        if row["code"][0] not in letters:
            yield Problem(row["code"], "code", f"There is no pathway step {row['code'][0]}.")
        if strange := set(row["themes"]) - themes:
            yield Problem(row["code"], "themes", f"There is no theme {min(strange)}.")
        if unknown := set(row["standards"]) - known["standards"]:
            yield Problem(row["code"], "standards", f"{min(unknown)} is not in the library of standards.")


def standards(rows: Rows, known: Known) -> Iterator[Problem]:
    letters = {step["letter"] for step in shipped("failures")["step"]}
    for row in rows:
        begun, over = row["in_force_from"], row["in_force_to"]
        if begun and over and over < begun:
            yield Problem(row["key"], "in_force_to", "The last day must not be before the first.")
        if not row["precision"]:
            yield Problem(row["key"], "precision", "Select how exactly the first day is known.")
        if unknown := set(row["cite_for"]) - letters - known["failures"]:
            yield Problem(row["key"], "cite_for", f"{min(unknown)} is no pathway step and no failure code.")


def bands(rows: Rows, _known: Known) -> Iterator[Problem]:
    """Six levels, whose money rises from one to the next and never overlaps."""
    if [row["level"] for row in rows] != [1, 2, 3, 4, 5, 6]:
        yield Problem("", "level", "There are six levels, in order.")
    last = -1
    for row in rows:
        least, most = row["from_pounds"], row["to_pounds"]
        if least is None and most is not None:
            yield Problem(str(row["level"]), "from_pounds", "Enter where the range of money begins.")
        if least is None:
            continue
        if least <= last:
            yield Problem(
                str(row["level"]), "from_pounds", f"Begin above £{last:,}, where the level before ends."
            )
        if most is not None and most < least:
            yield Problem(str(row["level"]), "to_pounds", "The range must not end below where it begins.")
        if most is None and row["level"] != 6:
            yield Problem(
                str(row["level"]), "to_pounds", "Only the last level has no upper limit. Enter one."
            )
        last = max(last, most if most is not None else least)


def grounds(rows: Rows, _known: Known) -> Iterator[Problem]:
    for is_ours, words in ((True, "is ours"), (False, "is not ours")):
        if not any(row["ours"] is is_ours and not row["ended"] for row in rows):
            yield Problem("", "ours", f"At least one ground that {words} must be offered.")


def days(rows: Rows, _known: Known) -> Iterator[Problem]:
    """Only a day that counts otherwise than in England says anything."""
    for row in rows:
        if row["ended"]:
            continue
        day = date.fromisoformat(row["day"])
        is_working = calendar.is_working_day_in_england(day)
        if row["kind"] == CLOSED and not is_working:
            yield Problem(row["day"], "day", "This is no working day in England as it is.")
        if row["kind"] == WORKING and (is_working or day.weekday() >= 5):
            yield Problem(row["day"], "day", "This is no bank holiday on a weekday. Choose one that is.")


def requested(rows: Rows, _known: Known) -> Iterator[Problem]:
    """That nothing but `{when}` stands in braces, and that days are in order."""
    for row in rows:
        if strange := set(re.findall(r"\{[^}]*\}?|\}", row["words"])) - {"{when}"}:
            yield Problem(row["key"], "words", f"Only {{when}} is filled in. Take {min(strange)} out.")
        begun, over = row["events_from"], row["events_to"]
        if begun and over and over < begun:
            yield Problem(row["key"], "events_to", "The last day must not be before the first.")


def shipped_keys() -> Known:
    """What the lists as they are shipped are known by, for those that others refer to."""
    steps, library = shipped("failures")["step"], shipped("standards")["standard"]
    return {
        "failures": frozenset(row["code"] for step in steps for row in step["failure"]),
        "standards": frozenset(row["key"] for row in library),
    }
