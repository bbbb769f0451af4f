"""Of what was blacked out, nothing is left in the copy, wherever the original held it; and the original stays."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import pypdfium2
import pytest
from PIL import Image
from pypdf import PdfReader
from pypdf.generic import StreamObject

from app.evidence.models import CopyKind, Following, Supplier
from app.examining import sandbox
from app.examining.kinds import PDF
from app.reading.boxes import Box
from app.redaction import actions, queries
from app.redaction.flat import FlatPdf
from app.redaction.models import Aim, Reason
from app.worker import redacting
from tests.examining.conftest import _no_child_is_left  # noqa: F401
from tests.redaction.planted import WORD, all_of_them

DOTS = 200
ENCODED = [WORD.encode(how) for how in ("utf-8", "utf-16-le", "utf-16-be", "utf-32-be")]
ENCODED += [WORD.encode().hex().encode(), WORD.encode().hex().upper().encode()]


def left_in(copy: bytes) -> list[str]:
    """Where the planted word still is: in the bytes, in what pypdf reads of the pages, in any object or stream."""
    found = ["bytes"] if any(word in copy for word in ENCODED) else []
    document = PdfReader(BytesIO(copy))
    found += [f"text of page {n}" for n, page in enumerate(document.pages, 1) if WORD in page.extract_text()]
    for number in document.xref[0]:
        one = document.get_object(number)
        inside = repr(one).encode() + (one.get_data() if isinstance(one, StreamObject) else b"")
        found += [f"object {number}"] if any(word in inside for word in ENCODED) else []
    return found


def copied(original: bytes, name: str, boxes: dict[str, list[list[int]]]) -> bytes:
    """The copy as the worker makes it, without an office around it."""
    is_pdf = name.endswith(".pdf")
    with TemporaryDirectory() as folder:
        place = Path(folder) / "original"
        place.write_bytes(original)
        out, how = BytesIO(), {"folder": folder, "dots": DOTS, "first": 1, "most": 99, "boxes": boxes}
        said = sandbox.read("redacting.burn", place, is_pdf=is_pdf, **how)
        with FlatPdf(out, dots=DOTS) as flat:
            for number, (width, height) in enumerate(said["pages"], 1):
                flat.add(Path(folder) / f"{number}.jpg", width, height, boxes.get(str(number), []))
        return out.getvalue()


def places(original: bytes, name: str) -> dict[str, list[list[int]]]:
    """Where the word stands, as it is found; of a picture the part in which it was written."""
    if not name.endswith(".pdf"):
        return {"1": [[0, 0, 1000, 200]]}
    with TemporaryDirectory() as folder:
        place = Path(folder) / "original"
        place.write_bytes(original)
        said = sandbox.read("redacting.find", place, words=WORD.lower(), first=1, most=99)
    found = {str(number): boxes for number, boxes in enumerate(said["pages"], 1) if boxes}
    return found or {
        "1": [[100, 300, 700, 600]]
    }  # it is in an earlier revision, or cropped away: where it stood


def brightest(picture: Image.Image, box: list[int], *, within: int) -> int:
    """The brightest point of the box, but for so many points at its edge."""
    left, top, right, bottom = box
    across, down = picture.width / 1000, picture.height / 1000
    inner = (left * across + within, top * down + within, right * across - within, bottom * down - within)
    return max(high for _low, high in picture.crop(tuple(map(round, inner))).getextrema())


def test_of_words_planted_in_thirty_files_none_is_left_in_the_copies_and_every_box_is_black(capsys):
    files, boxes_seen, left, bright = 0, 0, {}, {}
    for name, original in all_of_them():
        boxes = places(original, name)
        copy = copied(original, name, boxes)
        files += 1
        left |= {name: found} if (found := left_in(copy)) else {}
        pages, drawn = PdfReader(BytesIO(copy)).pages, pypdfium2.PdfDocument(copy)
        for number, of_page in boxes.items():
            [held] = pages[int(number) - 1].images
            seen = drawn[int(number) - 1].render(scale=2).to_pil().convert("RGB")
            for box in of_page:
                boxes_seen += 1
                points = max(
                    brightest(held.image.convert("RGB"), box, within=8), brightest(seen, box, within=2)
                )
                bright |= {f"{name} {number} {box}": points} if points > 4 else {}
        drawn.close()

    with capsys.disabled():
        print(f"\n{files} files redacted, {boxes_seen} boxes black, {len(left)} files with words left")
    assert (files, left, bright) == (30, {}, {})
    assert boxes_seen >= 30


def test_the_planted_word_is_in_every_file_before():
    """Else the test above would find nothing because there was nothing."""
    files = dict(all_of_them())

    assert [name for name, original in files.items() if not any(word in original for word in ENCODED)] == []


def test_words_are_found_where_people_see_them_on_turned_and_cropped_pages():
    """A page turned by a quarter has them on its side; what is cropped away is not on it."""
    files = dict(all_of_them())

    upright, quarter = places(files["text.pdf"], "x.pdf")["1"], places(files["turned-90.pdf"], "x.pdf")["1"]

    [[left, top, right, bottom]] = upright
    [turned] = quarter
    assert turned == pytest.approx([1000 - bottom, left, 1000 - top, right], abs=6)
    assert right - left > bottom - top


def test_the_copy_holds_a_catalogue_its_pages_and_their_pictures_and_nothing_else():
    files = dict(all_of_them())

    document = PdfReader(BytesIO(copied(files["everything.pdf"], "everything.pdf", {})))

    assert set(document.trailer) == {"/Size", "/Root"}
    assert set(document.root_object) == {"/Type", "/Pages"}
    assert set(document.pages[0]) == {"/Type", "/Parent", "/MediaBox", "/Contents", "/Resources"}
    assert document.metadata is None
    assert document.pages[0].mediabox[2:] == pytest.approx([300, 200], abs=0.5)


def test_a_copy_becomes_a_document_of_the_case_and_the_original_stays(session, stores, report, redact):
    _client, document = report
    owner, before = document.case.owner, document.sha256
    actions.mark(
        session,
        document,
        actor=owner,
        page=1,
        box=Box(200, 400, 600, 600),
        reason=Reason.STAFF,
        words="A name",
    )
    actions.ask_for_copy(session, document, actor=owner, title="Report, parts blacked out")

    redact()

    [asked] = queries.work_of(session, document)
    copy = asked.copy
    assert (copy.title, copy.filename, copy.supplier, copy.copy_kind, copy.pages, copy.media_type) == (
        "Report, parts blacked out",
        f"redacted-copy-{asked.id}.pdf",
        Supplier.OFFICE,
        CopyKind.COPY,
        2,
        PDF,
    )
    assert (copy.follows, copy.following) == (document, Following.REDACTED)
    assert document.sha256 == before == stores["files"].digest(before)
    assert asked.marks == [{"page": 1, "box": [200, 400, 600, 600], "reason": "staff", "words": "A name"}]
    with stores["files"].open(copy.sha256) as file:
        assert b"Hart" not in file.read()


def test_a_mark_added_later_makes_another_copy_and_the_earlier_stays(session, report, redact):
    _client, document = report
    owner = document.case.owner
    for page in (1, 2):
        actions.mark(
            session, document, actor=owner, page=page, box=Box(1, 1, 9, 9), reason=Reason.HARM, words=""
        )
        actions.ask_for_copy(session, document, actor=owner, title=f"Copy {page}")
        redact()

    assert [(asked.copy.title, len(asked.marks)) for asked in queries.work_of(session, document)] == [
        ("Copy 2", 2),
        ("Copy 1", 1),
    ]
    assert [copy.title for copy in document.redacted_copies] == ["Copy 1", "Copy 2"]


def test_places_are_proposed_where_words_stand_and_none_is_burned_before_somebody_looked(
    session, report, redact
):
    _client, document = report
    owner = document.case.owner
    actions.find(session, document, actor=owner, words="Wren Hart", reason=Reason.STAFF)

    redact()

    found = queries.standing(session, document)
    assert [(mark.page, mark.is_proposed, mark.words) for mark in found] == [
        (1, True, "“Wren Hart”"),
        (2, True, "“Wren Hart”"),
    ]
    [asked] = queries.work_of(session, document)
    assert (asked.aim, asked.state.value, asked.found) == (Aim.FIND, "done", 2)


def test_a_copy_of_what_cannot_be_drawn_whole_is_not_made(monkeypatch, session, report, redact):
    _client, document = report
    owner = document.case.owner
    actions.mark(session, document, actor=owner, page=1, box=Box(1, 1, 9, 9), reason=Reason.HARM, words="")
    actions.ask_for_copy(session, document, actor=owner, title="Copy")
    session.commit()

    def fails(*_arguments, **_options):
        raise sandbox.Unreadable("Page 2 cannot be drawn, so no copy of it can be made.")

    monkeypatch.setattr(redacting.sandbox, "read", fails)
    redact()

    [asked] = queries.work_of(session, document)
    assert (asked.state.value, asked.problem, asked.copy) == (
        "failed",
        "Page 2 cannot be drawn, so no copy of it can be made.",
        None,
    )
    assert document.redacted_copies == []
