from __future__ import annotations

import re
from typing import Any

from wtforms.validators import ValidationError

from app.imaging.models import Whose
from app.web.fields import boxes, line, one_of, prose
from app.web.forms import CaseworkForm, CreatingForm

#: How many boxes are blackened in an image, and the largest number of one.
MOST_BOXES, LARGEST = 20, 99_999


class DecideForm(CaseworkForm):
    whose = one_of("Whose study is it?", Whose, required="Select whose study it is.")
    reasons = prose(
        "How do you know?",
        hint="For example that the family name changed on marriage, and who confirmed it.",
        required="Enter how you know whose it is.",
        most=4000,
    )


class CopyForm(CreatingForm):
    images = boxes("Which images?", {}, required="Select the images to be copied.")
    made_for = line(
        "Who is it for?", hint="The adviser, by name and specialty.", required="Enter who the copy is for."
    )
    reasons = prose(
        "Why are they given it?",
        hint="For example the question they are asked.",
        required="Enter why they are given it.",
        most=4000,
    )
    boxes = prose(
        "What is to be blackened?",
        hint="A line for each box, in points: left, top, width, height. For example 0, 0, 640, 40 for words along"
        " the top. Every image that is selected is blackened there. Where a picture is shown below, a box is on it as"
        " soon as its line is written. Leave empty if nothing is written in the picture.",
        most=1000,
    )

    def __init__(self, images: dict[str, str], chosen: list[str]) -> None:
        super().__init__(data={"images": chosen})
        self.images.choices = images

    def validate_boxes(self, field: Any) -> None:
        lines = _lines(field.data)
        if len(lines) > MOST_BOXES:
            raise ValidationError(f"Enter at most {MOST_BOXES} boxes.")
        for told in lines:
            box = _box(told)
            if box is None or not all(box[2:]):
                raise ValidationError(
                    f"“{told[:40]}” is no box. Enter four whole numbers: left, top, width, height."
                )

    @property
    def answers(self) -> dict[str, Any]:
        given = super().answers
        del given["images"]
        return given | {"boxes": [box for box in map(_box, _lines(self.boxes.data)) if box]}


def _lines(typed: str | None) -> list[str]:
    return [told.strip() for told in (typed or "").splitlines() if told.strip()]


def _box(told: str) -> list[int] | None:
    """Left, top, width and height; None if it does not say so."""
    figures = re.fullmatch(
        r"([0-9]{1,5})[ ,;]+([0-9]{1,5})[ ,;]+([0-9]{1,5})[ ,;]+([0-9]{1,5})", told, re.ASCII
    )
    return [int(each) for each in figures.groups()] if figures else None
