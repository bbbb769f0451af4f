from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Join, func

from app import policy
from app.accounts.models import Role
from app.enquiries import queries as enquiries
from app.policy import GRANTS, Permission
from app.policy.conditions import CONDITIONS

APP = Path(__file__).parents[2] / "app"


def test_every_permission_is_granted_to_someone():
    assert set().union(*GRANTS.values()) == set(Permission)


@pytest.mark.parametrize("permission", [*Permission])
def test_every_permission_is_asked_for_somewhere(permission):
    elsewhere = (path.read_text() for path in APP.rglob("*.py") if path.parent.name != "policy")

    assert any(f"Permission.{permission.name}" in text for text in elsewhere)


def test_permissions_are_listed_in_alphabetical_order():
    assert [*Permission] == sorted(Permission)


def test_every_refusal_is_a_sentence():
    said = {words for conditions in CONDITIONS.values() for words in conditions.values()}

    assert {words for words in said if not words.endswith(".")} == set()


def slices():
    """Every function that gives the records somebody may know of, by name."""
    found = {name: getattr(policy, name) for name in policy.__all__ if name.startswith("visible_")}
    return {**found, "enquiries.visible": enquiries.visible}


@pytest.mark.parametrize("name", slices())
@pytest.mark.parametrize("role", [Role.INVESTIGATOR, Role.OMBUDSMAN])
def test_each_slice_of_the_records_asks_each_row_even_where_rows_are_only_counted(make, name, role):
    """What is asked of each row would else be asked of all of them at once, and one answer given for all."""
    rows = slices()[name](make.account(role))
    [entity] = [told["entity"] for told in rows.column_descriptions]

    counted = rows.with_only_columns(func.count()).get_final_froms()

    assert [entity.__table__ in tables_of(outer) for outer in counted] == [True]


def tables_of(outer):
    return [*tables_of(outer.left), *tables_of(outer.right)] if isinstance(outer, Join) else [outer]
