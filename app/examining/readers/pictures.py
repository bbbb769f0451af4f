"""Photographs and scans, by Pillow. Nothing is decoded before it has said how large it is."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from PIL import Image, UnidentifiedImageError

from . import Unreadable, reader

#: A sheet of A3 at 600 dots to the inch has 70 million.
MOST_PIXELS = 100_000_000
FORMATS = ("PNG", "JPEG", "TIFF")
Image.MAX_IMAGE_PIXELS = MOST_PIXELS
warnings.simplefilter("error", Image.DecompressionBombWarning)


@reader
def size(path: str) -> dict[str, Any]:
    """How large it is, and how many pages it has."""
    with _opened(path) as image:
        return {"width": image.width, "height": image.height, "pages": getattr(image, "n_frames", 1)}


@reader
def picture(path: str, out: str, page: int = 1, side: int = 400) -> dict[str, Any]:
    """Draw it, or one page of it, into a PNG at `out` whose longer side is at most `side` pixels."""
    with _opened(path) as image:
        try:
            image.seek(page - 1)
        except EOFError:
            raise Unreadable(f"There is no page {page}.") from None
        image.draft("RGB", (side, side))
        drawn = image.convert("RGB")
        drawn.thumbnail((side, side))
        drawn.save(out, "PNG")
        return {"width": drawn.width, "height": drawn.height}


@contextmanager
def _opened(path: str) -> Iterator[Image.Image]:
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
