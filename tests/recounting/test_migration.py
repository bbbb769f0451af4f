"""Offices that extended windows before the reason was kept beside the day have it read from the record."""

from __future__ import annotations

from datetime import timedelta

from alembic import command
from sqlalchemy import text
from sqlalchemy.orm import Session

from app import create_app
from app.accounts.models import Role
from app.cases.models import CaseStage
from app.cli.database import alembic_config
from app.core import clock
from app.database import db
from app.decisions.actions import extend_comments
from config import Config, Office
from tests import databases
from tests.factories import Make


def test_what_was_extended_before_is_known_as_set_by_hand(request, tmp_path):
    with databases.empty(request.config.getoption("--database"), tmp_path) as url:
        app = create_app(
            Config(OFFICE=Office.TRIAL, DATA_DIR=tmp_path, DATABASE_URL=url, SECRET_KEY="x" * 40)
        )
        with app.app_context():
            command.upgrade(alembic_config(), "head")
            with Session(db.engine) as session:
                make = Make(session)
                extended, _other = (make.case(CaseStage.PROVISIONAL_VIEWS) for _each in range(2))
                later = clock.today() + timedelta(days=9)
                manager = make.account(Role.MANAGER)
                extend_comments(session, extended, actor=manager, due_on=later, reasons="They are ill.")
                session.commit()
            command.downgrade(alembic_config(), "0036")
            command.upgrade(alembic_config(), "head")
            with db.engine.connect() as connection:
                kept = connection.execute(text("SELECT extended_because FROM provisional_views ORDER BY id"))
                assert kept.scalars().all() == ["They are ill.", ""]
            db.dispose()
