from __future__ import annotations

import pytest
from alembic import command
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.audit.record import GENESIS
from app.cli.database import alembic_config
from app.database import db


def test_the_migrations_build_exactly_what_the_models_say(app):
    with app.app_context():
        command.check(alembic_config())


def test_the_chain_begins_where_the_record_says(app):
    with app.app_context(), db.engine.connect() as connection:
        assert connection.scalar(text("SELECT hash FROM audit_head")) == GENESIS


@pytest.mark.parametrize("statement", ["UPDATE audit_entry SET event = 'x'", "DELETE FROM audit_entry"])
def test_the_database_refuses_to_change_the_record(session, connection, statement):
    from app.audit.record import record
    from app.organisations.events import OrganisationAdded

    record(session, OrganisationAdded(code="X-1", called="A", kind="other"), actor=None)
    session.flush()

    with pytest.raises(DBAPIError, match="append-only"), connection.begin_nested():
        connection.execute(text(statement))
