"""A box on a page, in thousandths of its width and height as people see it, from the upper left corner."""

from __future__ import annotations

from dataclasses import dataclass

from app.core.errors import RuleBroken


@dataclass(frozen=True)
class Box:
    left: int
    top: int
    right: int
    bottom: int


def box_of(left: int | None, top: int | None, right: int | None, bottom: int | None) -> Box | None:
    """The box with these sides; None if none is given. Raises `RuleBroken` for what is no box."""
    given = (left, top, right, bottom)
    if all(side is None for side in given):
        return None
    if left is None or top is None or right is None or bottom is None:
        raise RuleBroken("Enter all four sides of the region, or none of them.", field="left")
    if left >= right:
        raise RuleBroken("The right side must be further right than the left one.", field="right")
    if top >= bottom:
        raise RuleBroken("The lower side must be further down than the upper one.", field="bottom")
    return Box(left, top, right, bottom)
