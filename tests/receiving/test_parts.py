"""Files come in parts, and go on from where they were: what was acknowledged is never sent twice, nor lost."""

from __future__ import annotations

import os
from datetime import timedelta
from io import BytesIO

import pytest
from sqlalchemy import func, select

from app.accounts.models import Role
from app.audit.models import Access, AccessEntry
from app.cases.models import CaseStage, Closure
from app.core import clock
from app.evidence.models import Document, Way
from app.receiving import arriving
from app.receiving.models import Upload, UploadState
from tests.receiving.conftest import PART, sha256

CONTENT = bytes(range(250)) * 10


def documents(session):
    session.expire_all()
    return session.scalars(select(Document).order_by(Document.id)).all()


def on_disk(app):
    root = app.extensions["files"].root
    return sorted(path.name for path in root.rglob("*") if path.is_file())


def test_a_file_that_came_in_parts_is_a_document_of_its_delivery(app, session, sender):
    said = sender.send(CONTENT, place="DICOM/ST0/IM1.dcm")

    [document] = documents(session)
    assert (said["state"], said["received"], said["sha256"]) == ("entered", 2500, sha256(CONTENT))
    assert said["document"].endswith(f"/evidence/{document.key}")
    assert (document.path, document.filename, document.title) == ("DICOM/ST0", "IM1.dcm", "IM1.dcm")
    assert (document.sha256, document.size, document.way) == (sha256(CONTENT), 2500, Way.DISC)
    assert (document.delivery, document.supplier) == (sender.delivery, sender.delivery.supplier)
    assert on_disk(app) == [sha256(CONTENT)]
    with app.extensions["files"].open(sha256(CONTENT)) as kept:
        assert kept.read() == CONTENT


def test_a_broken_upload_goes_on_from_where_it_was(session, sender):
    begun = sender.announce().json
    sender.part(begun["key"], 0, CONTENT[:PART])

    again = sender.announce().json
    assert (again["key"], again["received"], again["part"]) == (begun["key"], PART, PART)
    assert sender.asked(begun["key"]) == again
    sender.part(begun["key"], 1, CONTENT[PART : 2 * PART])
    said = sender.part(begun["key"], 2, CONTENT[2 * PART :]).json

    assert (said["state"], said["sha256"]) == ("entered", sha256(CONTENT))
    assert len(documents(session)) == 1


def test_the_access_log_tells_that_a_file_was_sent_and_not_of_each_of_its_parts(session, sender):
    before = session.scalar(select(func.count()).select_from(AccessEntry))

    said = sender.send(CONTENT)
    sender.part("0" * 32, 1, b"of nothing that was announced")

    entries = session.scalars(select(AccessEntry).order_by(AccessEntry.id).offset(before)).all()
    assert [(entry.kind, entry.page, entry.reference) for entry in entries] == [
        (Access.SENT, "receiving.announce", sender.case.reference),
        (Access.SENT, "receiving.take_part", sender.case.reference),
        (Access.SENT, "receiving.take_part", sender.case.reference),
        (Access.REFUSED, "receiving.take_part", sender.case.reference),
    ]
    assert said["state"] == "entered"


def test_the_same_file_again_is_known_and_another_content_under_its_name_is_not(session, sender):
    first, again = sender.send(CONTENT), sender.announce().json
    other = sender.send(CONTENT[::-1], modified="2")

    assert again == first
    assert [d.sha256 for d in documents(session)] == [sha256(CONTENT), sha256(CONTENT[::-1])]
    assert other["document"] != first["document"]


def test_the_last_part_sent_again_changes_nothing(session, sender):
    said = sender.send(CONTENT)

    assert sender.part(said["key"], 2, CONTENT[2 * PART :]).json == said
    assert len(documents(session)) == 1


@pytest.mark.parametrize(
    ("number", "length", "told"),
    [
        (1, PART, "does not come next"),
        (99_999, PART, "does not come next"),
        (0, PART - 1, "not whole"),
        (0, PART + 1, "not whole"),
        (0, 0, "not whole"),
    ],
)
def test_a_part_of_another_place_or_length_is_not_taken(session, sender, number, length, told):
    key = sender.announce().json["key"]

    answer = sender.part(key, number, b"x" * length)

    assert (answer.status_code, answer.json["received"]) == (409, 0)
    assert told in answer.json["told"]
    assert sender.part(key, 0, CONTENT[:PART]).json["received"] == PART


@pytest.mark.parametrize(
    ("announced", "told"),
    [
        ({"size": ""}, "Say how many bytes"),
        ({"size": "-1"}, "Say how many bytes"),
        ({"size": "9" * 16}, "Say how many bytes"),
        ({"size": 0}, "scan.dcm is empty."),
        ({"size": 1024**2 + 1}, "scan.dcm is larger than 1.0 MB"),
    ],
)
def test_what_is_no_size_or_too_large_is_refused_before_anything_comes(
    app, sender, monkeypatch, announced, told
):
    monkeypatch.setitem(app.config, "EVIDENCE_FILE_MB", 1)

    answer = sender.announce(**announced)

    assert (answer.status_code, told in answer.json["told"]) == (409, True)
    assert on_disk(app) == []


def test_a_file_and_a_case_may_be_as_large_as_is_said_and_not_a_byte_larger(app, sender, monkeypatch):
    monkeypatch.setitem(app.config, "EVIDENCE_FILE_MB", 1)
    monkeypatch.setitem(app.config, "EVIDENCE_CASE_MB", 1)

    assert sender.announce(size=1024**2).status_code == 200
    over = sender.announce(place="other.dcm", size=1)

    assert over.status_code == 409
    assert "With other.dcm this case would hold more than 1.0 MB" in over.json["told"]


@pytest.mark.parametrize(
    ("place", "path", "filename"),
    [
        ("../../etc/passwd", "etc", "passwd"),
        ("C:\\Users\\x\\a.dcm", "C:/Users/x", "a.dcm"),
        ("/", "", "unnamed"),
        ("", "", "unnamed"),
        ("a/./b//c.pdf", "a/b", "c.pdf"),
        ("x\u202efdp.exe", "", "xfdp.exe"),
        ("a\x00b\r\n.pdf", "", "ab .pdf"),
        ("n" * 300, "", "n" * 200),
    ],
)
def test_no_name_leads_anywhere(session, sender, place, path, filename):
    sender.send(b"x", place=place)

    [document] = documents(session)
    assert (document.path, document.filename) == (path, filename)


def test_nobody_goes_on_with_what_somebody_else_began(sender, session, reader, app):
    key = sender.announce().json["key"]
    client, _account = reader(Role.MANAGER)

    assert client.get(f"{sender.address}/uploads/{key}").status_code == 404
    assert client.post(f"{sender.address}/uploads/{key}/parts/0", data=b"x").status_code == 404


def test_an_upload_whose_parts_come_twice_and_late_is_one_document(sender, session):
    key = sender.announce().json["key"]
    said = [sender.part(key, n, CONTENT[n * PART : (n + 1) * PART]).json for n in (0, 0, 1, 1, 0, 2, 2)]

    assert [each["received"] for each in said] == [1000, 1000, 2000, 2000, 2000, 2500, 2500]
    assert (said[-1]["state"], len(documents(session))) == ("entered", 1)


def test_what_came_whole_and_was_left_is_entered_by_the_worker(app, sender, session):
    key = sender.announce().json["key"]
    for number in (0, 1):
        sender.part(key, number, CONTENT[number * PART : (number + 1) * PART])
    upload = session.scalars(select(Upload)).one()
    app.extensions["files"].append(upload.arriving, 2000, BytesIO(CONTENT[2000:]), limit=2500)
    upload.received, upload.touched_at = 2500, clock.wall() - arriving.LEFT * 2
    session.commit()

    with app.app_context():
        arriving.sweep()

    [document] = documents(session)
    assert (document.sha256, upload.state, on_disk(app)) == (
        sha256(CONTENT),
        UploadState.ENTERED,
        [sha256(CONTENT)],
    )


def test_what_nobody_goes_on_with_is_given_up_and_what_no_row_names_is_removed(
    app, sender, session, monkeypatch
):
    """After the sweep there is no file without its row; what is named, or came lately, stays."""
    sender.send(b"kept")
    key = sender.announce().json["key"]
    sender.part(key, 0, CONTENT[:PART])
    files = app.extensions["files"]
    stray = files.keep(BytesIO(b"stray"), limit=9).sha256
    files.begin()
    session.scalars(select(Upload).where(Upload.key == key)).one().touched_at -= timedelta(days=8)
    session.commit()
    for path in files.root.rglob("*"):
        if path.is_file():
            os.utime(path, (0, 0))
    late = files.keep(BytesIO(b"late"), limit=9).sha256

    with app.app_context():
        arriving.sweep()
        for prefix in range(256):
            arriving.take_away_strays(f"{prefix:02x}")

    assert on_disk(app) == sorted([sha256(b"kept"), late])
    assert stray not in on_disk(app)
    assert sender.asked(key)["state"] == "abandoned"


def test_a_case_that_was_closed_meanwhile_takes_no_file_and_says_so(app, sender, session):
    sender.announce(size=3)
    case = sender.case
    case.closed_at, case.closure = clock.now(), Closure.DECIDED
    case.stage = CaseStage.CLOSED
    upload = session.scalars(select(Upload)).one()
    upload.received = 3
    session.commit()
    app.extensions["files"].append(upload.arriving, 0, BytesIO(b"abc"), limit=3)

    with app.app_context():
        arriving.finish(upload)

    session.refresh(upload)
    assert (upload.state, upload.problem) == (
        UploadState.REFUSED,
        "This case is closed. Nothing in it can be changed.",
    )
    assert documents(session) == []
