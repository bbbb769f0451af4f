"""Where words stand on the pages of a PDF, and pages as pictures in which boxes are burned black.

Boxes are in thousandths of the width and height of a page as people see it: turned, and cropped.
"""

from __future__ import annotations

import ctypes
import math
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pypdfium2
from PIL import Image, ImageDraw
from pypdfium2 import raw

from . import Unreadable, reader
from .pdf import leaf, longest, opened
from .pictures import leaf as sheet
from .pictures import opened as opened_picture

POINTS = 72
#: The longer side of a page as a picture, in pixels: A3 at 200 dots to the inch has 3,300.
LONGEST_SIDE = 5000
#: Places found on one page, and how far a box reaches beyond the letters, in thousandths of the page.
MOST_FOUND, AROUND = 500, 2
QUALITY = 90
#: Pages are measured in so many parts to find where letters stand.
PARTS = 100_000


@reader
def find(path: str, words: str, first: int, most: int) -> dict[str, Any]:
    """For `most` pages from `first` on, the boxes of every place where these words stand, in any case."""
    with opened(path) as document:
        numbers = range(first, min(first + most, len(document) + 1))
        return {"in_all": len(document), "pages": [list(_places(document, n, words)) for n in numbers]}


@reader
def burn(
    path: str, is_pdf: bool, folder: str, first: int, most: int, boxes: dict[str, list[list[int]]], dots: int
) -> dict[str, Any]:
    """Draw `most` pages from `first` on as JPEGs in `folder`, named by their numbers, with their boxes black.

    `boxes` are by the number of the page; `dots` how many to the inch. For each page its width and height in
    pixels, and how many pages there are. Raises `Unreadable` for a page that cannot be drawn: none is left out.
    """
    with _drawer(path, is_pdf, dots) as (in_all, draw):
        numbers = range(first, min(first + most, in_all + 1))
        return {"in_all": in_all, "pages": [_burned(draw, n, boxes.get(str(n), []), folder) for n in numbers]}


@contextmanager
def _drawer(path: str, is_pdf: bool, dots: int) -> Iterator[tuple[int, Any]]:
    """How many pages there are, and what draws one of that number."""
    if is_pdf:
        with opened(path) as document:

            def page(number: int) -> Image.Image:
                side = longest(document, number)
                drawn: Image.Image = leaf(document, number, min(dots / POINTS, LONGEST_SIDE / side))
                return drawn

            yield len(document), page
    else:
        with opened_picture(path) as image:
            yield getattr(image, "n_frames", 1), lambda number: _bounded(sheet(image, number))


def _bounded(picture: Image.Image) -> Image.Image:
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    return picture


def _burned(draw: Any, number: int, boxes: list[list[int]], folder: str) -> list[int]:
    try:
        drawn = draw(number)
    except (pypdfium2.PdfiumError, OSError, ValueError, SyntaxError) as trouble:
        raise Unreadable(f"Page {number} cannot be drawn, so no copy of it can be made.") from trouble
    picture = Image.new("RGB", drawn.size)  # its points, and nothing that came with them
    picture.paste(drawn)
    pen = ImageDraw.Draw(picture)
    for left, top, right, bottom in boxes:
        across, down = picture.width / 1000, picture.height / 1000
        upper = (math.floor(left * across), math.floor(top * down))
        pen.rectangle((upper, (math.ceil(right * across), math.ceil(bottom * down))), fill="black")
    picture.save(f"{folder}/{number}.jpg", "JPEG", quality=QUALITY, subsampling=0)
    return [picture.width, picture.height]


def _places(document: pypdfium2.PdfDocument, number: int, words: str) -> Iterator[list[int]]:
    try:
        page = document[number - 1]
        text = page.get_textpage()
        searcher = text.search(words)
        for _ in range(MOST_FOUND):
            found = searcher.get_next()
            if found is None:
                return
            for line in range(text.count_rects(*found)):
                box = _box(page, *text.get_rect(line))
                if (
                    box[0] < box[2] and box[1] < box[3]
                ):  # else it is cropped away, and in no picture of the page
                    yield box
    except pypdfium2.PdfiumError:
        return


def _box(page: pypdfium2.PdfPage, left: float, bottom: float, right: float, top: float) -> list[int]:
    """A box of the page’s own measure as people see it, a little larger than it is."""
    corners = [_seen(page, left, bottom), _seen(page, right, top)]
    across, down = sorted(x for x, _y in corners), sorted(y for _x, y in corners)
    sides = (
        math.floor(across[0]) - AROUND,
        math.floor(down[0]) - AROUND,
        math.ceil(across[1]) + AROUND,
        math.ceil(down[1]) + AROUND,
    )
    return [min(1000, max(0, side)) for side in sides]


def _seen(page: pypdfium2.PdfPage, x: float, y: float) -> tuple[float, float]:
    """A point of the page’s own measure, in thousandths of the page as it is shown."""
    across, down = ctypes.c_int(), ctypes.c_int()
    raw.FPDF_PageToDevice(page, 0, 0, PARTS, PARTS, 0, x, y, ctypes.byref(across), ctypes.byref(down))
    return across.value * 1000 / PARTS, down.value * 1000 / PARTS
