"""Frames are drawn by the worker as their header wants them shown, within limits; what cannot be drawn has a reason."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import select

from app.core.work import WorkState
from app.examining import kinds, sandbox
from app.examining.models import Examination, PageText, Rendition
from tests.examining import made
from tests.imaging.made import dicom, packed_pdf, report

SHARED = Path(__file__).parents[3] / "shared/data/dicom"


@pytest.fixture
def drawn(tmp_path):
    """Draws a frame of this content: what is said of it, its picture, and its values by column and row."""

    def draw(content, number=1):
        place, frame, values = (tmp_path / name for name in ("image", "frame.png", "values.png"))
        place.write_bytes(content)
        values.unlink(missing_ok=True)
        said = sandbox.read("frames.draw", place, frame=str(frame), values=str(values), number=number)
        with Image.open(frame) as picture:
            points = list(picture.convert("RGB").get_flattened_data())
        if not values.exists():
            return said, points, None
        with Image.open(values) as picture:
            known = [
                (r * 256 + g) * said["slope"] + said["offset"] for r, g, _ in picture.get_flattened_data()
            ]
        return said, points, known

    return draw


def test_values_are_what_the_header_makes_of_the_points_and_the_window_is_its_own(drawn):
    content = dicom(
        BitsStored=16,
        HighBit=15,
        RescaleSlope="2",
        RescaleIntercept="-1024",
        WindowCenter="-1008",
        WindowWidth="32",
    )

    said, points, known = drawn(content)

    stored = [low + high * 256 for low, high in zip(*[iter(range(32))] * 2, strict=True)]
    assert known == [2 * value - 1024 for value in stored]
    assert said == {
        "in_all": 1,
        "inverted": False,
        "window": [-1008.0, 32.0],
        "units": "HU",
        "slope": 1.0,
        "offset": -512.0,
        "highest": known[-1],
        "width": 4,
        "height": 4,
    }
    assert points == [(255, 255, 255)] * 16


def test_of_monochrome1_high_values_are_dark(drawn):
    said, points, _known = drawn(dicom(PhotometricInterpretation="MONOCHROME1"))

    assert (said["inverted"], points[0], points[-1]) == (True, (255, 255, 255), (0, 0, 0))


def test_colours_are_drawn_as_they_are_and_have_no_values(drawn):
    colour = {"SamplesPerPixel": 3, "PlanarConfiguration": 0, "PhotometricInterpretation": "RGB"}
    deep = {"BitsAllocated": 8, "BitsStored": 8, "HighBit": 7}

    _said, points, known = drawn(dicom(Rows=1, Columns=2, PixelData=bytes(range(6)), **colour, **deep))

    assert (points, known) == ([(0, 1, 2), (3, 4, 5)], None)


def test_a_frame_of_many_is_drawn_by_its_number(drawn):
    content = dicom(NumberOfFrames="2", PixelData=bytes(32) + b"\x07\0" * 16)

    assert [drawn(content, number)[2] for number in (1, 2)] == [[0] * 16, [7] * 16]
    with pytest.raises(sandbox.Unreadable, match="There is no frame 3: this image has 2"):
        drawn(content, 3)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"Rows": 60000, "Columns": 60000}, "more than 40 million points"),
        ({"Rows": 4000, "Columns": 4000, "SamplesPerPixel": 255}, "more than 40 million points"),
        ({"Rows": 0}, "does not say how large"),
        ({"PixelData": b"\0\0"}, "not there, cut off or damaged"),
        ({"PixelData": None}, "not there, cut off or damaged"),
    ],
)
def test_what_is_too_large_or_not_there_is_not_drawn(drawn, said, why):
    with pytest.raises(sandbox.Unreadable, match=why):
        drawn(dicom(**said))


def test_frames_are_kept_up_to_a_number_and_how_many_there_are_is_known(session, of_ann, work, monkeypatch):
    monkeypatch.setattr(kinds, "MOST_FRAMES", 2)
    document = of_ann(dicom(NumberOfFrames="3", PixelData=bytes(96)))
    work()

    kept = session.scalars(select(Rendition).where(Rendition.document_id == document.id))
    result = _frames_of(session, document).result
    assert sorted((r.kind, r.page) for r in kept) == [
        ("frame", 1),
        ("frame", 2),
        ("values", 1),
        ("values", 2),
    ]
    assert (result["in_all"], len(result["frames"]), result["ended"]) == (3, 2, "")


def test_a_frame_that_cannot_be_drawn_ends_it_and_those_before_stay(session, of_ann, work):
    document = of_ann(dicom(NumberOfFrames="2", PixelData=bytes(32)))
    none = of_ann(dicom(PixelData=b"\0\0"), document.case)
    work()

    missing = "The points of this image are not there, cut off or damaged. Ask for it again."
    result = _frames_of(session, document).result
    assert (result["in_all"], len(result["frames"]), result["ended"]) == (2, 1, missing)
    assert (_frames_of(session, none).state, _frames_of(session, none).problem) == (WorkState.FAILED, missing)


def test_every_header_is_read_before_a_frame_is_drawn(session, of_ann, work):
    first = of_ann(dicom())
    of_ann(dicom(InstanceNumber="2"), first.case)
    work()

    order = [e.kind for e in session.scalars(select(Examination).order_by(Examination.id))]
    assert order[-4:] == ["dicom", "dicom", "frames", "frames"]


def test_a_report_packed_as_an_image_is_read_and_a_packed_pdf_is_read_and_drawn(session, of_ann, work):
    structured = of_ann(report("An 11 mm opacity.", "Repeat in six weeks."))
    packed = of_ann(packed_pdf(made.pdf("No acute finding.", "Addendum.")), structured.case)
    other = of_ann(packed_pdf(b"MZ", MIMETypeOfEncapsulatedDocument="application/x-dosexec"), structured.case)
    work()

    pages = session.scalars(select(PageText).order_by(PageText.document_id, PageText.page))
    assert [(p.document_id, p.page, p.words.strip()) for p in pages] == [
        (structured.id, 1, "Finding: An 11 mm opacity.\n  Finding: Repeat in six weeks."),
        (packed.id, 1, "No acute finding."),
        (packed.id, 2, "Addendum."),
    ]
    assert [(r.document_id, r.kind) for r in session.scalars(select(Rendition))] == [(packed.id, "small")]
    assert _frames_of(session, other).problem == (
        "The document packed in this file is no PDF but application/x-dosexec."
    )


def test_every_shared_image_is_drawn_or_refused_as_its_manifest_has_it(tmp_path):
    if not SHARED.exists():
        pytest.skip("The shared images are not beside the project.")
    with (SHARED / "manifest.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    ends: Counter[str] = Counter()
    wrong = {}
    for row in rows:
        wanted = "drawn" if row["pixels_decode"].startswith("ok") else "refused"
        end, why = _end_of(SHARED / row["file"], tmp_path, int(row["NumberOfFrames"].strip("A") or 1))
        ends[end] += 1
        if end != wanted or (end == "refused" and not why.endswith(".")):
            wrong[row["file"]] = (end, why)

    print(f"{len(rows)} files: {dict(ends)}")
    assert wrong == {}
    assert ends["drawn"] == 46


def _end_of(place, folder, frames):
    try:
        for number in range(1, frames + 1):
            outs = {"frame": str(folder / "frame.png"), "values": str(folder / "values.png")}
            sandbox.read("frames.draw", place, number=number, **outs)
    except sandbox.Unreadable as why:
        return "refused", str(why)
    return "drawn", ""


def _frames_of(session, document):
    theirs = (Examination.document_id == document.id, Examination.kind == "frames")
    return session.scalars(select(Examination).where(*theirs)).one()
