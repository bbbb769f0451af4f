from __future__ import annotations

from pathlib import Path

import pytest

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
