from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, ScalarSelect, Select, func, select, tuple_, union_all
from sqlalchemy.orm import Session

from app import policy
from app.accounts.models import Account
from app.core import clock
from app.core.text import whole_number
from app.queues.kinds import NO_DAY, Kind

#: How many rows one page of a queue shows.
PAGE = 25
#: Before all days.
FIRST_DAY = date.min
#: How far a queue is counted. Signposted allegations nobody came back with stay due for years.
COUNTED = 50


class Waiting(NamedTuple):
    """One thing in a queue. `owner` is whose it is here; `since` and `day` are days in London."""

    kind: Kind
    id: int
    day: date | None
    reference: str
    number: int
    whom: str
    since: date | None
    owner: str | None

    @property
    def place(self) -> str:
        """Where it stands in the order of its queue, as an address says it."""
        return f"{(self.day or NO_DAY).isoformat()}~{self.kind.name}~{self.id}"


class Place(NamedTuple):
    """A place in the order of a queue: by day, then in the order of its kinds, then by id."""

    day: date
    kind: str
    id: int


def page(
    session: Session,
    account: Account,
    kinds: Sequence[Kind],
    *,
    is_own: bool = False,
    after: Place | None = None,
) -> Sequence[Waiting]:
    """One page of a queue, the earliest day first, and one more if there is; one statement for each kind."""
    found = [
        _waiting(kind, row)
        for kind in _open_to(account, kinds)
        for row in session.execute(_first(account, kinds, kind, is_own=is_own, after=after))
    ]
    order = [kind.name for kind in kinds]
    found.sort(key=lambda one: (one.day or NO_DAY, order.index(one.kind.name), one.id))
    return found[: PAGE + 1]


def counts(
    session: Session, account: Account, queues: Mapping[str, Sequence[Kind]], *, is_own: bool = False
) -> dict[str, int]:
    """How many things are in each queue, all in one statement; `COUNTED` stands for that many or more."""
    parts = {
        name: [_counted(account, kind, is_own=is_own) for kind in _open_to(account, kinds)]
        for name, kinds in queues.items()
    }
    numbers = {name: _up_to(COUNTED, found) for name, found in parts.items() if found}
    answer = dict.fromkeys(queues, 0)
    if numbers:
        answer.update(zip(numbers, session.execute(select(*numbers.values())).one(), strict=True))
    return answer


def read_place(words: str) -> Place | None:
    """The place those words name; None if they name none, which is the start."""
    day, _, rest = words.partition("~")
    kind, _, rest = rest.partition("~")
    number = whole_number(rest, figures=18)
    try:
        return None if number is None else Place(date.fromisoformat(day), kind, number)
    except ValueError:
        return None


def _first(
    account: Account, kinds: Sequence[Kind], kind: Kind, *, is_own: bool, after: Place | None
) -> Select[Any]:
    rows = _rows(account, kind, is_own=is_own)
    rows = rows.outerjoin(Account, Account.id == kind.owner_id)
    if after:
        rows = rows.where(_follows(kinds, kind, after))
    shown = rows.with_only_columns(*kind.columns, Account.name.label("owner"))
    return shown.order_by(*kind.order).limit(PAGE + 1)


def _follows(kinds: Sequence[Kind], kind: Kind, after: Place) -> ColumnElement[bool]:
    """That a row of this kind stands after the place, where kinds of the same day stand in their order."""
    names = [one.name for one in kinds]
    came = names.index(after.kind) if after.kind in names else -1
    mine = names.index(kind.name)
    if mine == came:
        return tuple_(kind.by_day, kind.id) > tuple_(after.day, after.id)
    return kind.by_day >= after.day if mine > came else kind.by_day > after.day


def _counted(account: Account, kind: Kind, *, is_own: bool) -> Select[int]:
    rows = _rows(account, kind, is_own=is_own).with_only_columns(kind.id.label("counted"))
    if kind.day is not None:
        # All are: but of days between two bounds PostgreSQL expects few, and counts them one by one
        rows = rows.where(kind.day >= FIRST_DAY)
    return select(rows.limit(COUNTED).subquery())


def _up_to(most: int, parts: Sequence[Select[int]]) -> ScalarSelect[int]:
    """How many rows these have together; none of them is asked for more once there are that many."""
    some = select(union_all(*parts).subquery()).limit(most).subquery()
    return select(func.count()).select_from(some).scalar_subquery()


def _rows(account: Account, kind: Kind, *, is_own: bool) -> Select[Any]:
    rows = kind.rows(account)
    if not is_own:
        return rows
    covered = [absence.account_id for absence in account.covers_today]
    return rows.where(kind.owner_id.in_([account.id, *covered]))


def _open_to(account: Account, kinds: Sequence[Kind]) -> list[Kind]:
    return [kind for kind in kinds if policy.may(account, kind.open_to)]


def _waiting(kind: Kind, row: Any) -> Waiting:
    number, day, reference, of, whom, since, owner = row
    return Waiting(kind, number, None if day == NO_DAY else day, reference, of, whom, _day(since), owner)


def _day(since: date | datetime | None) -> date | None:
    return clock.day_of(since) if isinstance(since, datetime) else since
