"""A folder or a disc is taken in from the shell: a line for each file, and nothing twice."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from app.accounts.models import Role
from app.cases.models import CaseStage
from app.complaints.models import Part, Party
from app.core.files import LocalFiles
from app.evidence.models import Document
from app.people.models import Person
from app.receiving.models import Delivery
from tests.imaging.made import STUDY, dicom
from tests.receiving.conftest import sha256

SHARED = Path(__file__).parents[3] / "shared/data/dicom/derived_case"
DICOM = b"\0" * 128 + b"DICM" + b"an image"
DAMAGED = b"\0" * 128 + b"DICM" + b"\2\0\0\0QQ\4\0\1\0\0\0\x08\0\5\0ZZ\1\0a"


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


def about(session, case, **said):
    person = Person(search_name=said["name"].lower(), **said)
    case.complaint.parties.append(Party(person=person, part=Part.PERSON_AFFECTED))
    session.commit()


def test_of_an_image_it_is_told_what_its_header_says_and_whether_the_patient_is_ours(
    session, load, case, tmp_path
):
    about(session, case, name="Ann Tester", born_on=date(1948, 3, 12), nhs_number="9990000018")
    (tmp_path / "images").mkdir()
    for name, said in (
        ("ours", {}),
        ("somebody else", {"PatientName": "Other^Bob", "Modality": None}),
        ("unsaid", dict.fromkeys(("PatientName", "PatientID", "PatientBirthDate", "StudyDate"))),
    ):
        (tmp_path / "images" / name).write_bytes(dicom(**said))
    (tmp_path / "images/damaged").write_bytes(DAMAGED)

    _code, told, _progress = load(tmp_path / "images")

    damaged = "This DICOM file is damaged: its header cannot be read. Ask for it again."
    keys = ("name", "problem", "modality", "study_date", "study_uid", "patient_matches")
    assert [tuple(each[key] for key in keys) for each in told] == [
        ("damaged", damaged, None, None, None, None),
        ("ours", None, "CT", "2021-01-11", STUDY, True),
        ("somebody else", None, None, "2021-01-11", STUDY, False),
        ("unsaid", None, "CT", None, STUDY, None),
    ]


def test_of_the_shared_case_every_file_is_told_with_its_study(session, load, case):
    if not SHARED.exists():
        pytest.skip("The shared images are not beside the project.")
    about(session, case, name="Margaret Fenwick", born_on=date(1948, 3, 12), nhs_number="9990000018")

    code, told, _progress = load(SHARED)

    assert code == 0
    assert [(t["name"], t["modality"], t["study_date"], t["patient_matches"]) for t in told] == [
        ("study1_xr_chest/CR0001.dcm", "CR", "2019-03-04", True),
        ("study1_xr_chest/PDF0001.dcm", "DOC", "2019-03-04", True),
        ("study1_xr_chest/SR0001.dcm", "SR", "2019-03-04", True),
        ("study2_ct_thorax/CT0001.dcm", "CT", "2020-09-17", True),
        ("study2_ct_thorax/CT0002.dcm", "CT", "2020-09-17", True),
        ("study2_ct_thorax/SR0001.dcm", "SR", "2020-09-17", True),
    ]
    assert len({t["study_uid"] for t in told}) == 2


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
    files = app.extensions["files"]
    entered = {each["sha256"] for each in told if each["state"] == "entered"}
    folders = {name for name, _since in files.listed("")} - {"arriving"}
    assert {sha256 for folder in folders for sha256, _since in files.listed(folder)} == entered


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
