"""Files are read in a child that has little, and what kills it costs a preview and nothing else."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from PIL import Image

from app.examining import sandbox
from app.examining.sandbox import Child, Unreadable
from tests.examining import made

BILLION = '<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'


@pytest.fixture(autouse=True)
def _no_child_is_left():
    yield
    sandbox.close_all()


def put(folder, name, content):
    place = folder / name
    place.write_bytes(content if isinstance(content, bytes) else content.encode())
    return place


def test_a_pdf_says_how_many_pages_it_has_and_what_is_on_each(tmp_path):
    place = put(tmp_path, "report.pdf", made.pdf("No acute finding.", "Addendum: a nodule was missed."))

    assert sandbox.read("pdf.pages", place) == {"pages": 2}
    assert sandbox.read("pdf.text", place, first=2, most=5) == {
        "in_all": 2,
        "pages": ["Addendum: a nodule was missed."],
    }


def test_letters_and_texts_are_read_as_they_were_written(tmp_path):
    letter = put(tmp_path, "letter.docx", made.docx("Dear Ombudsman,", "nobody read the scan."))
    note = put(tmp_path, "note.txt", "naïve".encode("cp1252"))

    assert sandbox.read("office.text", letter) == {"pages": ["Dear Ombudsman,\nnobody read the scan."]}
    assert sandbox.read("text.text", note) == {"pages": ["naïve"]}


def test_a_child_whose_answer_was_not_read_to_its_end_reads_no_other_file(tmp_path, monkeypatch):
    first, second = (put(tmp_path, name, name) for name in ("first.txt", "second.txt"))

    def runs_out(*_arguments):
        raise MemoryError

    sandbox.read("text.text", first)
    with monkeypatch.context() as patch:
        patch.setattr(Child, "_line", runs_out)
        with pytest.raises(MemoryError):
            sandbox.read("text.text", first)

    assert sandbox.read("text.text", second) == {"pages": ["second.txt"]}


def test_a_page_and_a_picture_are_drawn_small(tmp_path):
    page, photo = tmp_path / "page.png", tmp_path / "photo.png"

    drawn = sandbox.read("pdf.picture", put(tmp_path, "a.pdf", made.pdf("Words")), out=str(page), side=90)
    shrunk = sandbox.read(
        "pictures.picture", put(tmp_path, "a.png", made.png(600, 400)), out=str(photo), side=90
    )

    assert (drawn, shrunk) == ({"width": 90, "height": 60}, {"width": 90, "height": 60})
    for place in (page, photo):
        with Image.open(place) as image:
            assert image.size == (90, 60)


@pytest.mark.parametrize(
    ("reader", "content", "why"),
    [
        (
            "pdf.pages",
            b"%PDF-1.7\n1 0 obj\n<</Type/Cat",
            "This PDF is damaged or cut off: it cannot be opened.",
        ),
        (
            "pictures.size",
            b"\x89PNG\r\n\x1a\n",
            "This is not a picture we know, or its beginning is damaged.",
        ),
        (
            "pictures.size",
            made.png()[:16] + (50_000).to_bytes(4, "big") * 2 + made.png()[24:],
            "This is not a picture we know, or its beginning is damaged.",
        ),
        ("office.text", b"PK\x03\x04 and no more", "This letter is damaged: it cannot be unpacked."),
        (
            "office.text",
            made.docx("&b;", before=BILLION),
            "This letter defines its own XML, as no word processor does. It is not read.",
        ),
        (
            "office.text",
            made.zipped({"word/document.xml": "<a>" + " " * 30_000_000}),
            "This letter unpacks to far more than its size. It is not read.",
        ),
        (
            "office.text",
            made.zipped({f"{n}.xml": "" for n in range(2001)}),
            "This letter has more than 2,000 parts. It is not read.",
        ),
        (
            "nothing.known",
            b"",
            "This file could not be read: it is damaged, or made to look so (LookupError: nothing.known).",
        ),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_plain_word(tmp_path, reader, content, why):
    with pytest.raises(Unreadable) as refused:
        sandbox.read(reader, put(tmp_path, "file", content))

    assert str(refused.value) == why


def test_a_child_that_is_killed_is_replaced_and_the_next_file_is_read(tmp_path):
    place = put(tmp_path, "note.txt", "words")
    with sandbox.lent() as child:
        child.process.kill()
        with pytest.raises(Unreadable, match="ended the program that reads"):
            child.read("text.text", place)

    assert sandbox.read("text.text", place) == {"pages": ["words"]}
    assert not os.path.exists(child.scratch.name)


def test_a_file_that_takes_too_long_ends_its_child(tmp_path):
    place = put(tmp_path, "slow.pdf", made.swelling_pdf(96))
    started = time.monotonic()
    with pytest.raises(Unreadable) as refused, sandbox.lent() as child:
        child.read("pdf.text", place, seconds=0)

    assert str(refused.value) == "Reading this file took longer than one file is given."
    assert child.is_gone and time.monotonic() - started < 5


def test_a_file_that_takes_too_much_memory_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(sandbox, "LIMITS", sandbox.LIMITS | {"AS": 300 * sandbox.MIB})
    monkeypatch.setattr(sandbox, "_idle", [])
    child = Child.start()
    if "AS" not in child.told["limits"]:
        pytest.skip("This system sets no limit to a program's memory.")

    large = put(tmp_path, "large.png", made.png(9000, 9000))
    with pytest.raises(Unreadable) as refused:
        child.read("pictures.picture", large, out=str(tmp_path / "small.png"))
    assert str(refused.value) == "Reading this file would take more memory than one file is given."
    child.close()


def test_a_file_that_says_too_much_is_cut_off(tmp_path, monkeypatch):
    monkeypatch.setattr(sandbox, "MOST_ANSWERED", 1000)

    with pytest.raises(Unreadable, match="more in this file than one file may say"):
        sandbox.read("text.text", put(tmp_path, "long.txt", "x" * 5000))


def test_the_child_knows_no_secret_and_imports_nothing_of_the_service(tmp_path, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "a secret of the office")
    with sandbox.lent() as child:
        listed = Path(f"/proc/{child.process.pid}/environ")
        environment = listed.read_bytes() if listed.exists() else b""

    assert b"SECRET" not in environment and b"DATABASE" not in environment
    assert "import app" not in sandbox.CHILD.read_text() and "from app" not in sandbox.CHILD.read_text()


def test_no_child_reaches_the_network():
    """Run as the child does it, towards a port of this machine that does answer everybody else."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        program = (
            f"import runpy, socket; how = runpy.run_path({str(sandbox.CHILD)!r})['without_network']()\n"
            f"try: socket.create_connection(('127.0.0.1', {port}), 2); print(how, 'reached')\n"
            "except OSError: print(how, 'nothing')"
        )
        said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert said.stdout.split() in (["none", "nothing"], ["refused", "nothing"])


def test_a_child_reads_a_batch_and_is_then_replaced(tmp_path, monkeypatch):
    monkeypatch.setattr(sandbox, "BATCH", 2)
    place = put(tmp_path, "note.txt", "words")
    used = []
    for _ in range(3):
        with sandbox.lent() as child:
            child.read("text.text", place)
            used.append(child.process.pid)

    assert used[0] == used[1] != used[2]
