from __future__ import annotations

import pytest
from sqlalchemy import select

from app.accounts.models import Role
from app.core.work import WorkState
from app.redaction.models import Redacting
from app.worker import doing
from tests.examining import made
from tests.examining.conftest import _no_child_is_left, entered, stores, told, work

__all__ = ["_no_child_is_left", "entered", "stores", "told", "work"]


@pytest.fixture
def redact(app, session):
    """Does what the worker is asked to do for redactions."""

    def do():
        waits = select(Redacting.id).where(Redacting.state == WorkState.WAITING).order_by(Redacting.id)
        numbers = session.scalars(waits).all()
        session.commit()
        with app.app_context():
            for number in numbers:
                doing.do("redacting", number)
        session.expire_all()

    return do


@pytest.fixture
def report(session, reader, entered, work):
    """A browser of the investigator of a case, and a report of two pages in it."""
    client, owner = reader(Role.INVESTIGATOR)
    pages = ("Seen by Dr Wren Hart.", "Copy to wren hart and A Roe.")
    document = entered("report.pdf", made.pdf(*pages), title="Hart report")
    document.case.owner = owner
    session.commit()
    work()
    return client, document
