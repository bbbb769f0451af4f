from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.cases.models import Case
from app.core.errors import NotFound
from app.timeline import gaps, intervals
from app.timeline.intervals import Interval
from app.timeline.models import Row, Study

#: How many rows one timeline has at the most.
MOST_ROWS = 500


@dataclass(frozen=True)
class Timeline:
    """All that a timeline says: what was recorded, and what follows from it."""

    studies: Sequence[Study]
    rows: Sequence[Row]
    intervals: Sequence[Interval]
    gaps: Sequence[str]

    @property
    def standing(self) -> list[Row]:
        return [row for row in self.rows if row.struck_at is None]


def of_case(session: Session, case: Case) -> Timeline:
    """The timeline of a case, its rows in the order in which it all happened."""
    return of_case_id(session, case.id)


def of_case_id(session: Session, case_id: int) -> Timeline:
    """The same for the operator's commands, which have no account and so no case by permission."""
    studies = session.scalars(select(Study).where(Study.case_id == case_id).order_by(Study.number)).all()
    found = select(Row).where(Row.case_id == case_id)
    found = found.options(
        joinedload(Row.study),
        joinedload(Row.organisation),
        joinedload(Row.document),
        joinedload(Row.chosen_by),
        joinedload(Row.recorded_by),
    )
    rows = session.scalars(found.order_by(Row.happened_at, Row.number)).all()
    told = intervals.intervals(rows, studies)
    return Timeline(studies, rows, told, gaps.gaps(rows, studies, told))


def studies_of(session: Session, case: Case) -> Sequence[Study]:
    """The examinations of a case, in the order in which they were named."""
    return session.scalars(select(Study).where(Study.case_id == case.id).order_by(Study.number)).all()


def row_numbered(session: Session, case: Case, number: int) -> Row:
    """The row of that number in the timeline of the case. Raises `NotFound`."""
    row = session.scalar(select(Row).where(Row.case_id == case.id, Row.number == number))
    if row is None:
        raise NotFound("There is no row of that number in this timeline.")
    return row


def same_event(session: Session, row: Row) -> Sequence[Row]:
    """Other rows that stand and say when the same thing happened in the same examination."""
    others = select(Row).where(
        Row.case_id == row.case_id, Row.kind == row.kind, Row.id != row.id, Row.struck_at.is_(None)
    )
    others = others.where(Row.study_id == row.study_id if row.study_id else Row.study_id.is_(None))
    return session.scalars(others.order_by(Row.number)).all()
