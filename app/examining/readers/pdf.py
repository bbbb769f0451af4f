"""PDF, by pypdfium2: how many pages, their words, and a picture of one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pypdfium2

from . import Unreadable, reader

MOST_PAGES = 20_000
#: Characters kept of one page. A page of print holds some 5,000.
LONGEST_PAGE = 50_000
#: The longer side of a picture of a page, and what a page may measure to be drawn at all, in points.
LONGEST_SIDE, LARGEST_PAGE = 2400, 20_000


@reader
def pages(path: str) -> dict[str, Any]:
    """How many pages there are."""
    with opened(path) as document:
        return {"pages": len(document)}


@reader
def text(path: str, first: int = 1, most: int = 100) -> dict[str, Any]:
    """The words of `most` pages from `first` on, which counts from 1; None for a page that cannot be read."""
    with opened(path) as document:
        numbers = range(first - 1, min(first - 1 + most, len(document)))
        return {"in_all": len(document), "pages": [_words(document, number) for number in numbers]}


@reader
def picture(path: str, out: str, page: int = 1, side: int = 400) -> dict[str, Any]:
    """Draw one page into a PNG at `out` whose longer side is `side` pixels."""
    with opened(path) as document:
        if not 1 <= page <= len(document):
            raise Unreadable(f"There is no page {page}: it has {len(document)}.")
        leaf = document[page - 1]
        width, height = leaf.get_size()
        if not 1 <= max(width, height) <= LARGEST_PAGE:
            raise Unreadable(f"Page {page} is too large to be drawn.")
        drawn = leaf.render(scale=min(side, LONGEST_SIDE) / max(width, height)).to_pil()
        drawn.convert("RGB").save(out, "PNG")
        return {"width": drawn.width, "height": drawn.height}


@reader
def drawn(path: str, folder: str, first: int, most: int, side: int) -> dict[str, Any]:
    """Draw `most` pages from `first` on into PNGs in `folder`, named by their numbers, forms filled in.

    For each its width and height in pixels, and how many pages there are; None for one that cannot be drawn.
    """
    with opened(path) as document:
        numbers = range(first, min(first + most, len(document) + 1))
        return {"in_all": len(document), "pages": [_drawn(document, n, folder, side) for n in numbers]}


def _drawn(document: pypdfium2.PdfDocument, number: int, folder: str, side: int) -> list[int] | None:
    try:
        picture = leaf(document, number, side / longest(document, number))
    except (pypdfium2.PdfiumError, Unreadable):
        return None
    picture.save(f"{folder}/{number}.png", "PNG")
    return [picture.width, picture.height]


def leaf(document: pypdfium2.PdfDocument, number: int, scale: float) -> Any:
    """A page as people see it, as a picture of Pillow: turned, cropped, with annotations and what forms hold."""
    with suppress(pypdfium2.PdfiumError, AttributeError):
        if document.formenv is None:
            document.init_forms()
    return document[number - 1].render(scale=scale, may_draw_forms=True).to_pil().convert("RGB")


def longest(document: pypdfium2.PdfDocument, number: int) -> float:
    """The longer side of a page, in points. Raises `Unreadable` for what is no page to be drawn."""
    side = float(max(document[number - 1].get_size()))
    if not 1 <= side <= LARGEST_PAGE:
        raise Unreadable(f"Page {number} is too large to be drawn.")
    return side


@contextmanager
def opened(path: str) -> Iterator[pypdfium2.PdfDocument]:
    """The PDF at a path. Raises `Unreadable` for what cannot be opened, and for what fails within."""
    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as trouble:
        if "password" in str(trouble).lower():
            raise Unreadable("This PDF is locked with a password. Ask who sent it for one without.") from None
        raise Unreadable("This PDF is damaged or cut off: it cannot be opened.") from None
    try:
        if not len(document):
            raise Unreadable("This PDF has no pages.")
        if len(document) > MOST_PAGES:
            raise Unreadable(f"A PDF of more than {MOST_PAGES:,} pages is not read.")
        yield document
    except pypdfium2.PdfiumError:
        raise Unreadable("This PDF is damaged: a page of it cannot be opened.") from None
    finally:
        document.close()


def _words(document: pypdfium2.PdfDocument, number: int) -> str | None:
    try:
        return str(document[number].get_textpage().get_text_bounded())[:LONGEST_PAGE]
    except pypdfium2.PdfiumError:
        return None
