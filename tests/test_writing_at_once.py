"""Many processes writing at the same time: nothing fails, nothing is lost, the chain does not fork.

Each process is a real one, on a database of its own that all of them share.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.audit import record
from app.audit.models import AuditEntry, Receipt
from app.database import db
from app.organisations import actions
from app.organisations.models import Organisation, OrganisationKind
from tests.migrated import migrated

PROJECT = Path(__file__).parents[1]

#: What each process does: so many times, read something, then write something, in one unit of work.
WRITER = """
import sys
from app import create_app
from app.database import db
from app.organisations import actions, queries
from app.organisations.models import OrganisationKind
from sqlalchemy import select
from app.organisations import actions
from app.organisations.models import Organisation, OrganisationKind

app = create_app()
name, times = sys.argv[1], int(sys.argv[2])
for number in range(times):
    with app.app_context(), db.unit_of_work() as session:
        session.scalars(select(Organisation).limit(5)).all()
        actions.add_by_hand(session, actor=None, name=f"{name} {number}", kind=OrganisationKind.OTHER)
print("written", times)
"""

SAME_FORM = """
import sys
from app import create_app
from app.accounts.models import Account
from app.audit.receipts import once
from app.database import db
from app.organisations import actions
from app.organisations.models import Organisation, OrganisationKind
from sqlalchemy import select

app = create_app()
for number in range(int(sys.argv[2])):
    with app.app_context(), db.unit_of_work() as session:
        actor = session.scalars(select(Account)).first()
        def make():
            return actions.add_by_hand(session, actor=None, name=f"Once {number}", kind=OrganisationKind.OTHER)
        once(session, Organisation, f"{number:032x}", answers="same", actor=actor, make=make)
print("sent")
"""


#: Looks whether there is anything yet and, if not, thinks for a while and makes the first.
FIRST = """
import sys, time
from app import create_app
from app.database import db
from app.organisations import actions, queries
from app.organisations.models import OrganisationKind

app = create_app()
with app.app_context(), db.unit_of_work() as session:
    if queries.count(session) == 0:
        time.sleep(0.5)
        actions.add_by_hand(session, actor=None, name=sys.argv[1], kind=OrganisationKind.OTHER)
print("looked")
"""


@pytest.fixture
def shared(request, tmp_path):
    """The settings of an office that several processes share, migrated; and an app that looks at it."""
    with migrated(request.config.getoption("--database"), tmp_path) as app:
        url = app.config["DATABASE_URL"]
        yield app, {"OFFICE": "trial", "DATA_DIR": str(tmp_path), "DATABASE_URL": url}


def at_once(script: str, count: int, times: int, settings: dict[str, str]) -> list[str]:
    environ = {**os.environ, **settings, "PYTHONPATH": str(PROJECT)}
    running = [
        subprocess.Popen(
            [sys.executable, "-c", script, f"Writer {number}", str(times)],
            cwd=PROJECT,
            env=environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for number in range(count)
    ]
    return [process.communicate(timeout=110)[0].strip() for process in running]


def test_four_writers_of_a_hundred_writes_each_all_succeed_and_the_chain_holds(shared):
    app, settings = shared

    said = at_once(WRITER, 4, 100, settings)

    assert said == ["written 100"] * 4
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Organisation)) == 400
        assert db.session.scalars(select(AuditEntry.number).order_by(AuditEntry.number)).all() == [
            *range(1, 401)
        ]
        assert list(record.verify(db.session)) == []


def test_the_same_form_sent_by_four_at_the_same_time_makes_one_row_each(shared):
    from app.accounts.models import Account

    app, settings = shared
    with app.app_context(), db.unit_of_work() as session:
        session.add(Account(email="a@office.example", name="A", password_hash="none"))

    said = at_once(SAME_FORM, 4, 25, settings)

    assert said == ["sent"] * 4
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Organisation)) == 25
        assert db.session.scalar(select(func.count()).select_from(Receipt)) == 25


def test_nothing_that_was_read_in_deciding_changes_before_it_is_written(shared):
    app, settings = shared

    said = at_once(FIRST, 4, 1, settings)

    assert said == ["looked"] * 4
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Organisation)) == 1


def _write_half(app):
    with app.test_request_context("/sign-in/single/back"):
        assert db.session.scalars(select(Organisation)).all() == []
        with db.unit_of_work() as session:
            actions.add_by_hand(session, actor=None, name="Half", kind=OrganisationKind.OTHER)
            session.flush()
            raise ZeroDivisionError


def test_of_what_a_request_that_reads_as_a_rule_writes_all_the_same_no_half_is_left(shared):
    """Coming back from single sign-on is such a request; on PostgreSQL one that reads has no transaction."""
    app, _settings = shared

    with pytest.raises(ZeroDivisionError):
        _write_half(app)
    with app.test_request_context("/sign-in/single/back"):
        with db.unit_of_work() as session:
            actions.add_by_hand(session, actor=None, name="Whole", kind=OrganisationKind.OTHER)
        assert db.session.scalars(select(Organisation.name)).all() == ["Whole"]

    with app.app_context():
        assert db.session.scalars(select(Organisation.name)).all() == ["Whole"]
        assert list(record.verify(db.session)) == []


def test_a_request_that_reads_sees_what_is_committed_and_leaves_what_was_prepared(shared):
    app, _settings = shared
    asked = select(func.count()).select_from(Organisation)

    with app.test_request_context("/"):
        before = [db.session.scalar(asked) for _ in range(8)]
        with db.aside() as aside:
            actions.add_by_hand(aside, actor=None, name="Meanwhile", kind=OrganisationKind.OTHER)
    with app.test_request_context("/"):
        after = db.session.scalar(asked)
        driver = db.session.connection().connection.driver_connection
        prepared = getattr(driver, "_prepared", None)

    assert (before, after) == ([0] * 8, 1)
    assert prepared is None or len(prepared._names) >= 1
