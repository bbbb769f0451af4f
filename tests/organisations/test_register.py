from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.core.errors import RuleBroken
from app.organisations import queries, register
from app.organisations.models import Organisation, RegisterFile

DATA = Path(__file__).parents[3] / "shared/data/organisations"
needs_the_data = pytest.mark.skipif(
    not DATA.exists(), reason="the public register files are not on this machine"
)

FILES = {
    date(2016, 1, 1): "etr_snapshot_c2016_committed2021-01.csv",
    date(2022, 3, 1): "etr_snapshot_2022-03.csv",
    date(2025, 7, 1): "etr_snapshot_2025-07.csv",
}
EARLY, LATE = date(2020, 1, 1), date(2024, 1, 1)


def line(code, name, closed="", columns=24):
    cells = [code, name, "Y60", "QOC", "1 EXAMPLE WAY", "", "", "TOWN", "", "ZZ99 3AZ", "20100401", closed]
    return ",".join(cells + [""] * (columns - len(cells)))


def load(session, as_at, *lines):
    return register.load(session, "\n".join(lines).encode(), as_at=as_at, actor=None)


def test_a_name_is_what_it_was_on_the_day(session):
    load(session, EARLY, line("RAA", "OLD NAME NHS TRUST"))
    load(session, LATE, line("RAA", "ST MARY'S AND NEW-NAME NHS TRUST", columns=27))

    trust = queries.by_code(session, "raa")
    assert trust.name == "St Mary's and New-Name NHS Trust"
    assert [trust.name_on(day) for day in (date(2015, 1, 1), EARLY, date(2023, 12, 31), LATE)] == [
        "Old Name NHS Trust",
        "Old Name NHS Trust",
        "Old Name NHS Trust",
        "St Mary's and New-Name NHS Trust",
    ]
    assert [found.code for found in queries.search(session, "old name")] == ["RAA"]
    assert [found.code for found in queries.search(session, "st marys")] == ["RAA"]


def test_an_older_file_after_a_newer_one_fills_in_history_only(session):
    load(session, LATE, line("RAA", "NEW NAME NHS TRUST"))
    load(session, EARLY, line("RAA", "OLD NAME NHS TRUST"), line("RBB", "GONE NHS TRUST"))

    trust, gone = queries.by_code(session, "RAA"), queries.by_code(session, "RBB")
    assert (trust.name, trust.name_on(EARLY)) == ("New Name NHS Trust", "Old Name NHS Trust")
    assert (gone.last_listed_on, gone.missing_since) == (EARLY, LATE)


def test_an_organisation_that_vanishes_is_marked_and_one_that_comes_back_is_not(session):
    load(session, EARLY, line("RAA", "A NHS TRUST"), line("RBB", "B NHS TRUST"))
    assert load(session, LATE, line("RAA", "A NHS TRUST")).missing == 1
    assert queries.by_code(session, "RBB").missing_since == LATE

    load(session, date(2025, 1, 1), line("RAA", "A NHS TRUST"), line("RBB", "B NHS TRUST"))
    assert queries.by_code(session, "RBB").missing_since is None


def test_the_same_file_twice_changes_nothing(session):
    assert load(session, EARLY, line("RAA", "A NHS TRUST")).new == 1
    before = session.scalar(select(func.count()).select_from(RegisterFile))

    assert load(session, EARLY, line("RAA", "A NHS TRUST")).already
    assert session.scalar(select(func.count()).select_from(RegisterFile)) == before


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        (["RAA,TOO SHORT"], "Line 2: expected 12 to 27 columns, found 2"),
        ([line("R/A", "A NHS TRUST")], "Line 2: “R/A” is not an organisation code"),
        ([line("RAB", "")], "Line 2: the organisation RAB has no name"),
        ([line("RAB", "B NHS TRUST", closed="20231301")], "Line 2: “20231301” is not a date"),
        ([line("RAA", "A NHS TRUST")], "Line 2: the code RAA is listed twice"),
        (['"RAB,B NHS TRUST'], "Line 2: this is not a CSV row"),
    ],
)
def test_a_malformed_row_is_named_by_its_line_and_nothing_is_half_loaded(session, rows, sentence):
    with pytest.raises(RuleBroken, match=sentence):
        load(session, EARLY, line("RAA", "A NHS TRUST"), *rows)

    assert session.scalar(select(func.count()).select_from(Organisation)) == 0


@needs_the_data
@pytest.mark.parametrize("order", [[*FILES], [*FILES][::-1]], ids=["oldest first", "newest first"])
def test_the_real_register_says_the_same_in_whatever_order_it_is_loaded(session, order):
    for as_at in order:
        register.load(session, (DATA / FILES[as_at]).read_bytes(), as_at=as_at, actor=None)

    organisations = session.scalars(select(Organisation)).all()
    assert len(organisations) == 244
    assert sum(organisation.missing_since is not None for organisation in organisations) == 34
    renamed = queries.by_code(session, "RBN")
    assert renamed.name_on(date(2016, 6, 1)) == "St Helens and Knowsley Hospital Services NHS Trust"
    assert renamed.name == "Mersey and West Lancashire Teaching Hospitals NHS Trust"
    assert queries.by_code(session, "G6V2S").opened_on == date(2024, 11, 1)
