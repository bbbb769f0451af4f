from __future__ import annotations

import pytest

from app.accounts.models import Role
from tests.examining import made
from tests.examining.conftest import _no_child_is_left, entered, stores, told, work

__all__ = ["_no_child_is_left", "entered", "stores", "told", "work"]


@pytest.fixture
def read(session, reader, entered, work):
    """A browser of the investigator of a case, and a report of three pages in it."""
    client, owner = reader(Role.INVESTIGATOR)
    document = entered("report.pdf", made.pdf("No acute finding.", "Mass in the left lung.", "Dr <b>Roe</b>"))
    document.case.owner = owner
    session.commit()
    work()
    return client, document
