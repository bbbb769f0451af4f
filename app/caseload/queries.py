"""Lists: a page of lines, how many there are, and what stands before and after one of them.

Up to `COUNTED` lines are counted, gathered and sorted. Of more, the order's own index is walked until
a page is full: that is soon, because there are many. So no list grows slower with the office.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, func, or_, select, tuple_
from sqlalchemy.orm import Session, aliased, joinedload

from app.accounts.models import Account
from app.caseload.meanings import Asker, among, meaning
from app.caseload.models import Line, Mark, SavedFilter
from app.caseload.questions import (
    COVERED,
    FILTERS,
    MY_TEAM,
    Place,
    Question,
    Sort,
    ask_query,
)
from app.core.dialect.asking import beside_the_index, planned_anew
from app.policy import visible_lines

PAGE = 25
#: Counts are exact up to here.
COUNTED = 1000
#: How many saved filters a page shows.
MOST_SAVED = 50


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

#: Which filters, each of one value, an index of lines follows in an order. A filter that leads along the
#: order skips what does not answer, where walking the order alone would meet it line by line.
_LEADING: Sequence[tuple[frozenset[str], frozenset[Sort]]] = (
    (frozenset({"owner", "open", "case"}), frozenset({Sort.NEWEST, Sort.OLDEST})),
    (frozenset({"owner", "open"}), frozenset({Sort.DUE})),
    (frozenset({"standing"}), frozenset({Sort.NEWEST, Sort.OLDEST})),
    (frozenset({"open"}), frozenset({Sort.NEWEST, Sort.OLDEST, Sort.DUE})),
    (frozenset({"case"}), frozenset({Sort.NEWEST, Sort.OLDEST})),
    (frozenset({"outcome"}), frozenset({Sort.DECIDED})),
)


@planned_anew
def page(
    session: Session, asker: Asker, question: Question, *, after: str = "", before: str = "", size: int = PAGE
) -> Page:
    """One page of the answer: from the start, or after or before a place in its order."""
    total = count(session, asker, question)
    back = Place.read(before, question.sort)
    start = back or Place.read(after, question.sort)
    way = _Way(question, few=total is not None, backwards=bool(back))
    found = list(session.scalars(way.lines(asker, start, size + 1).options(joinedload(Line.owner))))
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
    order = _Way(question, few=True, backwards=False).ordering(Line.complaint_id)
    lines = _few(asker, question).order_by(*order).limit(size + 1)
    return session.scalars(lines.options(joinedload(Line.owner))).all()


@planned_anew
def count(session: Session, asker: Asker, question: Question) -> int | None:
    """How many lines answer, or None if they are more than `COUNTED`."""
    some = _few(asker, question).with_only_columns(Line.id).limit(COUNTED + 1).subquery()
    found = session.scalar(select(func.count()).select_from(some)) or 0
    return found if found <= COUNTED else None


def count_every(session: Session, asker: Asker, question: Question) -> int:
    """How many lines answer, however many. It takes as long as they are: for the worker, not for a page."""
    lines = _few(asker, question).with_only_columns(Line.id).subquery()
    return session.scalar(select(func.count()).select_from(lines)) or 0


@planned_anew
def neighbours(
    session: Session, asker: Asker, question: Question, complaint_id: int
) -> tuple[Line | None, Line | None]:
    """The lines before and after that of a complaint in the answer, found without reading the answer."""
    here = session.scalar(visible_lines(asker.account).where(Line.complaint_id == complaint_id))
    if here is None:
        return None, None
    few, place = count(session, asker, question) is not None, _place(question.sort, here)
    before, after = (
        session.scalar(_Way(question, few=few, backwards=backwards).lines(asker, place, 1))
        for backwards in (True, False)
    )
    return before, after


def open_cases_of(session: Session, asker: Asker, accounts: Sequence[Account]) -> Mapping[int, int]:
    """How many open cases each of them has, by account, as far as whoever asks may know of them."""
    ids = [account.id for account in accounts]
    theirs = visible_lines(asker.account).where(Line.owner_id.in_(ids), Line.is_open, Line.is_case)
    counted = theirs.with_only_columns(Line.owner_id, func.count()).group_by(Line.owner_id)
    found = dict(session.execute(counted).all())
    return {number: found.get(number, 0) for number in ids}


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
        by_one = FILTERS[name].mark and len(values) == 1 and among(question, name) is values
        if by_one and name not in question.turned:
            mark = aliased(Mark)
            bears = mark.complaint_id == Line.complaint_id, mark.kind == FILTERS[name].mark
            lines = lines.join(mark, and_(*bears, mark.value == values[0]))
        else:
            lines = lines.where(meaning(question, name, asker, _plain))
    return lines


def _many(asker: Asker, question: Question) -> Select[Line]:
    """The lines that answer, met one after the other along an index that is in the order."""
    leading = _leading(question)
    ways = ((name, _plain if name in leading else beside_the_index) for name in question.filters)
    return visible_lines(asker.account).where(*(meaning(question, name, asker, of) for name, of in ways))


def _leading(question: Question) -> frozenset[str]:
    """The filters of the question that an index leads by, in the question's order."""
    single = {name for name, values in question.filters.items() if len(values) == 1} - question.turned
    if question.filters.get("owner") in {(MY_TEAM,), (COVERED,)}:
        single -= {"owner"}
    fit = (names for names, sorts in _LEADING if names <= single and question.sort in sorts)
    return next(fit, frozenset())


def _plain(column: Any) -> Any:
    return column


@dataclass(frozen=True)
class _Way:
    """How an answer is gone through: what is asked, whether few lines answer it, and in which direction."""

    question: Question
    few: bool
    backwards: bool

    def lines(self, asker: Asker, start: Place | None, most: int) -> Select[Line]:
        """The first lines on this way after the start, in its order."""
        if not self.few:
            many = _many(asker, self.question)
            return self._first(many, self.column, Line.complaint_id, start, most)
        # What answers is gathered first, and put in order before its lines are read
        order = self.column.label("place")
        found = _few(asker, self.question).with_only_columns(Line.id, Line.complaint_id, order)
        gathered = found.limit(COUNTED).cte("found")
        ids = self._first(select(gathered.c.id), gathered.c.place, gathered.c.complaint_id, start, most)
        lines = visible_lines(asker.account).where(Line.id.in_(select(ids.subquery().c.id)))
        return lines.order_by(*self.ordering(Line.complaint_id))

    @property
    def column(self) -> Any:
        return _ORDERS[self.question.sort].column

    @property
    def descends(self) -> bool:
        return _ORDERS[self.question.sort].descending is not self.backwards

    def ordering(self, complaint_id: Any, column: Any = None) -> list[Any]:
        columns = self.column if column is None else column, complaint_id
        return [each.desc() if self.descends else each.asc() for each in columns]

    def _first(
        self, rows: Select[Any], column: Any, complaint_id: Any, start: Place | None, most: int
    ) -> Select[Any]:
        if start:
            here, there = tuple_(column, complaint_id), tuple_(start.value, start.complaint_id)
            rows = rows.where(here < there if self.descends else here > there)
        return rows.order_by(*self.ordering(complaint_id, column)).limit(most)


def _place(sort: Sort, line: Line) -> Place:
    return Place(sort, getattr(line, _ORDERS[sort].column.key), line.complaint_id)
