"""Documents made ready for a bundle, and bound: nothing is left in them that acts, hides or names its maker.

A page that cannot be taken as it is becomes a picture of itself.
"""

from __future__ import annotations

from contextlib import suppress
from io import BytesIO
from typing import Any

from PIL import Image
from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.constants import PageLabelStyle
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    RectangleObject,
)

from . import Unreadable, reader
from .pdf import leaf, longest, opened
from .pictures import leaf as sheet
from .pictures import opened as opened_picture

A4 = (595.0, 842.0)
POINTS, DOTS, LONGEST_SIDE, QUALITY = 72, 150, 3500, 85
#: What acts, hides or tells who made a file, wherever it stands in it.
TAKEN_OUT = (
    "/AA", "/OpenAction", "/JavaScript", "/JS", "/EmbeddedFiles", "/EF", "/AF", "/Metadata", "/PieceInfo",
    "/Thumb", "/LastModified", "/StructParents", "/StructParent", "/Collection", "/URI", "/Launch", "/XFA",
)  # fmt: skip
#: Of a page that is put into a bundle, all that is kept, but for its annotations.
KEPT = {
    "/Type",
    "/Parent",
    "/MediaBox",
    "/CropBox",
    "/Rotate",
    "/Resources",
    "/Contents",
    "/Group",
    "/UserUnit",
}
LEFT_OUT = ["/Annots", "/AA", "/B", "/Metadata", "/PieceInfo", "/StructParents", "/Thumb"]
#: Annotations that are only seen, and all that is kept of one.
SEEN = {
    "/FreeText", "/Line", "/Square", "/Circle", "/Polygon", "/PolyLine", "/Highlight", "/Underline", "/Squiggly",
    "/StrikeOut", "/Stamp", "/Caret", "/Ink", "/Redact", "/Widget",
}  # fmt: skip
SEEN_OF_ONE = {
    "/Type", "/Subtype", "/Rect", "/AP", "/AS", "/F", "/C", "/CA", "/Border", "/BS", "/BE", "/IC", "/L", "/LE",
    "/Vertices", "/InkList", "/QuadPoints",
}  # fmt: skip
#: The height of the strip at the foot of a page, and of the letters in it, as parts of the width of the page.
STRIP, LETTERS = 1 / 28, 1 / 66


@reader
def prepare(path: str, out: str, is_pdf: bool, most: int) -> dict[str, Any]:
    """Write at `out` a PDF of the pages of a file, fit for a bundle: how many, and which of a PDF became pictures."""
    writer, drawn = PdfWriter(), []
    if is_pdf:
        with opened(path) as document:
            _require_at_most(most, len(document))
            taken = _as_taken(path, len(document))
            drawn = [n for n in range(1, len(document) + 1) if not _took(writer, taken, n)]
            for number in drawn:
                side = longest(document, number)
                picture = leaf(document, number, min(DOTS / POINTS, LONGEST_SIDE / side))
                writer.insert_page(_as_page(picture), number - 1)
    else:
        with opened_picture(path) as image:
            in_all = getattr(image, "n_frames", 1)
            _require_at_most(most, in_all)
            for number in range(1, in_all + 1):
                writer.add_page(_as_page(_bounded(sheet(image, number))))
    _written(writer, out)
    return {"pages": len(writer.pages), "drawn": drawn}


@reader
def bind(path: str, parts: list[list[str]], out: str, words: str) -> dict[str, Any]:
    """Bind the parts, each its title and its path, behind the index at `path`, and stamp every page.

    `words` are stamped with `{page}` and `{pages}` in them. The tags of the index are kept.
    """
    writer = PdfWriter(clone_from=path)
    labels = []
    for title, place in parts:
        first = len(writer.pages)
        for page in PdfReader(place).pages:
            writer.add_page(page)
        labels.append((title, first))
    pages = len(writer.pages)
    for number, page in enumerate(writer.pages, 1):
        _stamp(writer, page, words.format(page=number, pages=pages))
    writer.root_object.pop(NameObject("/Outlines"), None)
    writer.add_outline_item(title="Index", page_number=0)
    for title, first in labels:
        writer.add_outline_item(title=title, page_number=first)
    writer.set_page_label(page_index_from=0, page_index_to=pages - 1, style=PageLabelStyle.DECIMAL, start=1)
    _written(writer, out)
    return {"pages": pages, "firsts": [first + 1 for _title, first in labels]}


def _require_at_most(most: int, pages: int) -> None:
    if pages > most:
        raise Unreadable(f"It has {pages:,} pages; there is room for {most:,}.")


def _as_taken(path: str, pages: int) -> PdfReader | None:
    """The file as pypdf takes it; None if it does not, or if layers of it are hidden, which only drawing obeys."""
    with suppress(Exception):  # whatever it stumbles over, the other library has opened the file
        taken = PdfReader(path)
        if len(taken.pages) == pages and "/OCProperties" not in taken.root_object:
            return taken
    return None


def _took(writer: PdfWriter, taken: PdfReader | None, number: int) -> bool:
    """Whether the page could be put into the bundle as it is, without what acts or hides."""
    before = len(writer.pages)
    try:
        if taken is not None:
            _put(writer, taken.pages[number - 1])
            return True
    except Exception:  # as above: the page is drawn instead
        while len(writer.pages) > before:
            writer.remove_page(len(writer.pages) - 1)
    return False


def _put(writer: PdfWriter, page: PageObject) -> None:
    """Put a page at the end: what it shows, and nothing that acts. Raises whatever it stumbles over."""
    copy = writer.add_page(page, excluded_keys=LEFT_OUT)
    contents = copy.get_contents()
    if contents is not None:
        contents.get_data()
    seen = RectangleObject([float(side) for side in copy.cropbox])
    if not (seen.width > 1 and seen.height > 1):
        raise ValueError("no size")
    for key in [key for key in copy if key not in KEPT]:
        del copy[key]
    copy[NameObject("/MediaBox")] = copy[NameObject("/CropBox")] = seen
    copy[NameObject("/Annots")] = ArrayObject(
        writer._add_object(_seen_of(writer, one.get_object()))
        for one in page.get("/Annots", ArrayObject()).get_object()
        if one.get_object().get("/Subtype") in SEEN
    )


def _seen_of(writer: PdfWriter, annotation: DictionaryObject) -> DictionaryObject:
    return DictionaryObject(
        {NameObject(key): annotation.raw_get(key).clone(writer) for key in annotation if key in SEEN_OF_ONE}
    )


def _as_page(picture: Image.Image) -> PageObject:
    """A page with a picture on it, as wide as a sheet."""
    out = BytesIO()
    picture.convert("RGB").save(out, "JPEG", quality=QUALITY)
    image = DecodedStreamObject()
    image.set_data(out.getvalue())
    image.update(
        {
            NameObject("/Type"): NameObject("/XObject"),
            NameObject("/Subtype"): NameObject("/Image"),
            NameObject("/Width"): NumberObject(picture.width),
            NameObject("/Height"): NumberObject(picture.height),
            NameObject("/ColorSpace"): NameObject("/DeviceRGB"),
            NameObject("/BitsPerComponent"): NumberObject(8),
            NameObject("/Filter"): NameObject("/DCTDecode"),
        }
    )
    alone, scale = PdfWriter(), min(A4[0] / picture.width, A4[1] / picture.height)
    across, down = picture.width * scale, picture.height * scale
    page = alone.add_blank_page(across, down)
    page[NameObject("/Resources")] = DictionaryObject(
        {NameObject("/XObject"): DictionaryObject({NameObject("/P"): alone._add_object(image)})}
    )
    page[NameObject("/Contents")] = alone._add_object(
        _stream(f"q {across:.2f} 0 0 {down:.2f} 0 0 cm /P Do Q")
    )
    return page


def _stamp(writer: PdfWriter, page: PageObject, words: str) -> None:
    """Add a strip at the foot of a page as it is seen, say the words in it, and keep the page out of it."""
    left, bottom, right, top = (float(side) for side in page.cropbox)
    turned = int(page.get("/Rotate", 0)) % 360
    width = right - left if turned in {0, 180} else top - bottom
    strip, size = width * STRIP, width * LETTERS
    inset, lift = width / 30, strip / 3
    box, matrix = {
        0: ([left, bottom - strip, right, top], (1, 0, 0, 1, left + inset, bottom - strip + lift)),
        90: ([left, bottom, right + strip, top], (0, 1, -1, 0, right + strip - lift, bottom + inset)),
        180: ([left, bottom, right, top + strip], (-1, 0, 0, -1, right - inset, top + strip - lift)),
        270: ([left - strip, bottom, right, top], (0, -1, 1, 0, left - strip + lift, top - inset)),
    }[turned]
    placed = " ".join(f"{part:.2f}" for part in matrix)
    before = _stream(
        f"/Artifact BMC q 0 g BT /Stamped {size:.2f} Tf {placed} Tm ({words}) Tj ET Q EMC\n"
        f"{left:.2f} {bottom:.2f} {right - left:.2f} {top - bottom:.2f} re W n"
    )
    resources = page.get("/Resources", DictionaryObject()).get_object()
    own = DictionaryObject(resources)
    fonts = DictionaryObject(resources.get("/Font", DictionaryObject()).get_object())
    fonts[NameObject("/Stamped")] = _font()
    own[NameObject("/Font")] = fonts
    page[NameObject("/Resources")] = own
    rest = [page.raw_get("/Contents")] if "/Contents" in page else []
    if rest and isinstance(rest[0].get_object(), ArrayObject):
        rest = list(rest[0].get_object())
    page[NameObject("/Contents")] = ArrayObject([writer._add_object(before), *rest])
    page[NameObject("/MediaBox")] = page[NameObject("/CropBox")] = RectangleObject(box)


def _font() -> DictionaryObject:
    said = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica"}
    return DictionaryObject({NameObject(key): NameObject(value) for key, value in said.items()})


def _written(writer: PdfWriter, out: str) -> None:
    """Write it with nothing in it that acts, and nothing that tells who or what made it, or when."""
    for one in writer._objects:
        if isinstance(one, DictionaryObject):
            for key in TAKEN_OUT:
                one.pop(NameObject(key), None)
    for key in ("/Names", "/AcroForm", "/Perms", "/Threads"):
        writer.root_object.pop(NameObject(key), None)
    writer.metadata = None
    writer._ID = None
    writer.pdf_header = "%PDF-1.7"
    writer.compress_identical_objects(remove_duplicates=True, remove_unreferenced=True)
    writer.write(out)


def _bounded(picture: Image.Image) -> Image.Image:
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    return picture


def _stream(words: str) -> DecodedStreamObject:
    stream = DecodedStreamObject()
    stream.set_data(words.encode("latin-1"))
    return stream
