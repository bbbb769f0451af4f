"""What others have published, as a file that can be loaded."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from app.audit.record import verify
from app.complaints.loading import Loaded, load
from app.complaints.models import Complaint
from app.complaints.published import from_decisions, from_reports
from app.complaints.rows import read
from app.organisations import register
from tests.complaints.files import csv_of

DATA = Path(__file__).parents[3] / "shared" / "data"

needs_the_data = pytest.mark.skipif(not DATA.is_dir(), reason="the published files are not in ../shared/data")

DECISIONS = """\
id,ombudsman,body,reference,decided,complainant_relation,modality,imaging_date,imaging_failing,other_heads,outcome,\
remedies,money_gbp,deadline,url
D1,SPSO,Fenwick &amp; Moor NHS Board,2015,2015-10,patient,MRI spine,2014,not reported,,upheld,,0,,http://x/?a=1&copy=2
D2,PHSO,Northmoor NHS Trust,,,daughter,X-ray; CT,,not acted on,delay,upheld,apology,,,
"""


def test_a_decision_becomes_a_complaint_as_exact_as_it_is():
    assert from_decisions(DECISIONS) == [
        {
            "source": "Ombudsman decisions on imaging",
            "reference": "D1",
            "received_on": "2015-10-01",
            "received_precision": "month",
            "narrative": "Decided by: SPSO\nTheir reference: 2015\nDecided (taken as the day of receipt): 2015-10\n"
            "About: Fenwick & Moor NHS Board\nComplained: patient\nImaging: MRI spine\nImaging took place: 2014\n"
            "Imaging failing: not reported\nOutcome: upheld\nMoney in pounds: 0\nPublished at: http://x/?a=1&copy=2",
            "issue": "not reported",
            "modality": "MR",
            "organisations": "Fenwick & Moor NHS Board",
        },
        {
            "source": "Ombudsman decisions on imaging",
            "reference": "D2",
            "received_on": "",
            "received_precision": "not_known",
            "narrative": "Decided by: PHSO\nAbout: Northmoor NHS Trust\nComplained: daughter\nImaging: X-ray; CT\n"
            "Imaging failing: not acted on\nOther heads of complaint: delay\nOutcome: upheld\nRemedies: apology",
            "issue": "not acted on",
            "modality": "",
            "organisations": "Northmoor NHS Trust",
        },
    ]


def test_a_report_becomes_a_complaint_about_those_it_was_sent_to():
    assert from_reports(
        """[{"ref": "2020-0001", "date_of_report": "2020-05-04", "coroner_area": "Northmoor", "modality": "CR/US",
        "addressees": ["Fenwick &amp; Moor NHS Trust; CQC", "NHS England"], "imaging_theme": "not acted on",
        "circumstances": "He fell.", "concerns": "Nobody&#39;s list.", "investigation": ""}]"""
    ) == [
        {
            "source": "Prevention of future deaths reports",
            "reference": "2020-0001",
            "received_on": "2020-05-04",
            "received_precision": "day",
            "narrative": "Report to prevent future deaths: 2020-0001\nCoroner’s area: Northmoor\n"
            "Sent to: Fenwick & Moor NHS Trust; CQC; NHS England\nImaging: CR/US\n\n"
            "Circumstances\n\nHe fell.\n\nConcerns\n\nNobody's list.",
            "issue": "not acted on",
            "modality": "",
            "organisations": "Fenwick & Moor NHS Trust| CQC|NHS England",
        }
    ]


@needs_the_data
def test_the_published_reports_and_decisions_load_after_the_register(session):
    for file, as_at in {
        "etr_snapshot_c2016_committed2021-01.csv": date(2016, 1, 1),
        "etr_snapshot_2022-03.csv": date(2022, 3, 1),
        "etr_snapshot_2025-07.csv": date(2025, 7, 1),
    }.items():
        register.load(session, (DATA / "organisations" / file).read_bytes(), as_at=as_at, actor=None)
    reports = from_reports((DATA / "pfd_reports/imaging_pfd_public.json").read_text(encoding="utf-8"))
    decisions = from_decisions(
        (DATA / "ombudsman_decisions/ombudsman_imaging_decisions.csv").read_text(encoding="utf-8")
    )

    assert {
        "reports": load(session, read(csv_of(*reports)), actor=None),
        "decisions": load(session, read(csv_of(*decisions)), actor=None),
    } == {
        "reports": Loaded(rows=26, allegations=7, matched=7, to_match=31),
        "decisions": Loaded(rows=30, allegations=4, matched=4, to_match=26),
    }
    loaded = session.scalars(select(Complaint)).all()
    assert {
        (complaint.source_reference, allegation.organisation.code, allegation.modality)
        for complaint in loaded
        for allegation in complaint.allegations
    } == {
        ("2017-0371", "R1F", "CR"),
        ("2023-0260", "RF4", "CT"),
        ("2023-0352", "RNN", "CT"),
        ("2024-0027", "RRK", "CT"),
        ("2024-0027", "RXK", "CT"),
        ("2024-0266", "RRK", "CT"),
        ("2025-0173", "RTH", "CT"),
        ("OD01", "RNL", "CR"),
        ("OD02", "RWE", "CT"),
        ("OD03", "REF", ""),
        ("OD04", "RCD", ""),
    }
    undated = {c.source_reference for c in loaded if c.narrative.startswith("Received date not known")}
    assert undated == {"2024-0266", "OD04", "OD25", "OD27", "OD29", "OD32", "OD36"}
    assert list(verify(session)) == []


def test_published_decisions_are_written_as_a_file_that_can_be_loaded(flask, tmp_path):
    source, target = tmp_path / "decisions.csv", tmp_path / "complaints.csv"
    source.write_text(DECISIONS, encoding="utf-8")

    assert flask("convert", "decisions", source, target) == (0, f"2 complaints written to {target}.\n")
    assert [row.reference for row in read(target.read_bytes())] == ["D1", "D2"]

    code, said = flask("convert", "decisions", source, target)
    assert (code, " ".join(said.split())) == (1, f"Error: {target} is there already. Name another file.")


@pytest.mark.parametrize("kind", ["pfd", "decisions"])
def test_what_is_not_what_was_published_is_refused(flask, tmp_path, kind):
    source, target = tmp_path / "something", tmp_path / "complaints.csv"
    source.write_text("a,b\n1,2\n", encoding="utf-8")

    code, said = flask("convert", kind, source, target)

    assert code == 1
    assert said.startswith(f"Error: {source} does not hold {kind}, as far as can be read: ")
    assert not target.exists()
