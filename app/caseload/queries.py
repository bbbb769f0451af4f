"""Lists: a page of lines, how many there are, and what stands before and after one of them.

Up to `COUNTED` lines are counted, gathered and sorted. Of more, the order's own index is walked until
a page is full: that is soon, because there are many. So no list grows slower with the office.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, literal, or_, select, tuple_
from sqlalchemy.orm import Session, aliased, joinedload

from app.accounts.models import Account
from app.caseload.models import NEVER, NOT_YET, Line, Mark, SavedFilter
from app.caseload.questions import FILTERS, ME, MY_TEAM, NOBODY, YES, Place, Question, Sort, ask_query
from app.core import clock
from app.core.dialect import beside_the_index
from app.policy import visible_lines

PAGE = 25
#: Counts are exact up to here.
COUNTED = 1000
#: How many saved filters a page shows.
MOST_SAVED = 50


@dataclass(frozen=True)
class Asker:
    """Whose question it is, and on which day: what “me”, “my team” and “overdue” mean."""

    account: Account
    day: date


@dataclass(frozen=True)
class Page:
    """A page of a list. `total` is exact up to `COUNTED`; above, it is None."""

    lines: Sequence[Line]
    total: int | None
    before: Place | None
    after: Place | None


@dataclass(frozen=True)
class _Order:
    column: Any
    descending: bool


_ORDERS: Mapping[Sort, _Order] = {
    Sort.NEWEST: _Order(Line.received_at, descending=True),
    Sort.OLDEST: _Order(Line.received_at, descending=False),
    Sort.DUE: _Order(Line.due_on, descending=False),
    Sort.DECIDED: _Order(Line.decided_on, descending=True),
}

Columns = Callable[[Any], Any]
Meaning = Callable[[Sequence[str], Asker, Columns], ColumnElement[bool]]


def _owner(values: Sequence[str], asker: Asker, of: Columns) -> ColumnElement[bool]:
    ways: list[ColumnElement[bool]] = []
    if ME in values:
        ways.append(of(Line.owner_id) == asker.account.id)
    if NOBODY in values:
        ways.append(of(Line.owner_id).is_(None))
    if MY_TEAM in values:
        team = select(Account.id).where(Account.team == asker.account.team, Account.team != "")
        ways.append(of(Line.owner_id).in_(team))
    if keys := [value for value in values if value not in {ME, NOBODY, MY_TEAM}]:
        ways.append(of(Line.owner_id).in_(select(Account.id).where(Account.key.in_(keys))))
    # Nobody's cases are no lines of yours, and “not mine” holds nobody's too
    return and_(or_(*ways), or_(Line.owner_id.is_not(None), literal(NOBODY in values)))


def _start_of(day: str) -> Any:
    return clock.instant_of(date.fromisoformat(day), time())


def _end_of(day: str) -> Any:
    return clock.instant_of(date.fromisoformat(day) + timedelta(days=1), time())


#: What each filter means, of a line's own columns. Those by a mark are in `_marked`.
_MEANINGS: Mapping[str, Meaning] = {
    "standing": lambda values, _asker, of: of(Line.standing).in_(values),
    "open": lambda values, _asker, of: of(Line.is_open).in_([value == YES for value in values]),
    "case": lambda values, _asker, of: of(Line.is_case).in_([value == YES for value in values]),
    "overdue": lambda _values, asker, of: and_(of(Line.is_open), Line.due_on < asker.day),
    "owner": _owner,
    "outcome": lambda values, _asker, of: of(Line.outcome).in_(values),
    "received-from": lambda values, _asker, _of: Line.received_at >= _start_of(values[0]),
    "received-to": lambda values, _asker, _of: Line.received_at < _end_of(values[0]),
    "due-from": lambda values, _asker, _of: and_(Line.due_on >= _day(values), Line.due_on < NEVER),
    "due-to": lambda values, _asker, _of: Line.due_on <= _day(values),
    "decided-from": lambda values, _asker, _of: Line.decided_on >= _day(values),
    "decided-to": lambda values, _asker, _of: and_(
        Line.decided_on <= _day(values), Line.decided_on > NOT_YET
    ),
}


def _day(values: Sequence[str]) -> date:
    return date.fromisoformat(values[0])


def _marked(name: str, values: Sequence[str]) -> ColumnElement[bool]:
    wanted = Mark.kind == FILTERS[name].mark, Mark.value.in_(values)
    return exists().where(Mark.complaint_id == Line.complaint_id, *wanted)


def page(
    session: Session, asker: Asker, question: Question, *, after: str = "", before: str = "", size: int = PAGE
) -> Page:
    """One page of the answer: from the start, or after or before a place in its order."""
    order, total = _ORDERS[question.sort], count(session, asker, question)
    lines = _in_order(asker, question, few=total is not None)
    back = Place.read(before, question.sort)
    start = back or Place.read(after, question.sort)
    if start:
        lines = lines.where(_beyond(order, start, backwards=bool(back)))
    lines = lines.order_by(*_ordering(order, backwards=bool(back)))
    found = list(session.scalars(lines.options(joinedload(Line.owner)).limit(size + 1)))
    more, shown = len(found) > size, found[:size]
    if back:
        shown.reverse()
    has_before, has_after = (more, True) if back else (start is not None, more)
    return Page(
        shown,
        total,
        before=_place(question.sort, shown[0]) if shown and has_before else None,
        after=_place(question.sort, shown[-1]) if shown and has_after else None,
    )


def first(session: Session, asker: Asker, question: Question, *, size: int) -> Sequence[Line]:
    """The first lines of an answer, for a page that shows the beginnings of several: `size`, and one more."""
    lines = _few(asker, question).order_by(*_ordering(_ORDERS[question.sort], backwards=False))
    return session.scalars(lines.options(joinedload(Line.owner)).limit(size + 1)).all()


def count(session: Session, asker: Asker, question: Question) -> int | None:
    """How many lines answer, or None if they are more than `COUNTED`."""
    some = _few(asker, question).with_only_columns(Line.id).limit(COUNTED + 1).subquery()
    found = session.scalar(select(func.count()).select_from(some)) or 0
    return found if found <= COUNTED else None


def count_every(session: Session, asker: Asker, question: Question) -> int:
    """How many lines answer, however many. It takes as long as they are: for the worker, not for a page."""
    lines = _few(asker, question).with_only_columns(Line.id).subquery()
    return session.scalar(select(func.count()).select_from(lines)) or 0


def neighbours(
    session: Session, asker: Asker, question: Question, complaint_id: int
) -> tuple[Line | None, Line | None]:
    """The lines before and after that of a complaint in the answer, found without reading the answer."""
    here = session.scalar(visible_lines(asker.account).where(Line.complaint_id == complaint_id))
    if here is None:
        return None, None
    order, few = _ORDERS[question.sort], count(session, asker, question) is not None
    found = []
    for backwards in (True, False):
        lines = _in_order(asker, question, few=few)
        lines = lines.where(_beyond(order, _place(question.sort, here), backwards=backwards))
        found.append(session.scalar(lines.order_by(*_ordering(order, backwards=backwards)).limit(1)))
    return found[0], found[1]


def saved_for(session: Session, account: Account) -> Sequence[SavedFilter]:
    """The filters this person saved, and those that others share, by name."""
    theirs = or_(SavedFilter.account_id == account.id, SavedFilter.is_shared)
    found = select(SavedFilter).where(theirs).options(joinedload(SavedFilter.account))
    return session.scalars(found.order_by(SavedFilter.name, SavedFilter.id).limit(MOST_SAVED)).all()


def counted(session: Session, asker: Asker, saved: Sequence[SavedFilter]) -> dict[str, int | None]:
    """How many lines answer each saved filter, by its key; None for more than `COUNTED`."""
    return {one.key: count(session, asker, ask_query(one.query)) for one in saved}


def _few(asker: Asker, question: Question) -> Select[Line]:
    """The lines that answer, found by whatever index is the most exact."""
    lines = visible_lines(asker.account)
    for name, values in question.filters.items():
        if FILTERS[name].mark and name not in question.turned and len(values) == 1:
            mark = aliased(Mark)
            bears = mark.complaint_id == Line.complaint_id, mark.kind == FILTERS[name].mark
            lines = lines.join(mark, and_(*bears, mark.value == values[0]))
        else:
            lines = lines.where(_meaning(question, name, asker, lambda column: column))
    return lines


def _many(asker: Asker, question: Question) -> Select[Line]:
    """The lines that answer, met one after the other along the index of the order."""
    lines = visible_lines(asker.account)
    return lines.where(*(_meaning(question, name, asker, beside_the_index) for name in question.filters))


def _in_order(asker: Asker, question: Question, *, few: bool) -> Select[Line]:
    if not few:
        return _many(asker, question)
    ids = _few(asker, question).with_only_columns(Line.id).limit(COUNTED).cte("found")
    return visible_lines(asker.account).where(Line.id.in_(select(ids.c.id)))


def _meaning(question: Question, name: str, asker: Asker, of: Columns) -> ColumnElement[bool]:
    values = question.filters[name]
    means = _marked(name, values) if FILTERS[name].mark else _MEANINGS[name](values, asker, of)
    return ~func.coalesce(means, False) if name in question.turned else means


def _place(sort: Sort, line: Line) -> Place:
    return Place(sort, getattr(line, _ORDERS[sort].column.key), line.complaint_id)


def _beyond(order: _Order, place: Place, *, backwards: bool) -> ColumnElement[bool]:
    here, there = tuple_(order.column, Line.complaint_id), tuple_(place.value, place.complaint_id)
    return here < there if order.descending is not backwards else here > there


def _ordering(order: _Order, *, backwards: bool) -> list[Any]:
    columns = order.column, Line.complaint_id
    return [column.desc() if order.descending is not backwards else column.asc() for column in columns]
