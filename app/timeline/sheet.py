"""The facts of a timeline as lines of a table: what the picture says, for a file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from app.exports.sheets import Cell
from app.timeline import words
from app.timeline.intervals import Interval
from app.timeline.models import Row
from app.timeline.queries import Timeline

HEADINGS = (
    "Row", "Examination", "What", "When", "From", "Until", "Where", "Source", "Page", "What it says",
    "Disputed by", "Because", "Chosen to count by", "Struck out because",
)  # fmt: skip


def lines(timeline: Timeline) -> list[list[Cell]]:
    """The headings and a line for each row, then the intervals under headings of their own."""
    told: list[list[Cell]] = [[*HEADINGS], *(_line(row) for row in timeline.rows)]
    told += [[], ["Interval", "Examination", "From row", "To row", "How long", "Standard"]]
    return [*told, *_intervals(timeline)]


def _line(row: Row) -> list[Cell]:
    first, last = row.days
    return [
        row.number,
        row.study.name if row.study else "",
        row.called,
        words.when(row),
        first,
        last,
        row.where,
        row.document.title if row.document else "",
        row.page,
        row.words,
        row.disputed_by,
        row.disputed_because,
        row.chosen_by.name if row.chosen_by else "",
        row.struck_because,
    ]


def _intervals(timeline: Timeline) -> Iterator[list[Cell]]:
    for interval in timeline.intervals:
        yield [
            interval.about.name,
            interval.study.name if interval.study else "",
            _numbers(interval.begins),
            _numbers(interval.ends),
            interval.lasted,
            interval.measured_words,
        ]


def _numbers(rows: tuple[Row, ...]) -> str:
    return ", ".join(str(row.number) for row in rows)


def as_json(timeline: Timeline) -> dict[str, Any]:
    """The rows that stand and the intervals between them, for another program."""
    return {
        "rows": [_row_as_json(row) for row in timeline.standing],
        "intervals": [_interval_as_json(interval) for interval in timeline.intervals],
        "gaps": list(timeline.gaps),
    }


def _row_as_json(row: Row) -> dict[str, Any]:
    first, last = row.span
    return {
        "row": row.number,
        "examination": row.study.name if row.study else None,
        "kind": row.kind,
        "absence": row.is_absence,
        "earliest": first.isoformat(),
        "latest": last.isoformat(),
        "exactness": row.exactness.value,
        "when": words.when(row),
        "where": row.where or None,
        "document": row.document.key if row.document else None,
        "page": row.page or None,
        "disputed": row.is_disputed,
        "chosen": row.chosen_at is not None,
    }


def _interval_as_json(interval: Interval) -> dict[str, Any]:
    return {
        "interval": interval.about.key,
        "examination": interval.study.name if interval.study else None,
        "from_rows": [row.number for row in interval.begins],
        "to_rows": [row.number for row in interval.ends],
        "least_days": interval.least,
        "most_days": interval.most,
        "standard": interval.about.standard or None,
        "measured": interval.measured.value if interval.measured else None,
    }
