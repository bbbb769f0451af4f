from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.accounts.models import Account, AccountRole, Role
from app.allegations.models import Kind
from app.audit.record import verify
from app.complaints import loading
from app.complaints.loading import Loaded, Refused, Row, load, read
from app.complaints.models import Channel, Complaint, ComplaintState
from app.complaints.published import from_decisions, from_reports
from app.core import clock
from app.core.errors import NotPermitted
from app.organisations import register
from app.organisations.actions import add_by_hand
from app.organisations.models import Organisation, OrganisationKind

DATA = Path(__file__).parents[3] / "shared" / "data"

needs_the_data = pytest.mark.skipif(not DATA.is_dir(), reason="the published files are not in ../shared/data")

PLAIN = {
    "source": "Old ledger",
    "reference": "417",
    "received_on": "2021-04-30",
    "narrative": "She was told the X-ray was clear. It was not.",
    "issue": "The X-ray was reported as normal.",
}
FULL = PLAIN | {
    "received_precision": "day",
    "wanted": "An apology.",
    "kind": "administrative",
    "modality": "CT",
    "organisations": "Northmoor Hospitals NHS Trust|Fenwick Imaging",
}


def csv_of(*rows: dict[str, str], columns: dict[str, object] | list[str] | None = None) -> bytes:
    written = io.StringIO(newline="")
    writer = csv.DictWriter(written, columns or loading.COLUMNS, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return written.getvalue().encode()


def problems_of(content: bytes) -> list[str]:
    with pytest.raises(Refused) as refused:
        read(content)
    return list(refused.value.problems)


def trust(session, name: str, kind: OrganisationKind = OrganisationKind.NHS_TRUST) -> Organisation:
    return add_by_hand(session, actor=None, name=name, kind=kind)


def the_complaint(session) -> Complaint:
    return session.scalars(select(Complaint)).one()


def count(session) -> int:
    return session.scalar(select(func.count()).select_from(Complaint))


def whom(complaint: Complaint) -> list[str]:
    return [allegation.organisation.name for allegation in complaint.allegations]


def names_to_match(complaint: Complaint) -> list[str]:
    return [named.words for named in complaint.to_match if named.settled_at is None]


# Reading


def test_a_row_says_what_its_cells_say():
    assert read(csv_of(FULL)) == [
        Row(
            line=2,
            source="Old ledger",
            reference="417",
            received_on=date(2021, 4, 30),
            received_precision="day",
            narrative="She was told the X-ray was clear. It was not.",
            wanted="An apology.",
            issue="The X-ray was reported as normal.",
            kind=Kind.ADMINISTRATIVE,
            modality="CT",
            organisations=("Northmoor Hospitals NHS Trust", "Fenwick Imaging"),
        )
    ]


def test_columns_that_may_be_left_out_have_the_values_of_empty_cells():
    assert read(csv_of(PLAIN, columns=list(PLAIN))) == read(csv_of(PLAIN))
    [row] = read(csv_of(PLAIN))
    assert (row.received_precision, row.wanted, row.kind, row.modality, row.organisations) == (
        "day",
        "",
        Kind.CLINICAL,
        "",
        (),
    )


def test_columns_may_stand_in_any_order_after_the_mark_that_excel_writes():
    content = b"\xef\xbb\xbf" + csv_of(FULL, columns=sorted(loading.COLUMNS))

    assert read(content) == read(csv_of(FULL))


@pytest.mark.parametrize("ends", ["\r\n", "\n", "\r"], ids=["crlf", "lf", "cr"])
def test_a_row_is_told_by_the_line_it_begins_on(ends):
    cells = ends.join(["source,reference,received_on,narrative,issue", "a,1,2021-04-30,", ""])
    cells = cells.replace("2021-04-30,", f'2021-04-30,"One.{ends}{ends}Two.",x')
    cells += f",,,,{ends}{ends}b,2,2021-04-30,Three.,y{ends}"

    assert [(row.line, row.narrative) for row in read(cells.encode())] == [(2, "One.\n\nTwo."), (7, "Three.")]


def test_what_cannot_be_kept_is_taken_out_and_names_are_tidied_but_not_changed():
    [row] = read(
        csv_of(
            FULL
            | {
                "reference": " 4\n17 ",
                "narrative": " Cafe\u0301\x00 ",
                "organisations": "A  B|| a b |St Mary’s",
            }
        )
    )

    assert (row.reference, row.narrative) == ("4 17", "Caf\u00e9")
    assert row.organisations == ("A B", "St Mary’s")


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("", ""),
        ("CT", "CT"),
        ("mr", "MR"),
        ("Ultrasound", "US"),
        ("mri scan", "MR"),
        ("X-ray", "CR"),
        ("Jaw X-ray", "PX"),
    ],
)
def test_a_kind_of_imaging_is_named_by_its_code_or_its_plain_name(cell, code):
    [row] = read(csv_of(PLAIN | {"modality": cell}))

    assert row.modality == code


@pytest.mark.parametrize(
    ("column", "cell", "fault"),
    [
        ("source", "", "this must not be empty."),
        ("source", "x" * 201, "this is longer than 200 characters."),
        ("reference", " \n ", "this must not be empty."),
        ("reference", "x" * 201, "this is longer than 200 characters."),
        ("received_on", "", "enter the day, or not_known in the column received_precision."),
        ("received_on", "2021-04", "“2021-04” is not a day such as 2021-04-30."),
        ("received_on", "30/04/2021", "“30/04/2021” is not a day such as 2021-04-30."),
        ("received_on", "20210430", "“20210430” is not a day such as 2021-04-30."),
        ("received_on", "2021-W17-5", "“2021-W17-5” is not a day such as 2021-04-30."),
        ("received_on", "2021-02-29", "“2021-02-29” is not a day such as 2021-04-30."),
        ("received_on", "2999-01-01", "this day is in the future."),
        ("received_on", "1899-12-31", "this day is before 1900-01-01."),
        ("received_precision", "week", "“week” is not one of day, month, year, not_known."),
        ("narrative", "", "this must not be empty."),
        ("narrative", "x" * 100_001, "this is longer than 100,000 characters."),
        ("wanted", "x" * 4_001, "this is longer than 4,000 characters."),
        ("issue", "", "this must not be empty."),
        ("issue", "x" * 4_001, "this is longer than 4,000 characters."),
        ("kind", "Clinical", "“Clinical” is not one of clinical, administrative, complaint_handling."),
        (
            "modality",
            "CR/US",
            "“CR/US” is no kind of imaging that we know. Enter its DICOM code, or nothing.",
        ),
        ("organisations", "x" * 201, f"the name “{'x' * 40}…” is longer than 200 characters."),
        (
            "organisations",
            "|".join(map(str, range(51))),
            "51 organisations are named here, and 50 are the most.",
        ),
    ],
)
def test_a_cell_that_will_not_do_is_refused_by_line_and_column(column, cell, fault):
    content = csv_of(FULL | {"reference": "1"}, FULL | {column: cell})

    assert problems_of(content) == [f"Line 3, column {column}: {fault}"]


@pytest.mark.parametrize(
    ("received_on", "precision", "fault"),
    [
        ("2021-04-30", "month", "if only the month is known, enter its first day."),
        ("2021-04-01", "year", "if only the year is known, enter its first day."),
        ("2021-04-30", "not_known", "leave this empty, or say in received_precision how exact it is."),
        ("", "month", "enter the day, or not_known in the column received_precision."),
    ],
)
def test_a_day_must_be_as_exact_as_is_said(received_on, precision, fault):
    row = PLAIN | {"received_on": received_on, "received_precision": precision}

    assert problems_of(csv_of(row)) == [f"Line 2, column received_on: {fault}"]


@pytest.mark.parametrize(
    ("received_on", "precision"),
    [("2021-04-01", "month"), ("2021-01-01", "year"), ("", "not_known")],
)
def test_a_day_that_is_not_exact_is_read_if_it_says_so(received_on, precision):
    [row] = read(csv_of(PLAIN | {"received_on": received_on, "received_precision": precision}))

    assert (row.received_on.isoformat() if row.received_on else "") == received_on
    assert row.received_precision == precision


def test_all_that_is_wrong_is_told_at_once():
    content = csv_of(
        FULL | {"issue": "", "kind": "?"},
        FULL,
        PLAIN | {"reference": "418", "received_on": "soon"},
    )

    assert problems_of(content) == [
        "Line 2, column issue: this must not be empty.",
        "Line 2, column kind: “?” is not one of clinical, administrative, complaint_handling.",
        "Line 3, column reference: line 2 has this reference already.",
        "Line 4, column received_on: “soon” is not a day such as 2021-04-30.",
    ]


def test_the_message_shows_the_first_fifty_problems():
    content = csv_of(*(PLAIN | {"reference": str(number), "issue": ""} for number in range(53)))

    with pytest.raises(Refused) as refused:
        read(content)

    told = [f"Line {line}, column issue: this must not be empty." for line in range(2, 55)]
    assert refused.value.problems == tuple(told)
    assert str(refused.value) == "\n".join([*told[:50], "There are 3 more problems after these."])


def test_the_same_reference_in_two_series_is_two_complaints():
    assert len(read(csv_of(PLAIN, PLAIN | {"source": "New ledger"}))) == 2


@pytest.mark.parametrize(
    ("content", "problems"),
    [
        (b"", ["The file has no complaints in it."]),
        (b"\r\n , \r\n", ["The file has no complaints in it."]),
        (csv_of(), ["The file has no complaints in it."]),
        (
            b"source,Narrative,issue,issue,\nx,x,x,x,x\n",
            [
                "Line 1, column “Narrative”: there is no such column.",
                "Line 1, column issue: this column is here twice.",
                "Line 1, column number 5, which has no name: there is no such column.",
                "Line 1, column reference: this column is missing.",
                "Line 1, column received_on: this column is missing.",
                "Line 1, column narrative: this column is missing.",
            ],
        ),
        (
            csv_of(PLAIN) + b"Old ledger,418\r\n",
            ["Line 3: the heading has 10 cells, this row 2."],
        ),
        (
            csv_of(PLAIN) + b'Old ledger,"418\r\n\r\n',
            ["Line 3: this is not a CSV row (unexpected end of data)."],
        ),
        (
            csv_of(PLAIN) + "Old ledger,St Mary’s\r\n".encode("cp1252"),
            ["Line 3: this is not UTF-8. Save the file as “CSV UTF-8”."],
        ),
        (
            csv_of(PLAIN | {"narrative": "x" * 200_000}),
            ["Line 2: this is not a CSV row (field larger than field limit (131072))."],
        ),
    ],
    ids=["nothing", "blank", "heading only", "heading", "cells", "unclosed", "encoding", "endless"],
)
def test_a_file_that_is_not_of_this_kind_is_refused(content, problems):
    assert problems_of(content) == problems


def test_a_file_has_bounds(monkeypatch):
    content = csv_of(PLAIN, PLAIN | {"reference": "418"})

    monkeypatch.setattr(loading, "MOST_ROWS", 2)
    assert len(read(content)) == 2
    monkeypatch.setattr(loading, "MOST_ROWS", 1)
    assert problems_of(content) == ["The file has more than 1 complaints. Divide it."]
    monkeypatch.setattr(loading, "MOST_BYTES", len(content) - 1)
    assert problems_of(content) == ["The file is larger than 0 MB. Divide it."]


# Loading


def test_a_row_becomes_a_complaint_with_nothing_made_up(session):
    northmoor = trust(session, "Northmoor Hospitals NHS Trust")

    loaded = load(session, read(csv_of(FULL)), actor=None)

    assert loaded == Loaded(rows=1, allegations=1, matched=1, to_match=1)
    complaint = the_complaint(session)
    assert {
        "source": (complaint.source, complaint.source_reference),
        "state": complaint.state,
        "channel": complaint.channel,
        "received_at": complaint.received_at,
        "made_on": complaint.made_on,
        "narrative": complaint.narrative,
        "wanted": complaint.wanted,
        "people": (complaint.complainant_known, complaint.parties, complaint.logged_by),
        "due": {deadline.rule: deadline.due_on for deadline in complaint.deadlines},
        "issues": [(issue.kind, issue.words) for issue in complaint.issues],
        "to match": names_to_match(complaint),
    } == {
        "source": ("Old ledger", "417"),
        "state": ComplaintState.INITIAL_CHECK,
        "channel": Channel.LOADED,
        "received_at": datetime(2021, 4, 29, 23, tzinfo=UTC),
        "made_on": date(2021, 4, 30),
        "narrative": "She was told the X-ray was clear. It was not.",
        "wanted": "An apology.",
        "people": (False, [], None),
        "due": {"acknowledgement": date(2021, 5, 5), "conclusion": date(2022, 4, 29)},
        "issues": [(Kind.ADMINISTRATIVE, "The X-ray was reported as normal.")],
        "to match": ["Fenwick Imaging"],
    }
    [allegation] = complaint.allegations
    assert (allegation.organisation, allegation.issue, allegation.modality) == (
        northmoor,
        complaint.issues[0],
        "CT",
    )
    assert (allegation.event_on, allegation.event_precision, allegation.knowledge_on) == (None, None, None)
    assert (allegation.codings, allegation.checks) == ([], [])
    assert list(verify(session)) == []


@pytest.mark.parametrize(
    ("named", "matched"),
    [
        ("St Mary’s NHS Trust", True),
        ("ST MARYS  NHS TRUST", True),
        ("st mary's nhs trust", True),
        ("St Mary’s", False),
        ("St Mary’s NHS Foundation Trust", False),
        ("St Mary’s NHS Trust, Northmoor", False),
    ],
)
def test_a_name_is_matched_whole_or_waits_for_a_person(session, named, matched):
    trust(session, "St Mary's NHS Trust")

    loaded = load(session, read(csv_of(PLAIN | {"organisations": named})), actor=None)

    assert loaded == Loaded(rows=1, allegations=matched, matched=matched, to_match=not matched)
    complaint = the_complaint(session)
    assert whom(complaint) == (["St Mary's NHS Trust"] if matched else [])
    assert names_to_match(complaint) == ([] if matched else [named])


def test_a_name_that_two_organisations_have_waits_for_a_person(session):
    trust(session, "The Surgery", OrganisationKind.GP_PRACTICE)
    trust(session, "The Surgery", OrganisationKind.GP_PRACTICE)

    loaded = load(session, read(csv_of(PLAIN | {"organisations": "The Surgery"})), actor=None)

    assert loaded == Loaded(rows=1, allegations=0, matched=0, to_match=1)


@pytest.mark.parametrize("kind", OrganisationKind)
def test_an_allegation_is_made_against_nhs_bodies_only(session, kind):
    alleged = kind in {
        OrganisationKind.NHS_TRUST,
        OrganisationKind.GP_PRACTICE,
        OrganisationKind.COMMISSIONER,
        OrganisationKind.WELSH_BOARD,
    }
    body = trust(session, "Fenwick", kind)

    loaded = load(session, read(csv_of(PLAIN | {"organisations": "Fenwick"})), actor=None)

    assert loaded == Loaded(rows=1, allegations=alleged, matched=1, to_match=0)
    complaint = the_complaint(session)
    assert whom(complaint) == (["Fenwick"] if alleged else [])
    assert [
        (named.words, named.organisation_id, named.settled_at is None) for named in complaint.to_match
    ] == ([] if alleged else [("Fenwick", body.id, False)])
    assert list(verify(session)) == []


def test_an_organisation_that_is_named_by_two_of_its_names_is_alleged_against_once(session):
    register.load(session, b"RXX,OLD NAME NHS TRUST" + b"," * 22, as_at=date(2020, 1, 1), actor=None)
    register.load(session, b"RXX,NEW NAME NHS TRUST" + b"," * 22, as_at=date(2021, 1, 1), actor=None)
    row = PLAIN | {"organisations": "Old Name NHS Trust|New Name NHS Trust"}

    loaded = load(session, read(csv_of(row)), actor=None)

    assert loaded == Loaded(rows=1, allegations=1, matched=2, to_match=0)
    complaint = the_complaint(session)
    assert whom(complaint) == ["New Name NHS Trust"]
    assert names_to_match(complaint) == []


@pytest.mark.parametrize(
    ("received_on", "precision", "caution"),
    [
        ("2021-04-01", "month", "Received date known to the month only."),
        ("2021-01-01", "year", "Received date known to the year only."),
    ],
)
def test_a_day_that_is_not_exact_says_so_at_the_head_of_the_narrative(
    session, received_on, precision, caution
):
    row = PLAIN | {"received_on": received_on, "received_precision": precision}

    load(session, read(csv_of(row)), actor=None)

    complaint = the_complaint(session)
    assert complaint.received_on.isoformat() == complaint.made_on.isoformat() == received_on
    assert complaint.narrative == f"{caution}\n\n{PLAIN['narrative']}"


def test_a_complaint_of_no_known_day_is_received_when_it_is_loaded(session):
    loading_day = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
    rows = read(csv_of(PLAIN | {"received_on": "", "received_precision": "not_known"}))

    with clock.at(loading_day):
        load(session, rows, actor=None)

    complaint = the_complaint(session)
    assert (complaint.received_at, complaint.made_on) == (loading_day, date(2026, 3, 2))
    assert complaint.narrative == (
        f"Received date not known: the day of loading stands in for it.\n\n{PLAIN['narrative']}"
    )


def test_what_is_here_already_is_refused_by_line_and_nothing_of_its_file_is_loaded(session):
    load(session, read(csv_of(PLAIN, PLAIN | {"reference": "418"})), actor=None)
    again = read(
        csv_of(
            PLAIN | {"reference": "419"},
            PLAIN | {"reference": "418"},
            PLAIN,
            PLAIN | {"source": "New ledger"},
        )
    )

    with pytest.raises(Refused) as refused:
        load(session, again, actor=None)

    assert refused.value.problems == (
        "Line 3, column reference: “418” is already loaded.",
        "Line 4, column reference: “417” is already loaded.",
    )
    assert count(session) == 2


@pytest.mark.parametrize(("role", "may"), [(Role.CASEWORKER, True), (Role.LIAISON, False)])
def test_only_those_who_may_log_a_complaint_may_load_some(session, role, may):
    account = Account(email="k@office.example", name="K. Mensah", password_hash="-")
    account.held.append(AccountRole(role=role))
    session.add(account)
    session.flush()
    trust(session, "Fenwick", OrganisationKind.REGULATOR)
    rows = read(csv_of(PLAIN | {"organisations": "Fenwick"}))

    if not may:
        load(session, rows, actor=None)
        with pytest.raises(NotPermitted):  # and are not told, either, what is here already
            load(session, rows, actor=account)
        assert count(session) == 1
        return
    load(session, rows, actor=account)

    complaint = the_complaint(session)
    assert complaint.logged_by is account
    assert [named.settled_by_id for named in complaint.to_match] == [account.id]


# The commands


@pytest.fixture
def flask(app, session):
    """Runs `flask complaints …`, and gives how it ended and what it said."""

    def run(*arguments: object) -> tuple[int, str]:
        ran = app.test_cli_runner().invoke(args=["complaints", *map(str, arguments)])
        return ran.exit_code, ran.output

    return run


def test_a_file_is_loaded_and_the_command_says_what_came_of_it(flask, session, tmp_path):
    file = tmp_path / "complaints.csv"
    file.write_bytes(csv_of(FULL))

    assert flask("load", file) == (
        0,
        "Rows in: 1. Allegations made: 0. Organisations named: 0 matched, 2 to be matched.\n",
    )
    assert the_complaint(session).source_reference == "417"


def test_a_dry_run_says_the_same_and_leaves_nothing(flask, session, tmp_path):
    file = tmp_path / "complaints.csv"
    file.write_bytes(csv_of(FULL))

    assert flask("load", file, "--dry-run") == (
        0,
        "This was a dry run. Nothing has been kept of it:\n"
        "Rows in: 1. Allegations made: 0. Organisations named: 0 matched, 2 to be matched.\n",
    )
    assert count(session) == 0
    assert flask("load", file)[0] == 0


def test_a_refused_file_says_why_and_leaves_nothing(flask, session, tmp_path):
    file = tmp_path / "complaints.csv"
    file.write_bytes(csv_of(FULL, FULL | {"reference": "418", "kind": "?"}))

    assert flask("load", file) == (
        1,
        "Error: Nothing was loaded.\n"
        "Line 3, column kind: “?” is not one of clinical, administrative, complaint_handling.\n",
    )
    assert count(session) == 0


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


# Published reports

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
