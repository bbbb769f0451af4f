from __future__ import annotations

from dataclasses import fields

import pytest

from app.reference.catalogue import FIXED, LISTS
from app.reference.files import FOLDER


@pytest.mark.parametrize("about", LISTS.values(), ids=lambda about: about.key)
def test_a_list_is_shipped_as_its_own_rules_ask(about):
    assert about.problems(about.shipped_rows) == []


@pytest.mark.parametrize("about", LISTS.values(), ids=lambda about: about.key)
def test_a_row_has_a_column_for_everything_it_is_made_of(about):
    assert {column.name for column in about.columns} == {field.name for field in fields(about.row)}


def test_every_list_says_whether_an_office_may_change_it():
    assert {path.stem for path in FOLDER.glob("*.toml")} == set(LISTS) | set(FIXED)
