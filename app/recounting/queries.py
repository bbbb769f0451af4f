"""What a calendar would move, counted by the database: how much runs has no bearing on what is read.

The last day of a clock follows from the day it began. So only the beginnings that have one of the calendar's
own days between them and their last day are looked at, and few days are that near before one. They are asked for
as ranges of beginnings that share a last day, some at a time: SQLite reads no more than 1,000 conditions at once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_
from sqlalchemy.orm import Session

from app.accounts.models import Account
from app.complaints.models import Complaint
from app.core import clock
from app.core.calendar import Otherwise, working_days_after
from app.policy.visibility import visible_complaints
from app.recounting.kinds import Running, running
from app.reference import lists, queries
from app.reference.catalogue import CALENDAR, LISTS
from app.reference.models import ListDraft

#: How many are named, and of how many ranges the database is asked at once.
NAMED, AT_ONCE = 10, 100

ONE_DAY = timedelta(days=1)

#: Of a kind of clock, and a day it would be due: which rows are meant.
Which = Callable[[Running, date], ColumnElement[bool]]


@dataclass(frozen=True)
class Recount:
    """A clock that runs: the day it is due, and the day it would be. `complaint` is None for whoever may not know."""

    clock: str
    complaint: Complaint | None
    was: date
    due_on: date


@dataclass(frozen=True)
class Found:
    """How many there are of each kind of clock, and the first of them."""

    counts: dict[str, int]
    first: list[Recount]

    @property
    def count(self) -> int:
        return sum(self.counts.values())

    @property
    def more(self) -> int:
        return self.count - len(self.first)


@dataclass(frozen=True)
class Beginnings:
    """Clocks that began from the first of these days to the last are due on one and the same day."""

    first: date
    last: date
    due_on: date


@dataclass(frozen=True)
class Preview:
    """What putting a draft in force would do: what it moves, and what it leaves for somebody to look at."""

    moving: Found
    left: Found


def preview(session: Session, account: Account | None, draft: ListDraft) -> Preview | None:
    """What would happen if the draft were put in force now; None if it is of a list that moves nothing."""
    if draft.list_key != CALENDAR:
        return None
    last = queries.newest(session, LISTS[CALENDAR])
    both = lists.otherwise_by(last), lists.otherwise_by(queries.would_be(session, draft))
    return Preview(moving(session, account, *both), left(session, account, *both))


def left_by(session: Session, account: Account | None, number: int) -> Found:
    """What still runs that the version of the calendar of that number, the last one, left as it was."""
    about = LISTS[CALENDAR]
    before, after = (queries.numbered(session, about, each) for each in (number - 1, number))
    return left(session, account, lists.otherwise_by(before), lists.otherwise_by(after))


def moving(session: Session, account: Account | None, before: Otherwise, after: Otherwise) -> Found:
    """What is due on another day once the office counts days as `after` says."""
    return _found(session, account, before, after, moves)


def left(session: Session, account: Account | None, before: Otherwise, after: Otherwise) -> Found:
    """What would be, and is not moved: somebody set the day by hand, or it was promised and would come earlier."""
    return _found(session, account, before, after, stays)


def moves(kind: Running, due_on: date) -> ColumnElement[bool]:
    is_otherwise = kind.due_on < due_on if kind.was_promised else kind.due_on != due_on
    return and_(is_otherwise, ~kind.by_hand)


def stays(kind: Running, due_on: date) -> ColumnElement[bool]:
    if not kind.was_promised:
        return kind.by_hand
    return or_(kind.by_hand, kind.due_on > due_on)


def portions(kind: Running, before: Otherwise, after: Otherwise) -> Iterator[Sequence[Beginnings]]:
    """The beginnings whose last day may not be the same by both calendars, `AT_ONCE` ranges at a time."""
    ranges = iter(_beginnings(kind, before, after))
    while portion := list(islice(ranges, AT_ONCE)):
        yield portion


def among(kind: Running, portion: Sequence[Beginnings], which: Which) -> Any:
    """The rows of a kind that began then and of which `which` is true, the first due first."""
    ranges = (
        and_(
            kind.began_at >= clock.instant_of(each.first, time()),
            kind.began_at < clock.instant_of(each.last + ONE_DAY, time()),
            which(kind, each.due_on),
        )
        for each in portion
    )
    return kind.rows.where(or_(*ranges)).order_by(kind.due_on, kind.began_at)


def _found(
    session: Session, account: Account | None, before: Otherwise, after: Otherwise, which: Which
) -> Found:
    counts: Counter[str] = Counter()
    first: list[tuple[Complaint, Recount]] = []
    for kind in running(session):
        for portion in portions(kind, before, after):
            more = kind.due_on, kind.began_at, func.count().over()
            rows = session.execute(among(kind, portion, which).add_columns(*more).limit(NAMED)).all()
            counts[kind.name] += rows[0][-1] if rows else 0
            for row, was, began_at, _count in rows:
                due_on = working_days_after(clock.day_of(began_at), kind.amount, after)
                first.append((kind.complaint_of(row), Recount(kind.name, None, was, due_on)))
    first = sorted(first, key=lambda one: one[1].was)[:NAMED]
    known = _known(session, account, [complaint.id for complaint, _recount in first])
    named = [
        replace(recount, complaint=complaint) if complaint.id in known else recount
        for complaint, recount in first
    ]
    return Found(dict(+counts), named)


def _known(session: Session, account: Account | None, complaints: Sequence[int]) -> frozenset[int]:
    if account is None or not complaints:
        return frozenset()
    known = visible_complaints(account).where(Complaint.id.in_(complaints))
    return frozenset(session.scalars(known.with_only_columns(Complaint.id)))


def _beginnings(kind: Running, before: Otherwise, after: Otherwise) -> list[Beginnings]:
    due: dict[date, date] = {}
    for day in sorted(before.days | after.days):
        began = day - ONE_DAY
        while began >= kind.since:
            if began not in due:
                was, due_on = (working_days_after(began, kind.amount, each) for each in (before, after))
                if max(was, due_on) < day:
                    break
                due[began] = due_on
            began -= ONE_DAY
    return _joined(due)


def _joined(due: dict[date, date]) -> list[Beginnings]:
    ranges: list[Beginnings] = []
    for day, due_on in sorted(due.items()):
        last = ranges[-1] if ranges else None
        if last and last.due_on == due_on and last.last + ONE_DAY == day:
            ranges[-1] = Beginnings(last.first, day, due_on)
        else:
            ranges.append(Beginnings(day, day, due_on))
    return ranges
