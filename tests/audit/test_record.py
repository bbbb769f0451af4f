"""The record is one chain, and whoever changes a link of it is found out."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.audit.record import record, verify
from app.organisations.events import OrganisationAdded


def write(session, count=5):
    for number in range(count):
        record(session, OrganisationAdded(code=f"X-{number}", called="É", kind="other"), actor=None)
    session.flush()


def without_guards(session):
    """As a database administrator would: the triggers off, in this transaction only."""
    if session.get_bind().dialect.name == "sqlite":
        for table in ("audit_entry", "audit_detail"):
            for verb in ("update", "delete"):
                session.execute(text(f"DROP TRIGGER {table}_no_{verb}"))
    else:
        for table in ("audit_entry", "audit_detail"):
            session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))


def test_what_was_written_verifies(session):
    write(session)

    assert list(verify(session)) == []


TAMPERINGS = {
    "another event": ("UPDATE audit_entry SET event = 'case.moved' WHERE number = 3", "Entry 3 (case.moved)"),
    "another actor": ("UPDATE audit_entry SET request_id = 'x' WHERE number = 2", "Entry 2 "),
    "another time": (
        "UPDATE audit_entry SET occurred_at = '2020-01-01 00:00:00+00:00' WHERE number = 4",
        "Entry 4 ",
    ),
    "other particulars": ("UPDATE audit_detail SET salt = 'x'", "The particulars of entry 1 "),
    "a link taken out": (
        "DELETE FROM audit_detail WHERE entry_id = (SELECT id FROM audit_entry WHERE number = 3)",
        "The particulars of entry 3 ",
    ),
    "the head put back": (
        "UPDATE audit_head SET length = 4",
        "The record ends at entry 5, but its head says 4",
    ),
}


@pytest.mark.parametrize(("statement", "found"), TAMPERINGS.values(), ids=TAMPERINGS)
def test_a_change_behind_the_back_of_the_service_is_found_and_named(session, statement, found):
    write(session)
    without_guards(session)
    session.execute(text(statement))
    session.expire_all()

    assert next(verify(session)).startswith(found)


def test_the_last_entries_cut_off_are_missed_by_the_head(session):
    write(session)
    without_guards(session)
    last = "(SELECT id FROM audit_entry WHERE number = 5)"
    session.execute(text(f"DELETE FROM audit_detail WHERE entry_id = {last}"))
    session.execute(text("DELETE FROM audit_entry WHERE number = 5"))
    session.expire_all()

    assert list(verify(session)) == ["The record ends at entry 4, but its head says 5."]


@pytest.mark.parametrize("table", ["audit_entry", "audit_detail", "access_entry"])
@pytest.mark.parametrize("verb", ["UPDATE {} SET id = 99", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_the_database_itself_refuses(app, session, make, connection, table, verb):
    from app.audit.models import Access, AccessEntry

    if "TRUNCATE" in verb and session.get_bind().dialect.name == "sqlite":
        verb = "DELETE FROM {}"  # what SQLite has instead
    write(session, 1)
    session.add(AccessEntry(kind=Access.OPENED, subject="SR-1", page="cases.show"))
    session.flush()

    with pytest.raises(DBAPIError, match="append-only"), connection.begin_nested():
        connection.execute(text(verb.format(table)))


def test_an_event_and_its_change_are_kept_together_or_not_at_all(session, make):
    savepoint = session.begin_nested()
    write(session, 1)
    savepoint.rollback()

    assert session.scalar(text("SELECT count(*) FROM audit_entry")) == 0
    assert list(verify(session)) == []
