"""Looking at a study: its frames one after another, series by series, beside another study where one is chosen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from app.imaging import queries
from app.imaging.models import ImagingImage, ImagingSeries, ImagingStudy

#: How many frames one page leads through.
MOST_SHOWN = 2000
#: Said wherever images are shown.
NOT_FOR_DIAGNOSIS = (
    "Not for diagnosis. These pictures were made from the files by our own program, on screens that nobody has"
    " calibrated. They are for reading the case; what an image shows, a radiologist says from the original."
)


@dataclass(frozen=True)
class Frame:
    """One frame of one image, and what the worker said when it drew it."""

    image: ImagingImage
    number: int
    told: Mapping[str, Any]

    @property
    def has_values(self) -> bool:
        """Whether it has one channel, so that its window can be chosen."""
        return "slope" in self.told

    @property
    def caption(self) -> str:
        """Which frame it is, of which image and series."""
        series = self.image.series
        called = series.description or (
            f"series {series.number}" if series.number is not None else "a series"
        )
        image = f"image {self.image.number}" if self.image.number is not None else "image without a number"
        of = f", frame {self.number} of {self.image.frames}" if self.image.frames > 1 else ""
        return f"{series.modality or 'Unknown modality'}, {called}, {image}{of}"


@dataclass(frozen=True)
class Pane:
    """One study on the page: all its frames in order, and the one that is shown, which counts from 1."""

    study: ImagingStudy
    frames: Sequence[Frame]
    #: Each series that has frames, with the place of its first.
    series: Sequence[tuple[ImagingSeries, int]]
    #: What is not drawn, or not all of it, and why.
    missing: Sequence[tuple[ImagingImage, str]]
    at: int
    is_cut_short: bool

    @property
    def frame(self) -> Frame | None:
        return self.frames[self.at - 1] if self.frames else None

    @property
    def series_at(self) -> int:
        """The place in `series` of the one that is shown."""
        return max((n for n, (_, first) in enumerate(self.series) if first <= self.at), default=0)

    @property
    def steps(self) -> list[tuple[str, int]]:
        """Where one can go on from here, in words, each with its place."""
        firsts = [first for _, first in self.series]
        here = self.series_at
        ways = [
            ("Previous frame", self.at - 1),
            ("Next frame", self.at + 1),
            ("Previous series", firsts[here - 1] if here else 0),
            ("Next series", firsts[here + 1] if here + 1 < len(firsts) else 0),
        ]
        return [(words, to) for words, to in ways if 1 <= to <= len(self.frames)]

    @property
    def for_script(self) -> list[dict[str, Any]]:
        """What `static/looking.js` has to know of every frame, in order."""
        return [
            {
                "image": each.image.document.key,
                "number": each.number,
                "caption": each.caption,
                "has_values": each.has_values,
                "rows": each.image.rows,
                "columns": each.image.columns,
            }
            | dict(each.told)
            for each in self.frames
        ]

    @property
    def sentence(self) -> str:
        """Which study it is, in a sentence."""
        made_on = self.study.studied_on
        on = f"{made_on.day} {made_on:%B %Y}" if made_on else "an unknown day"
        kinds = "/".join(dict.fromkeys(each.modality for each in self.study.series if each.modality))
        at = self.study.institution or "an unknown institution"
        return f"“{self.study.description or self.study.called}” of {on}, {kinds or 'unknown modality'}, at {at}."


def pane(session: Session, study: ImagingStudy, at: int = 1) -> Pane:
    """What is seen of a study. A place that it does not have is its nearest."""
    images = [image for series in study.series for image in series.images]
    drawn = queries.drawn(session, [image.document_id for image in images])
    frames: list[Frame] = []
    series: list[tuple[ImagingSeries, int]] = []
    missing: list[tuple[ImagingImage, str]] = []
    for image in images:
        known = drawn.get(image.document_id)
        if known is None or known.sentence:
            missing.append((image, known.sentence if known else "It is still to be drawn."))
        if known is not None and known.frames:
            if not series or series[-1][0] is not image.series:
                series.append((image.series, len(frames) + 1))
            frames += [Frame(image, number, told) for number, told in enumerate(known.frames, 1)]
    shown = frames[:MOST_SHOWN]
    begun = [each for each in series if each[1] <= MOST_SHOWN]
    return Pane(study, shown, begun, missing, min(max(at, 1), max(len(shown), 1)), len(frames) > MOST_SHOWN)
