"""Where everything of the picture stands. Time runs down the page, an examination is a lane, and words stand beside.

Time is to scale, but for long silences, which are cut short and marked. Words that would lie on each other
are moved down and joined to their mark by a line. What is not known exactly is a stroke over all it may mean,
what was searched for in vain a hatched bar over what was searched.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from app.timeline import words
from app.timeline.models import Row
from app.timeline.queries import Timeline

TOP, BOTTOM, LABEL, BREAK = 30.0, 30.0, 44.0, 64.0
PER_DAY = 4.0
#: How far above the row after it a cut stands.
CUT = 34.0
#: From how many days without a row on the picture cuts time short.
SILENCE = 45
LANES_FROM, LANE, WIDTH = 40.0, 34.0, 860.0
#: About how many letters fit beside the lanes.
LETTERS = 92
COLOURS = ("#1d70b8", "#00703c", "#6f2c91", "#b45309", "#0b7285", "#86134d")
DAY = 24 * 60 * 60


@dataclass(frozen=True)
class Mark:
    row: Row
    x: float
    y: float
    y_from: float
    y_to: float
    label_y: float
    colour: str
    title: str
    aside: str


@dataclass(frozen=True)
class Cut:
    """A silence that is cut short."""

    y: float
    words: str


@dataclass(frozen=True)
class Lane:
    name: str
    x: float
    colour: str
    key_y: float


@dataclass(frozen=True)
class Drawing:
    height: float
    axis_to: float
    labels_x: float
    lanes: Sequence[Lane]
    marks: Sequence[Mark]
    cuts: Sequence[Cut]
    width: float = WIDTH


def draw(timeline: Timeline) -> Drawing | None:
    """The picture of the rows that stand; None while there is none."""
    rows = sorted(timeline.standing, key=lambda row: (row.span, row.number))
    if not rows:
        return None
    names = [study.name for study in timeline.studies]
    names += ["The case as a whole"] if any(row.study is None for row in rows) else []
    top = TOP + 26 * len(names)
    axis, cuts, labels = _axis(rows, top)
    lanes = [
        Lane(name, LANES_FROM + LANE * at, COLOURS[at % len(COLOURS)], TOP + 26 * at)
        for at, name in enumerate(names)
    ]
    own = {study.id: lane for study, lane in zip(timeline.studies, lanes, strict=False)}
    marks = [
        _mark(row, own.get(row.study_id or 0, lanes[-1]), axis, y)
        for row, y in zip(rows, labels, strict=True)
    ]
    axis_to = max(mark.y_to for mark in marks) + 14
    height = max(axis_to, *(mark.label_y + LABEL for mark in marks)) + BOTTOM
    marks.sort(key=lambda mark: not mark.row.is_absence)  # a hatched bar lies under the marks beside it
    return Drawing(height, axis_to, LANES_FROM + LANE * len(lanes) + 14, lanes, marks, cuts)


class _Axis:
    """From an instant to how far down it stands."""

    def __init__(self, points: list[datetime], heights: list[float]) -> None:
        self._points, self._heights = points, heights

    def __call__(self, instant: datetime) -> float:
        at = min(bisect_right(self._points, instant), len(self._points) - 1)
        before, after = self._points[max(at - 1, 0)], self._points[at]
        share = (instant - before) / (after - before) if after > before else 0.0
        low, high = self._heights[max(at - 1, 0)], self._heights[at]
        return round(low + share * (high - low), 1)


def _axis(rows: Sequence[Row], top: float) -> tuple[_Axis, list[Cut], list[float]]:
    """The axis, its cuts, and where the words of each row stand.

    A cut is not to scale anyway, so it grows to let the words before it catch up with their marks.
    """
    points = sorted({instant for row in rows for instant in (*row.span, _middle(row))})
    heights, cuts, labels = [top], [], []
    starts = [_middle(row) for row in rows]
    order = sorted(range(len(rows)), key=lambda at: (starts[at], rows[at].number))
    placed: dict[int, float] = {}
    words_to = top - LABEL
    waiting = list(order)
    for before, after in [*pairwise(points), (points[-1], points[-1])]:
        while waiting and starts[waiting[0]] <= before:
            at = waiting.pop(0)
            placed[at] = words_to = max(heights[-1], words_to + LABEL)
        days = (after - before).total_seconds() / DAY
        if days > SILENCE:
            step = max(BREAK, words_to + LABEL + CUT - heights[-1])
            cuts.append(Cut(round(heights[-1] + step - CUT, 1), _silence(days)))
        else:
            step = days * PER_DAY
        if after > before:
            heights.append(heights[-1] + step)
    labels = [round(placed[at], 1) for at in range(len(rows))]
    return _Axis(points, heights), cuts, labels


def _middle(row: Row) -> datetime:
    """Where the mark of a row stands: an absence at its beginning, all else in the middle of what is known."""
    first, last = row.span
    return first if row.is_absence else first + (last - first) / 2


def _mark(row: Row, lane: Lane, axis: _Axis, label_y: float) -> Mark:
    first, last = row.span
    what = f"{row.called} – {words.when(row)}"
    where = [f"disputed by {row.disputed_by}"] if row.is_disputed else []  # first: long lines are cut
    where += ["chosen to count"] if row.chosen_at else []
    where += [
        row.where,
        row.document.title + (f", {row.page}" if row.page else "") if row.document else "No source",
    ]
    aside = f"Row {row.number}: " + " · ".join(each for each in where if each)
    y = axis(_middle(row))
    return Mark(
        row,
        lane.x,
        y,
        axis(first),
        axis(last),
        max(label_y, y),
        lane.colour,
        _short(what),
        _short(aside, LETTERS + 8),
    )


def _short(said: str, most: int = LETTERS) -> str:
    return said if len(said) <= most else f"{said[: most - 1]}…"


def _silence(days: float) -> str:
    months = round(days / 30.44)
    return f"{round(days)} days" if months < 3 else f"about {months} months"
