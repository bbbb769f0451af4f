"""Pages are drawn as people read them, a few at a time; words in pictures are recognised where that can be had."""

from __future__ import annotations

import os
from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import select

from app.examining import kinds, recognising
from app.examining.models import Examination, PageText, Rendition
from tests.examining import made

DONE = ("done", "")


@pytest.fixture
def pages(session):
    """The pages that were drawn of a document, as their number and size."""

    def of(document):
        drawn = select(Rendition).where(Rendition.document_id == document.id, Rendition.kind == "page")
        return [(r.page, r.width, r.height) for r in session.scalars(drawn.order_by(Rendition.page))]

    return of


@pytest.fixture
def tesseract(tmp_path, monkeypatch):
    """A program that recognises these words in anything, or fails."""

    def stand_in(does):
        folder = tmp_path / "bin"
        folder.mkdir()
        program = folder / "tesseract"
        program.write_text(f"#!/bin/sh\n{does}\n")
        program.chmod(0o700)
        monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")

    return stand_in


def words(session, document):
    theirs = select(PageText).where(PageText.document_id == document.id).order_by(PageText.page)
    return [(page.page, page.words, page.recognised) for page in session.scalars(theirs)]


def result(session, document, kind):
    theirs = select(Examination.result).where(Examination.document_id == document.id)
    return session.scalars(theirs.where(Examination.kind == kind)).one()


def test_every_page_of_a_pdf_is_drawn_over_several_portions(monkeypatch, entered, work, pages):
    monkeypatch.setattr(kinds, "DRAWN_AT_ONCE", 2)
    document = entered("report.pdf", made.pdf(*"abcde"))

    work()

    assert pages(document) == [(number, 1400, 934) for number in range(1, 6)]


def test_no_more_pages_are_drawn_than_the_most(monkeypatch, entered, work, pages):
    monkeypatch.setattr(kinds, "DRAWN_AT_ONCE", 2)
    monkeypatch.setattr(kinds, "MOST_DRAWN", 3)
    document = entered("report.pdf", made.pdf(*"abcde"))

    work()

    assert [number for number, _width, _height in pages(document)] == [1, 2, 3]


def test_a_page_that_ends_the_reader_is_left_out_with_a_word_and_the_others_are_drawn(
    monkeypatch, session, entered, work, pages, told
):
    read = kinds._read

    def breaks_at_two(job, reader, **options):
        if reader == "pdf.drawn" and options["first"] <= 2 < options["first"] + options["most"]:
            raise kinds.NoPreview("It broke.")
        return read(job, reader, **options)

    monkeypatch.setattr(kinds, "_read", breaks_at_two)
    document = entered("report.pdf", made.pdf(*"abc"))

    work()

    assert [number for number, _width, _height in pages(document)] == [1, 3]
    assert result(session, document, "pages")["left_out"] == [2]
    assert told(document)[1]["pages"] == DONE


def test_a_scan_of_several_pages_and_a_photograph_on_its_side_are_drawn_the_right_way_up(
    entered, work, pages
):
    scan, photograph, turned = BytesIO(), BytesIO(), Image.Exif()
    sheets = [Image.new("RGB", (30, 20), colour) for colour in ("white", "teal")]
    sheets[0].save(scan, "TIFF", save_all=True, append_images=sheets[1:])
    turned[0x0112] = 6
    sheets[1].save(photograph, "JPEG", exif=turned)
    first, second = entered("scan.tiff", scan.getvalue()), entered("photo.jpg", photograph.getvalue())

    work()

    assert pages(first) == [(1, 30, 20), (2, 30, 20)]
    assert pages(second) == [(1, 20, 30)]


def test_words_in_pictures_are_recognised_and_marked_and_words_that_were_there_stay(
    session, entered, work, tesseract
):
    tesseract("echo 'Mass in the left lung'")
    document, picture = entered("report.pdf", made.pdf("Typed.", "")), entered("scan.png", made.png())

    work()

    assert words(session, document) == [(1, "Typed.", False), (2, "Mass in the left lung", True)]
    assert words(session, picture) == [(1, "Mass in the left lung", True)]


def test_without_the_program_that_recognises_words_that_is_said(monkeypatch, session, entered, work):
    monkeypatch.setattr(recognising.shutil, "which", lambda _name: None)
    document = entered("scan.png", made.png())

    work()

    assert result(session, document, "ocr") == {"recognised": 0, "unable": recognising.NOT_THERE}
    assert words(session, document) == []


@pytest.mark.parametrize("does", ["exit 1", "exec sleep 9"])
def test_a_page_in_which_recognising_fails_or_takes_too_long_stays_without_words(
    monkeypatch, session, entered, work, tesseract, does
):
    monkeypatch.setattr(recognising, "SECONDS", 0.5)
    tesseract(does)
    document = entered("scan.png", made.png())

    work()

    assert result(session, document, "ocr") == {"recognised": 0, "unread": [1]}
