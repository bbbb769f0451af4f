"""A folder or a disc is taken in from the shell: a line for each file, and nothing twice."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select

from app.accounts.models import Role
from app.cases.models import CaseStage
from app.core.files import LocalFiles
from app.evidence.models import Document
from app.receiving.models import Delivery
from tests.receiving.conftest import sha256

DICOM = b"\0" * 128 + b"DICM" + b"an image"


@pytest.fixture
def case(session, make):
    case = make.case(CaseStage.DETAILED_INVESTIGATION, whole=False, owner=make.account(Role.INVESTIGATOR))
    session.commit()
    return case


@pytest.fixture
def disc(tmp_path):
    disc = tmp_path / "disc"
    (disc / "DICOM/ST0").mkdir(parents=True)
    (disc / "DICOMDIR").write_bytes(b"an index")
    (disc / "DICOM/ST0/IM0").write_bytes(DICOM)
    (disc / "report.pdf").write_bytes(b"%PDF-1.4")
    return disc


@pytest.fixture
def load(app, tmp_path, monkeypatch, case):
    monkeypatch.setitem(app.extensions, "files", LocalFiles(tmp_path / "files"))

    def run(*arguments, **more):
        given = ["evidence", "load", case.reference.lower(), *map(str, arguments), "--as", case.owner.email]
        result = app.test_cli_runner().invoke(args=given)
        return result.exit_code, [json.loads(line) for line in result.stdout.splitlines()], result.stderr

    return run


def test_every_file_of_a_disc_is_entered_with_where_it_lay_and_told_in_a_line(session, load, case, disc):
    code, told, _progress = load(disc)

    unread = {"modality": None, "study_date": None, "study_uid": None, "patient_matches": None}
    assert code == 0
    assert told == [
        {"name": name, "sha256": sha256(content), "bytes": len(content), "type": kind}
        | {"state": "entered", "problem": None}
        | unread
        for name, content, kind in (
            ("DICOM/ST0/IM0", DICOM, "application/dicom"),
            ("DICOMDIR", b"an index", "application/octet-stream"),
            ("report.pdf", b"%PDF-1.4", "application/pdf"),
        )
    ]
    documents = session.scalars(select(Document).order_by(Document.id)).all()
    assert [(d.path, d.filename, d.delivery.label) for d in documents] == [
        ("DICOM/ST0", "IM0", "disc"),
        ("", "DICOMDIR", "disc"),
        ("", "report.pdf", "disc"),
    ]


def test_run_twice_it_adds_nothing_and_later_only_what_is_new(session, load, disc):
    load(disc)
    (disc / "DICOM/ST0/IM1").write_bytes(DICOM)

    states = [[told["state"] for told in load(disc)[1]] for _ in range(2)]

    assert states == [
        ["there already", "entered", "there already", "there already"],
        ["there already"] * 4,
    ]
    assert [len(d.documents) for d in session.scalars(select(Delivery))] == [4]


def test_what_is_no_file_empty_or_too_large_is_named_and_all_others_are_in(app, monkeypatch, load, disc):
    monkeypatch.setitem(app.config, "EVIDENCE_FILE_MB", 1)
    (disc / "empty.pdf").write_bytes(b"")
    (disc / "large.pdf").write_bytes(b"x" * (1024**2 + 1))
    (disc / "link.pdf").symlink_to(disc / "report.pdf")

    code, told, _progress = load(disc)

    assert code == 1
    assert [(each["name"], each["state"], each["problem"]) for each in told] == [
        ("DICOM/ST0/IM0", "entered", None),
        ("DICOMDIR", "entered", None),
        ("empty.pdf", "refused", "It is empty."),
        ("large.pdf", "refused", "It is larger than 1.0 MB."),
        ("link.pdf", "refused", "It is a link, or no file, and was not followed."),
        ("report.pdf", "entered", None),
    ]


def test_whoever_may_not_or_is_not_named_is_told_so(app, make, session, case, disc, load):
    outsider = make.account(Role.ADMINISTRATOR)
    session.commit()
    run = app.test_cli_runner().invoke

    unnamed = run(args=["evidence", "load", case.reference, str(disc)])
    refused = run(args=["evidence", "load", case.reference, str(disc), "--as", outsider.email])

    assert (unnamed.exit_code, refused.exit_code) == (1, 1)
    assert "Say who enters it: --as EMAIL." in unnamed.stderr
    assert session.scalars(select(Document)).all() == []


def test_cases_are_listed_with_their_stage_and_bodies(app, case):
    result = app.test_cli_runner().invoke(args=["cases", "list", "--json"])

    [organisation] = {allegation.organisation for allegation in case.allegations}
    assert [json.loads(line) for line in result.stdout.splitlines()] == [
        {
            "reference": case.reference,
            "stage": "detailed_investigation",
            "bodies": [{"code": organisation.code, "name": organisation.name}],
        }
    ]
