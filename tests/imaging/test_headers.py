"""What a header says is read strictly, in the child, in words that can be kept; every failure has a plain word."""

from __future__ import annotations

import csv
import random
from pathlib import Path

import pytest

from app.examining import sandbox
from tests.imaging.made import dicom, with_element_of_no_kind

SHARED = Path(__file__).parents[3] / "shared/data/dicom"
COPIES = 200


@pytest.fixture
def said(tmp_path):
    def say(content):
        place = tmp_path / "image"
        place.write_bytes(content)
        return sandbox.read("dicom.header", place)

    return say


def test_a_header_is_read_as_it_says(said):
    assert said(dicom()) == {
        "study_uid": "1.2.826.0.1.1",
        "series_uid": "1.2.826.0.1.2",
        "image_uid": "1.2.826.0.1.3",
        "patient_name": "Tester^Ann^Mary",
        "patient_id": "9990000018",
        "modality": "CT",
        "body_part": "CHEST",
        "institution": "Eastmarch General",
        "accession_number": "EM-1",
        "study_description": "CT Thorax",
        "series_description": "Axial",
        "born_on": "1948-03-12",
        "studied_on": "2021-01-11",
        "series_number": 2,
        "image_number": 1,
        "rows": 4,
        "columns": 4,
        "frames": None,
        "patient_numbers": ["9990000018"],
        "packed": "Explicit VR Little Endian",
        "shows": "image",
        "unread": [],
        "identifying": [
            {"kind": "dates", "name": "StudyDate", "value": "20210111"},
            {"kind": "numbers", "name": "AccessionNumber", "value": "EM-1"},
            {"kind": "institutions", "name": "InstitutionName", "value": "Eastmarch General"},
            {"kind": "people", "name": "PatientName", "value": "Tester^Ann^Mary"},
            {"kind": "numbers", "name": "PatientID", "value": "9990000018"},
            {"kind": "birth", "name": "PatientBirthDate", "value": "19480312"},
        ],
        "private": 0,
        "overlays": 0,
        "burnt_in": "unknown",
    }


@pytest.mark.parametrize("sequence", [0x00400275, 0x00081111], ids=["listed", "not listed"])
def test_who_is_named_in_a_sequence_is_found_though_the_sender_did_not_know_it_for_one(said, sequence):
    name = bytes.fromhex("32003210 08000000") + b"Doe^Jane"
    item = bytes.fromhex("feff00e0") + len(name).to_bytes(4, "little") + name

    told = said(with_element_of_no_kind(dicom(), sequence, item))["identifying"]

    assert {"kind": "people", "name": "RequestingPhysician", "value": "Doe^Jane"} in told


@pytest.mark.parametrize("content", [b"", b"no items", b"x" * 70000], ids=["empty", "words", "long"])
def test_a_sequence_that_holds_no_items_names_nobody(said, content):
    with_it = said(with_element_of_no_kind(dicom(), 0x00081111, content))

    assert (with_it["patient_name"], with_it["identifying"]) == (
        "Tester^Ann^Mary",
        said(dicom())["identifying"],
    )


def test_hostile_words_lose_what_is_not_seen_and_turns_and_all_beyond_what_is_kept(said):
    hostile = said(
        dicom(
            SpecificCharacterSet="ISO_IR 192",
            InstitutionName="\x1b[31mA\x00B\u202e</dd>",
            StudyDescription="x" * 5000,
        )
    )

    assert (hostile["institution"], hostile["study_description"]) == ("[31mA B </dd>", "x" * 200)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "its beginning is missing"),
        (b"no image at all" * 50, "its beginning is missing"),
        (dicom()[132:], "its beginning is missing"),
    ],
)
def test_what_is_no_dicom_is_refused_with_a_plain_word(said, content, why):
    with pytest.raises(sandbox.Unreadable, match=why):
        said(content)


def test_every_shared_file_is_read_or_refused_as_its_manifest_has_it():
    if not SHARED.exists():
        pytest.skip("The shared images are not beside the project.")
    told = {}
    with (SHARED / "manifest.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    for row in rows:
        try:
            header = sandbox.read("dicom.header", SHARED / row["file"])
        except sandbox.Unreadable as why:
            told[row["file"]] = (str(why), "")
        else:
            told[row["file"]] = ("ok", header["study_uid"])

    wanted = {row["file"]: (row["strict_read"], row["StudyInstanceUID"]) for row in rows}
    wanted["awkward/no_meta.dcm"] = (
        "This is not a DICOM file as the standard has it: its beginning is missing. "
        "Ask for it again as it was on the disc.",
        "",
    )
    assert told == wanted


def test_damaged_copies_are_read_or_refused_in_a_sentence_and_the_next_one_is_read(said):
    chance, whole, refused = random.Random(5), dicom(), []
    for _ in range(COPIES):
        damaged = bytearray(whole)
        for _ in range(chance.randint(1, 8)):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        try:
            said(bytes(damaged[: chance.choice((len(damaged), chance.randrange(len(damaged))))]))
        except sandbox.Unreadable as why:
            refused.append(str(why))

    assert refused
    assert all(why.endswith((".", ").")) for why in refused)
    assert said(whole)["study_uid"] == "1.2.826.0.1.1"
