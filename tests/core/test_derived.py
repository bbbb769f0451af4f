"""What is derived of a complaint is worked out before the commit, once, whatever was undone in between."""

from __future__ import annotations

from sqlalchemy import select

from app.caseload import lines
from app.caseload.models import Line


def test_a_savepoint_that_is_undone_forgets_nothing_that_was_changed_before_it(session, make):
    complaint = make.complaint()
    session.commit()
    complaint.narrative = "Said before."
    complaint.reference = "SR-NEWX-0001"
    session.flush()

    undone = session.begin_nested()
    make.complaint()
    undone.rollback()
    session.commit()

    told = session.scalar(select(Line.reference).where(Line.complaint_id == complaint.id))
    assert told == "SR-NEWX-0001"


def test_a_savepoint_that_is_kept_costs_nothing_until_all_of_it_is_committed(session, make, monkeypatch):
    complaint = make.complaint()
    session.commit()
    worked_out = []
    keep = lines.refresh
    monkeypatch.setattr(
        "app.core.derived.derived.keepers",
        [lambda session, numbers: (worked_out.append(list(numbers)), keep(session, numbers))],
    )

    for words in ("One.", "Two.", "Three."):
        with session.begin_nested():
            complaint.narrative = words
    assert worked_out == []
    session.commit()

    assert worked_out == [[complaint.id]]
