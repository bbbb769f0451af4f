"""Files with words planted wherever a file can hold some. Each answers with its name and its bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import BytesIO

from PIL import Image, ImageDraw
from PIL.PngImagePlugin import PngInfo
from pypdf import PdfWriter
from pypdf.annotations import FreeText, Text
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    RectangleObject,
    TextStringObject,
)

from tests.examining import made

#: Planted in every file, in the text of its pages if it has text, and wherever else its kind says.
WORD = "Zephyrine"
SENTENCE = f"Seen by {WORD} today."


def _pdf(plant: Callable[[PdfWriter], None], *pages: str) -> bytes:
    out = BytesIO()
    writer = PdfWriter(clone_from=BytesIO(made.pdf(*(pages or (SENTENCE, "Page two.")))))
    plant(writer)
    writer.write(out)
    return out.getvalue()


def _annotation(writer: PdfWriter) -> None:
    writer.add_annotation(0, FreeText(text=WORD, rect=(20, 20, 200, 60)))
    writer.add_annotation(0, Text(text=WORD, rect=(20, 120, 40, 140)))


def _metadata(writer: PdfWriter) -> None:
    writer.add_metadata({"/Author": WORD, "/Title": WORD, "/Keywords": WORD})


def _xmp(writer: PdfWriter) -> None:
    stream = DecodedStreamObject()
    stream.set_data(f"<x:xmpmeta><dc:creator>{WORD}</dc:creator></x:xmpmeta>".encode())
    stream.update({NameObject("/Type"): NameObject("/Metadata"), NameObject("/Subtype"): NameObject("/XML")})
    writer.root_object[NameObject("/Metadata")] = writer._add_object(stream)


def _attachment(writer: PdfWriter) -> None:
    writer.add_attachment(f"{WORD}.txt", WORD.encode())


def _field(writer: PdfWriter) -> None:
    field = DictionaryObject(
        {
            NameObject("/FT"): NameObject("/Tx"),
            NameObject("/Type"): NameObject("/Annot"),
            NameObject("/Subtype"): NameObject("/Widget"),
            NameObject("/T"): TextStringObject(WORD),
            NameObject("/V"): TextStringObject(WORD),
            NameObject("/DA"): TextStringObject("/Helv 12 Tf 0 g"),
            NameObject("/F"): NumberObject(4),
            NameObject("/Rect"): RectangleObject((20, 20, 200, 60)),
        }
    )
    held = writer._add_object(field)
    writer.pages[0][NameObject("/Annots")] = ArrayObject([held])
    form = DictionaryObject({NameObject("/Fields"): ArrayObject([held])})
    writer.root_object[NameObject("/AcroForm")] = writer._add_object(form)


def _outline(writer: PdfWriter) -> None:
    writer.add_outline_item(title=WORD, page_number=0)


def _script(writer: PdfWriter) -> None:
    action = {
        NameObject("/S"): NameObject("/JavaScript"),
        NameObject("/JS"): TextStringObject(f"app.alert('{WORD}')"),
    }
    writer.root_object[NameObject("/OpenAction")] = DictionaryObject(action)


def _thumbnail(writer: PdfWriter) -> None:
    thumb = DecodedStreamObject()
    thumb.set_data(WORD.encode())
    writer.pages[0][NameObject("/Thumb")] = writer._add_object(thumb)


def _nothing(_writer: PdfWriter) -> None:
    pass


def _turned(degrees: int) -> Callable[[PdfWriter], None]:
    return lambda writer: [page.rotate(degrees) for page in writer.pages] and None


def _cropped(writer: PdfWriter) -> None:
    for page in writer.pages:
        page.cropbox = RectangleObject((10, 60, 250, 180))


def _cropped_away(writer: PdfWriter) -> None:
    for page in writer.pages:
        page.cropbox = RectangleObject((0, 0, 300, 90))  # its words stand at 100


def _cropped_and_turned(writer: PdfWriter) -> None:
    _cropped(writer)
    _turned(90)(writer)


def earlier_revision(plant: Callable[[PdfWriter], None] = _nothing) -> bytes:
    """A file whose first page was changed by an update at its end: the words before it are in it still."""
    out = BytesIO(_pdf(plant))
    writer = PdfWriter(out, incremental=True)
    content = DecodedStreamObject()
    content.set_data(b"BT /F1 12 Tf 20 100 Td (Nothing is here.) Tj ET")
    writer.pages[0][NameObject("/Contents")] = writer._add_object(content)
    changed = BytesIO()
    writer.write(changed)
    return changed.getvalue()


def _picture(kind: str, **how: object) -> bytes:
    picture, out = Image.new("RGB", (400, 300), "white"), BytesIO()
    ImageDraw.Draw(picture).text((20, 20), SENTENCE, fill="black")
    picture.save(out, kind, **how)
    return out.getvalue()


def _png() -> bytes:
    told = PngInfo()
    told.add_text("Author", WORD)
    told.add_itxt("Comment", WORD, zip=True)
    return _picture("PNG", pnginfo=told)


def _jpeg() -> bytes:
    exif = Image.Exif()
    exif[0x010E], exif[0x013B] = WORD, WORD
    thumbnail = _picture("JPEG", comment=WORD)
    return _picture("JPEG", exif=exif.tobytes() + thumbnail, comment=WORD)


def _turned_jpeg() -> bytes:
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = 6, WORD
    return _picture("JPEG", exif=exif)


def _tiff() -> bytes:
    from PIL.TiffImagePlugin import ImageFileDirectory_v2

    told = ImageFileDirectory_v2()
    told[270], told[315] = WORD, WORD
    sheet = Image.new("RGB", (400, 300), "white")
    return _picture("TIFF", tiffinfo=told, save_all=True, append_images=[sheet])


def all_of_them() -> Iterator[tuple[str, bytes]]:
    """Thirty files."""
    plants: dict[str, Callable[[PdfWriter], None]] = {
        "text": _nothing,
        "annotation": _annotation,
        "metadata": _metadata,
        "xmp": _xmp,
        "attachment": _attachment,
        "field": _field,
        "outline": _outline,
        "script": _script,
        "thumbnail": _thumbnail,
        "turned-90": _turned(90),
        "turned-180": _turned(180),
        "turned-270": _turned(270),
        "cropped": _cropped,
        "cropped-away": _cropped_away,
        "cropped-turned": _cropped_and_turned,
    }
    for name, plant in plants.items():
        yield f"{name}.pdf", _pdf(plant)
    yield "revision.pdf", earlier_revision()
    for name in ("annotation", "metadata", "xmp", "attachment", "field", "turned-90"):
        yield f"revision-{name}.pdf", earlier_revision(plants[name])
    several = [
        plants[name] for name in ("annotation", "metadata", "xmp", "attachment", "outline", "thumbnail")
    ]
    yield "everything.pdf", _pdf(lambda writer: [plant(writer) for plant in several] and None)
    yield "many.pdf", _pdf(_nothing, *[SENTENCE] * 6)
    yield "twice.pdf", _pdf(_nothing, f"{WORD} and {WORD}")
    yield "everything-turned.pdf", _pdf(lambda w: [plant(w) for plant in (*several, _turned(90))] and None)
    yield "chunks.png", _png()
    yield "exif.jpg", _jpeg()
    yield "turned.jpg", _turned_jpeg()
    yield "scan.tiff", _tiff()
