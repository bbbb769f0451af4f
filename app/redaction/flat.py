"""A PDF of pictures and nothing else: no words, no dates, no names, no program, no identifier, one revision.

Written by hand, as everything a library writes of its own accord would have to be taken out again.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

POINTS = 72
CATALOG, PAGES = 1, 2


class FlatPdf:
    """Written page by page into a file; whole when it is left without an error."""

    def __init__(self, file: BinaryIO, *, dots: int) -> None:
        self._file, self._dots = file, dots
        self._places: dict[int, int] = {}
        self._kids: list[int] = []
        self._next = PAGES + 1
        file.write(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")

    def __enter__(self) -> FlatPdf:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None
    ) -> None:
        if kind is None:
            self._close()

    def add(self, jpeg: Path, width: int, height: int, boxes: Sequence[Sequence[int]]) -> None:
        """Add a page: a picture of that many pixels, and over it the boxes in thousandths of it, black once more."""
        page, content, picture = self._next, self._next + 1, self._next + 2
        self._next += 3
        across, down = width * POINTS / self._dots, height * POINTS / self._dots
        drawing = f"q {across:.2f} 0 0 {down:.2f} 0 0 cm /P Do Q 0 g\n"
        for left, top, right, bottom in boxes:
            x, y = across * left / 1000, down * (1000 - bottom) / 1000
            drawing += f"{x:.2f} {y:.2f} {across * (right - left) / 1000:.2f} {down * (bottom - top) / 1000:.2f} re f\n"
        self._object(
            page,
            f"<</Type/Page/Parent {PAGES} 0 R/MediaBox[0 0 {across:.2f} {down:.2f}]"
            f"/Contents {content} 0 R/Resources<</XObject<</P {picture} 0 R>>>>>>",
        )
        self._object(content, f"<</Length {len(drawing)}>>\nstream\n{drawing}\nendstream")
        self._begin(picture)
        self._say(
            f"<</Type/XObject/Subtype/Image/Width {width}/Height {height}/ColorSpace/DeviceRGB"
            f"/BitsPerComponent 8/Filter/DCTDecode/Length {jpeg.stat().st_size}>>\nstream\n"
        )
        with jpeg.open("rb") as points:
            shutil.copyfileobj(points, self._file)
        self._say("\nendstream\nendobj\n")
        self._kids.append(page)

    def _close(self) -> None:
        kids = " ".join(f"{kid} 0 R" for kid in self._kids)
        self._object(PAGES, f"<</Type/Pages/Count {len(self._kids)}/Kids[{kids}]>>")
        self._object(CATALOG, f"<</Type/Catalog/Pages {PAGES} 0 R>>")
        table = self._file.tell()
        self._say(f"xref\n0 {self._next}\n0000000000 65535 f \n")
        for number in range(1, self._next):
            self._say(f"{self._places[number]:010d} 00000 n \n")
        self._say(f"trailer\n<</Size {self._next}/Root {CATALOG} 0 R>>\nstartxref\n{table}\n%%EOF\n")

    def _object(self, number: int, content: str) -> None:
        self._begin(number)
        self._say(f"{content}\nendobj\n")

    def _begin(self, number: int) -> None:
        self._places[number] = self._file.tell()
        self._say(f"{number} 0 obj\n")

    def _say(self, words: str) -> None:
        self._file.write(words.encode("ascii"))
