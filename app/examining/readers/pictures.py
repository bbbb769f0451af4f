"""Photographs and scans, by Pillow. Nothing is decoded before it has said how large it is."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from PIL import Image, ImageOps, UnidentifiedImageError

from . import Unreadable, reader

#: A sheet of A3 at 600 dots to the inch has 70 million.
MOST_PIXELS = 100_000_000
FORMATS = ("PNG", "JPEG", "TIFF")
Image.MAX_IMAGE_PIXELS = MOST_PIXELS
warnings.simplefilter("error", Image.DecompressionBombWarning)


@reader
def size(path: str) -> dict[str, Any]:
    """How large it is, and how many pages it has."""
    with opened(path) as image:
        return {"width": image.width, "height": image.height, "pages": getattr(image, "n_frames", 1)}


@reader
def picture(path: str, out: str, page: int = 1, side: int = 400) -> dict[str, Any]:
    """Draw it, or one page of it, into a PNG at `out` whose longer side is at most `side` pixels."""
    with opened(path) as image:
        try:
            image.seek(page - 1)
        except EOFError:
            raise Unreadable(f"There is no page {page}.") from None
        image.draft("RGB", (side, side))
        drawn = ImageOps.exif_transpose(image).convert("RGB")
        drawn.thumbnail((side, side))
        drawn.save(out, "PNG")
        return {"width": drawn.width, "height": drawn.height}


@reader
def drawn(path: str, folder: str, first: int, most: int, side: int) -> dict[str, Any]:
    """Draw `most` pages from `first` on into PNGs in `folder`: see the reader of that name for PDFs."""
    with opened(path) as image:
        in_all = getattr(image, "n_frames", 1)
        numbers = range(first, min(first + most, in_all + 1))
        return {"in_all": in_all, "pages": [_drawn(image, n, folder, side) for n in numbers]}


def _drawn(image: Image.Image, number: int, folder: str, side: int) -> list[int] | None:
    try:
        picture = leaf(image, number)
    except (OSError, ValueError, SyntaxError, EOFError):
        return None
    picture.thumbnail((side, side))
    picture.save(f"{folder}/{number}.png", "PNG")
    return [picture.width, picture.height]


def leaf(image: Image.Image, number: int) -> Image.Image:
    """One page of it as people see it, the right way up, and nothing but its points."""
    image.seek(number - 1)
    upright = ImageOps.exif_transpose(image)
    if not upright.has_transparency_data:
        return upright.convert("RGB")
    ink = upright.convert("RGBA")
    paper = Image.new("RGB", ink.size, "white")
    paper.paste(ink, mask=ink.getchannel("A"))
    return paper


@contextmanager
def opened(path: str) -> Iterator[Image.Image]:
    """The picture at a path. Raises `Unreadable` for what cannot be opened, and for what fails within."""
    try:
        with Image.open(path, formats=FORMATS) as image:
            yield image
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Unreadable(
            f"This picture has more than {MOST_PIXELS // 10**6} million points. It is not shown."
        ) from None
    except UnidentifiedImageError:
        raise Unreadable("This is not a picture we know, or its beginning is damaged.") from None
    except Unreadable:
        raise
    except (OSError, ValueError, SyntaxError, IndexError, KeyError, TypeError, EOFError) as trouble:
        raise Unreadable("This picture is damaged or cut off.") from trouble
