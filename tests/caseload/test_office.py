from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.caseload import lines
from app.caseload.models import Line


def test_every_line_of_the_demonstration_office_is_what_its_records_say(filled):
    with Session(filled, join_transaction_mode="create_savepoint") as session:
        assert list(lines.differing(session)) == []
        assert len(session.scalars(select(Line)).all()) == 42
