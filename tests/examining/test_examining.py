"""Every document is examined: scanned, recognised, read, pictured; and what cannot be is said in plain words."""

from __future__ import annotations

import pytest
from PIL import Image
from sqlalchemy import select

from app.core import clock
from app.core.work import LEASE, WorkState
from app.examining import actions, clamd
from app.examining.models import Examination, PageText, Rendition, Safety
from app.integrity.queries import verify
from app.worker import doing
from tests.examining import clamds, made

DONE = ("done", "")
UNKNOWN = "Its name ends in no way this office knows."


def test_a_document_is_to_be_scanned_and_described_from_the_transaction_that_enters_it(entered, told):
    quarantine, examinations = told(entered("report.pdf", made.pdf("Words")))

    assert quarantine.state is Safety.RECEIVED
    assert examinations == {"scan": ("waiting", ""), "describe": ("waiting", "")}


def test_a_report_is_read_page_by_page_and_its_first_page_drawn(stores, session, entered, work, told):
    document = entered("report.pdf", made.pdf("No acute finding.", "Addendum."))

    work()

    quarantine, examinations = told(document)
    assert (quarantine.state, quarantine.media_type, quarantine.mismatch) == (
        Safety.NOT_SCANNED,
        "application/pdf",
        "",
    )
    assert examinations == {"scan": DONE, "describe": DONE, "text": DONE, "picture": DONE, "pages": DONE}
    theirs = select(PageText.page, PageText.words).where(PageText.document_id == document.id)
    session.commit()
    assert [seen.trouble for seen in verify(lambda: session, stores["files"])] == [None]  # not of the picture
    assert [tuple(row) for row in session.execute(theirs.order_by(PageText.page))] == [
        (1, "No acute finding."),
        (2, "Addendum."),
    ]
    of_it = select(Rendition).where(Rendition.document_id == document.id)
    rendition = session.scalars(of_it.where(Rendition.kind == "small")).one()
    with stores["renditions"].open(rendition.sha256) as file, Image.open(file) as image:
        assert image.size == (rendition.width, rendition.height) == (400, 267)


@pytest.mark.parametrize(
    ("filename", "content", "media_type", "mismatch"),
    [
        ("report.pdf", made.pdf("x"), "application/pdf", ""),
        ("IM0001", bytes(128) + b"DICM", "application/dicom", ""),
        ("scan.dcm", b"%PDF-" + bytes(123) + b"DICM", "application/dicom", ""),
        (
            "letter.docx",
            made.docx("x"),
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            "",
        ),
        (
            "letter.docx",
            made.zipped({"a.txt": "x"}),
            "application/zip",
            "Its name says that it is a Word letter, but it is a ZIP archive.",
        ),
        (
            "report.pdf",
            b"<html><script>",
            "text/plain",
            "Its name says that it is a PDF, but it is plain text.",
        ),
        ("report.pdf", made.png(), "image/png", "Its name says that it is a PDF, but it is a PNG picture."),
        ("report.pdf", b"MZ\x90\x00", "", "Its name says that it is a PDF, but it does not begin as one."),
        (
            "macro.docm",
            b"PK\x03\x04",
            "application/zip",
            "Its name ends in no way this office knows. It is a ZIP archive.",
        ),
        ("setup.exe", b"MZ\x90\x00", "", UNKNOWN),
    ],
)
def test_what_a_file_is_goes_by_its_first_bytes_and_a_name_that_says_otherwise_is_told(
    entered, work, told, filename, content, media_type, mismatch
):
    document = entered(filename, content)

    work()

    quarantine, _ = told(document)
    assert (quarantine.media_type, quarantine.mismatch) == (media_type, mismatch)


def test_a_file_that_cannot_be_read_has_no_preview_and_says_why(session, stores, entered, work, told):
    document = entered("cut.pdf", b"%PDF-1.7\n1 0 obj\n<</Type/Catalog")

    work()

    why = "This PDF is damaged or cut off: it cannot be opened."
    assert told(document)[1] == {
        "scan": DONE, "describe": DONE, "text": ("failed", why), "picture": ("failed", why), "pages": ("failed", why)
    }  # fmt: skip
    assert stores["files"].digest(document.sha256) == document.sha256


def test_the_scanner_finds_a_virus_and_no_later_scan_takes_that_back(
    app, session, entered, work, told, monkeypatch
):
    infected, clean = entered("a.txt", clamds.EICAR), entered("b.txt", b"Dear Ombudsman")
    with clamds.scanner() as address:
        monkeypatch.setitem(app.config, "CLAMD", address)
        work()

    found, fine = told(infected)[0], told(clean)[0]
    assert (found.state, found.infection, found.may_go_out) == (Safety.INFECTED, "Eicar-Test", False)
    assert (fine.state, fine.infection, fine.may_go_out) == (Safety.CLEAN, "", True)
    actions.scanned(session, infected, Safety.CLEAN)
    assert told(infected)[0].state is Safety.INFECTED


@pytest.mark.parametrize(
    ("hangs", "why"),
    [
        (True, "The virus scanner did not answer in time."),
        (False, "The virus scanner could not be reached."),
    ],
)
def test_without_an_answer_of_the_scanner_a_file_is_held_as_not_scanned_and_tried_again(
    app, entered, work, told, monkeypatch, hangs, why
):
    monkeypatch.setattr(clamd, "PATIENCE", 0.2)
    document = entered("a.txt", clamds.EICAR)
    with clamds.scanner(hangs=True) as address:
        monkeypatch.setitem(app.config, "CLAMD", address if hangs else clamds.nobody())
        work()

    quarantine, examinations = told(document)
    assert (quarantine.state, quarantine.may_go_out) == (Safety.NOT_SCANNED, False)
    assert examinations["scan"] == ("waiting", why)


def test_a_file_that_is_missing_from_the_store_is_said_to_be(entered, stores, work, told):
    document = entered("a.txt", b"words")
    (stores["files"].root / document.sha256[:2] / document.sha256).unlink()

    work()

    quarantine, examinations = told(document)
    assert quarantine.state is Safety.UNREADABLE
    assert examinations["scan"] == ("waiting", "Its stored file is not there. Tell whoever runs the service.")


def test_work_whose_worker_was_killed_is_done_again_once_its_lease_is_over(app, session, entered, told, work):
    document = entered("a.txt", b"words")
    scan = session.scalars(select(Examination).filter_by(document_id=document.id, kind="scan")).one()
    scan.state, scan.attempts, scan.leased_until = WorkState.DOING, 1, clock.wall() - LEASE
    number = scan.id
    session.commit()

    with app.app_context():
        assert doing.do("examination", number)

    session.expire_all()
    assert told(document)[1]["scan"] == DONE
