"""What a row of a file says, and every way in which a file is refused."""

from __future__ import annotations

from datetime import date

import pytest

from app.allegations.models import Kind
from app.complaints import rows
from app.complaints.rows import COLUMNS, Refused, Row, read
from tests.complaints.files import FULL, PLAIN, csv_of


def problems_of(content: bytes) -> list[str]:
    with pytest.raises(Refused) as refused:
        read(content)
    return list(refused.value.problems)


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
    content = b"\xef\xbb\xbf" + csv_of(FULL, columns=sorted(COLUMNS))

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

    monkeypatch.setattr(rows, "MOST_ROWS", 2)
    assert len(read(content)) == 2
    monkeypatch.setattr(rows, "MOST_ROWS", 1)
    assert problems_of(content) == ["The file has more than 1 complaints. Divide it."]
    monkeypatch.setattr(rows, "MOST_BYTES", len(content) - 1)
    assert problems_of(content) == ["The file is larger than 0 MB. Divide it."]
