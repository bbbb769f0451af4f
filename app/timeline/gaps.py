"""What a timeline does not say yet, or says without a source."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from app.reference.lists import timeline_kinds
from app.timeline.intervals import Interval, Measured
from app.timeline.models import Row, Study


def gaps(rows: Sequence[Row], studies: Sequence[Study], intervals: Sequence[Interval]) -> list[str]:
    """What is missing, a sentence each, in the order of the pathway. Rows that are struck out fill nothing."""
    standing = [row for row in rows if row.struck_at is None]
    return [
        *_missing(standing, studies),
        *_without_source(standing),
        *_undecided(standing),
        *_no_standard(intervals),
    ]


def _missing(rows: Sequence[Row], studies: Sequence[Study]) -> Iterator[str]:
    for study in studies:
        said = {row.kind for row in rows if row.study is study}
        for kind in timeline_kinds().values():
            if kind.expected and kind.key not in said:
                yield f"{study.name}: nothing says {kind.expected}."


def _without_source(rows: Sequence[Row]) -> Iterator[str]:
    for row in rows:
        if row.document is None:
            yield f"Row {row.number} ({row.called}) has no source."
        elif not row.page and (row.document.pages or 0) > 1:
            yield f"Row {row.number} ({row.called}) does not say on which page of its source."


def _undecided(rows: Sequence[Row]) -> Iterator[str]:
    for row in rows:
        if row.is_disputed and not any(_is_same_event(row, other) and other.chosen_at for other in rows):
            yield f"Row {row.number} ({row.called}) is disputed, and nobody has chosen which account counts."


def _is_same_event(row: Row, other: Row) -> bool:
    return row.kind == other.kind and row.study is other.study


def _no_standard(intervals: Sequence[Interval]) -> Iterator[str]:
    for interval in intervals:
        if interval.measured is Measured.NOT_IN_FORCE:
            whose = interval.study.name if interval.study else "The examination"
            yield f"{whose}: the organisation’s own reporting time of the day is needed, as there was no national one."
