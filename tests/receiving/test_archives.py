"""An archive is unpacked by request alone, within bounds, and wholly or not at all (D9)."""

from __future__ import annotations

import stat
import struct
import warnings
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

import pytest
from sqlalchemy import select

from app.core.errors import RuleBroken
from app.evidence.models import Document
from app.receiving import archives
from tests.receiving.conftest import sha256

NEXT = "Nothing was unpacked: ask for the files themselves."


def zipped(*entries, compression=ZIP_DEFLATED) -> bytes:
    written = BytesIO()
    with warnings.catch_warnings(), ZipFile(written, "w", compression) as archive:
        warnings.simplefilter("ignore")  # that a name comes twice
        for name, content in entries:
            archive.writestr(name, content)
    return written.getvalue()


def link() -> ZipInfo:
    info = ZipInfo("link")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info


def locked() -> bytes:
    content = bytearray(zipped(("a", b"x"), compression=ZIP_STORED))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + at] |= 1
    return bytes(content)


def lying() -> bytes:
    """It says that its entry holds one byte, and holds more."""
    content = bytearray(zipped(("a", b"x" * 900)))
    at = content.index(b"PK\x01\x02") + 24
    content[at : at + 4] = struct.pack("<I", 1)
    return bytes(content)


def overlapping() -> bytes:
    content = zipped(("a", b"x" * 5000), ("b", b"y" * 5000), compression=ZIP_STORED)
    second = content.rindex(b"PK\x01\x02") + 42
    return content[:second] + struct.pack("<I", 0) + content[second + 4 :]


def send(app, sender, content):
    sender.send(content[:1000], place="first.bin")  # something else is there already
    with app.app_context():
        kept = app.extensions["files"].keep(BytesIO(content), limit=len(content))
    said = sender.send(content, place="disc.zip")
    assert said["sha256"] == kept.sha256
    return said["document"].rpartition("/")[2]


def test_each_file_of_an_archive_is_a_document_that_says_where_it_came_from(app, session, sender):
    content = zipped(
        ("ST0/IM0", b"image"), ("ST0/", b""), ("inner.zip", zipped(("a", b"a"))), ("é.txt", b"e")
    )
    key = send(app, sender, content)

    answer = sender.client.post(f"{sender.address}/archives/{key}")

    session.expire_all()
    archive = session.scalars(select(Document).where(Document.filename == "disc.zip")).one()
    out = session.scalars(select(Document).where(Document.unpacked_from_id == archive.id)).all()
    assert answer.status_code == 302
    assert [(d.path, d.filename, d.supplier, d.delivery) for d in out] == [
        ("disc.zip/ST0", "IM0", archive.supplier, sender.delivery),
        ("disc.zip", "inner.zip", archive.supplier, sender.delivery),
        ("disc.zip", "é.txt", archive.supplier, sender.delivery),
    ]
    assert out[0].sha256 == sha256(b"image")
    again = sender.client.post(f"{sender.address}/archives/{key}").text
    within = sender.client.post(f"{sender.address}/archives/{out[1].key}").text
    assert "This archive has been unpacked already" in again
    assert "An archive within an archive stays packed." in within


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (zipped(("../../etc/passwd", b"x")), "../../etc/passwd would lie outside of the archive."),
        (zipped(("/etc/cron", b"x")), "/etc/cron would lie outside of the archive."),
        (zipped(("..\\..\\pwned", b"x")), "would lie outside of the archive."),
        (zipped(("C:\\pwned", b"x")), "would lie outside of the archive."),
        (zipped((link(), b"/etc/passwd")), "link is a link, or no file."),
        (zipped(("a", b"x"), ("a", b"y")), "holds the same file twice, or one within another."),
        (overlapping(), "the same file twice, or one within another."),
        (zipped(("zeros", b"\0" * 1024**2)), "zeros would grow more than 100 times."),
        (zipped(*((str(n), b"") for n in range(1001))), "holds more than 1,000 files."),
        (locked(), "a is locked with a password."),
        (lying(), ""),
        (zipped(("a", b"x" * 2000))[:-30], "no ZIP archive, or a damaged one."),
        (b"no archive", "no ZIP archive, or a damaged one."),
    ],
    ids=[
        *(
            "up",
            "root",
            "backslashes",
            "drive",
            "link",
            "twice",
            "overlap",
            "bomb",
            "many",
            "locked",
            "lying",
        ),
        *("cut", "none"),
    ],
)
def test_what_is_not_as_it_should_be_is_refused_whole(app, content, told):
    files = app.extensions["files"]
    kept = files.keep(BytesIO(content), limit=len(content))

    with pytest.raises(RuleBroken) as refused:
        archives.contents(files, kept.sha256)

    assert told in str(refused.value)
    assert str(refused.value).endswith(NEXT)


def test_all_of_it_together_is_bounded(app, monkeypatch):
    monkeypatch.setattr(archives, "MOST_UNPACKED", 1999)
    content = zipped(("a", b"x" * 1000), ("b", b"y" * 1000))
    kept = app.extensions["files"].keep(BytesIO(content), limit=len(content))

    with pytest.raises(RuleBroken, match="Unpacked, it would hold more than"):
        archives.contents(app.extensions["files"], kept.sha256)
    monkeypatch.setattr(archives, "MOST_UNPACKED", 2000)
    assert len(archives.contents(app.extensions["files"], kept.sha256)) == 2
