"""Files made to do harm, or damaged at random: a plain word for each, and a child within its limits."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from app.examining import sandbox
from tests.examining import made
from tests.imaging.made import dicom, packed_pdf, report

BOMBS = Path(__file__).parents[3] / "shared/faults/make_bombs.py"
READERS = {
    ".pdf": ("pdf.pages", "pdf.text", "pdf.picture"),
    ".docx": ("office.text",),
    ".docm": ("office.text",),
    ".zip": ("office.text",),
    ".png": ("pictures.size", "pictures.picture"),
}
#: How many damaged copies are read: two thousand where everything is tried.
COPIES = 2000 if os.environ.get("THOROUGH") else 200


def said_of(reader, place, **limits):
    """What is said of a file, a word why not, and how long it took."""
    drawn = str(place.parent / "drawn")
    options = {
        "frames.draw": {"frame": drawn, "values": f"{drawn}-values"},
        "deidentify.copy": {"out": drawn, "secret": "ab" * 32, "boxes": [[0, 0, 2, 2]]},
    }.get(reader, {})
    if reader.endswith(("picture", "unpack")):
        options = {"out": drawn}
    started = time.monotonic()
    with sandbox.lent() as child:
        try:
            said = child.read(reader, place, **options, **limits)
        except sandbox.Unreadable as why:
            said = str(why)
        assert most_resident(child) <= sandbox.LIMITS["AS"]
    return said, time.monotonic() - started


def most_resident(child):
    """The most memory the child has had resident so far, in bytes; 0 where that cannot be known, as once it is gone."""
    told = Path(f"/proc/{child.process.pid}/status")
    lines = told.read_text().splitlines() if told.exists() else ()
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM")), 0)


def test_every_bomb_is_read_within_limits_or_refused_in_a_sentence(tmp_path):
    if not BOMBS.exists():
        pytest.skip("The program that makes hostile files is not beside the project.")
    subprocess.run([sys.executable, str(BOMBS), str(tmp_path)], check=True, stdout=subprocess.DEVNULL)
    ends = {}
    for place in sorted(tmp_path.iterdir()):
        for reader in READERS.get(place.suffix, ()):
            said, took = said_of(reader, place, seconds=10)
            ends[place.name, reader] = said
            assert took < 15, place.name
            assert isinstance(said, dict) or said.endswith((".", ").")), place.name

    assert len(ends) >= 20
    assert ends["billion_laughs.docx", "office.text"] == ends["xxe.docx", "office.text"]
    assert ends["xxe.docx", "office.text"].startswith("This letter defines its own XML")
    assert ends["docx_256MiB_xml.docx", "office.text"].startswith("This letter unpacks to far more")
    assert ends["png_50000x50000.png", "pictures.size"].startswith("This picture has more than 100 million")
    assert ends["page_100000pt.pdf", "pdf.picture"] == "Page 1 is too large to be drawn."
    assert ends["truncated.pdf", "pdf.pages"] == "This PDF is damaged or cut off: it cannot be opened."


def test_damaged_files_are_read_or_refused_and_the_next_one_is_read(tmp_path):
    chance = random.Random(5)
    whole = {
        "pdf.text": made.pdf("No acute finding.", "Addendum."),
        "pdf.picture": made.pdf("No acute finding."),
        "office.text": made.docx("Dear Ombudsman,", "nobody read it."),
        "pictures.picture": made.png(),
        "text.text": "naïve words".encode(),
        "dicom.header": dicom(),
        "frames.draw": dicom(NumberOfFrames="2", PixelData=bytes(range(64))),
        "deidentify.copy": dicom(private="secret", overlay=b"over"),
        "reports.text": report("No acute finding."),
        "reports.unpack": packed_pdf(made.pdf("No acute finding.")),
    }
    place = tmp_path / "damaged"
    for _ in range(COPIES):
        reader, content = chance.choice(list(whole.items()))
        place.write_bytes(damaged(content, chance))
        said, took = said_of(reader, place)
        assert isinstance(said, dict) or said.endswith((".", ").")), said
        assert took < sandbox.SECONDS

    place.write_bytes(whole["text.text"])
    assert said_of("text.text", place)[0] == {"pages": ["naïve words"]}


def damaged(content, chance):
    """The content with some bytes changed, cut off, doubled or pushed apart."""
    bytes_ = bytearray(content)
    for _ in range(chance.randint(1, 12)):
        at = chance.randrange(len(bytes_))
        match chance.randrange(4):
            case 0:
                bytes_[at] = chance.randrange(256)
            case 1:
                bytes_[at:at] = chance.randbytes(chance.randint(1, 40))
            case 2:
                del bytes_[at : at + chance.randint(1, 40)]
            case _:
                bytes_[at:at] = bytes_[at : at + 200]
        bytes_ = bytes_ or bytearray(b"x")
    return bytes(bytes_[: chance.randint(1, len(bytes_))] if chance.random() < 0.2 else bytes_)
