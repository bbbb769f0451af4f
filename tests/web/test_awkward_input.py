"""Names and numbers as people have them, kept as they were written."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from markupsafe import escape
from sqlalchemy import select

from app.core.text import clean
from app.people.models import Person
from app.people.nhs_number import tidy
from tests.web import Form
from tests.web.doors import sent

INPUTS = Path(__file__).parents[3] / "shared" / "data" / "synthetic_inputs"


def read(name):
    if not INPUTS.exists():
        pytest.skip("The synthetic inputs are not beside this repository.")
    with (INPUTS / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def logged(visitor, **answers):
    """The page of the complaint that this makes."""
    fields = [(n, v) for n, v in Form(visitor.open("/complaints/new").text).fields if n != "csrf_token"]
    blank = ("about", "born_on-", "died_on-", "nhs_number", "affected_name", "basis")
    fields = [pair for pair in fields if not pair[0].startswith(blank)]
    given = {"about": "themselves", "complainant_is": "new", "same_as": "none", **answers}
    fields = [pair for pair in fields if pair[0] not in given]
    answer = sent(visitor, "/complaints/new", [*fields, *((n, v.encode()) for n, v in given.items())])
    assert answer.status_code == 302, answer.text
    return visitor.open(answer.location)


def test_awkward_names_come_back_as_they_were_written(visit, office):
    caseworker, names = visit("caseworker@office.example"), [row["name"] for row in read("awkward_names.csv")]
    names = [name for name in names if clean(name)]

    pages = {name: logged(caseworker, name=name[:200]) for name in names}

    kept = office.scalars(select(Person.name).order_by(Person.id.desc()).limit(len(names))).all()[::-1]
    assert kept == [clean(name[:200]) for name in names]
    assert {n: p.status_code for n, p in pages.items() if str(escape(clean(n[:200]))) not in p.text} == {}


def test_no_nhs_number_holds_a_complaint_up_and_each_is_kept_as_typed(visit, office):
    caseworker, numbers = visit("caseworker@office.example"), read("nhs_number_test_values.csv")
    typed = [row["value"] for row in numbers if len(clean(row["value"])) <= 20]

    pages = [logged(caseworker, name="Somebody", nhs_number=number) for number in typed]

    people = office.scalars(select(Person.nhs_number).order_by(Person.id.desc()).limit(len(typed))).all()
    assert list(people)[::-1] == [tidy(clean(number)) for number in typed]
    assert {page.status_code for page in pages} == {200}
    right = {row["value"] for row in numbers if row["expected"] == "valid"}
    standing = {n: "Check this number" not in p.text for n, p in zip(typed, pages, strict=True) if clean(n)}
    assert {n for n, is_valid in standing.items() if is_valid and n not in right} == set()
    print(f"\n{len(typed)} NHS numbers of {len(numbers)} logged")
