"""Work that is done after the answer has gone: a message to send, a spreadsheet to make.

Each piece of work is a row, committed with the change that asks for it, and the row is the truth.
Whoever does it holds it by a lease that runs out unless it is held anew, so work that was lost with its
worker is taken up again; and a worker that was only slow finds that the work is no longer its own.
Leases go by the machine's clock.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.core import clock
from app.core.terms import Term

#: How long somebody may be silent at a piece of work before it is taken up again.
LEASE = timedelta(seconds=60)
MOST_ATTEMPTS = 5
FIRST_PAUSE = timedelta(seconds=30)


class WorkState(Term):
    """Where a piece of work stands."""

    WAITING = "waiting"
    DOING = "doing", "Being done"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


UNFINISHED = frozenset({WorkState.WAITING, WorkState.DOING})
#: What a row says of work that is done.
FINISHED: Mapping[str, Any] = {"state": WorkState.DONE, "leased_until": None, "problem": ""}


def _untouched() -> Mapping[str, Any]:
    """What a row says of work that nobody has tried."""
    return {
        "state": WorkState.WAITING,
        "attempts": 0,
        "leased_until": None,
        "not_before": clock.wall(),
        "problem": "",
    }


class LeaseLost(Exception):
    """This piece of work is somebody else's by now, or nobody's: it was cancelled. Let go of it."""


class Work:
    """Mixin for rows that are pieces of work."""

    id: Mapped[int]
    state: Mapped[WorkState] = mapped_column(default=WorkState.WAITING, sort_order=80)
    attempts: Mapped[int] = mapped_column(default=0, sort_order=81)
    not_before: Mapped[datetime] = mapped_column(
        default=clock.wall, sort_order=82, comment="by the machine's clock"
    )
    leased_until: Mapped[datetime | None] = mapped_column(sort_order=83, comment="by the machine's clock")
    problem: Mapped[str] = mapped_column(default="", sort_order=84, comment="what went wrong the last time")

    @property
    def is_unfinished(self) -> bool:
        return self.state in UNFINISHED

    def cancel(self) -> None:
        """Let nobody do it. Whoever is at it notices when they next hold it."""
        self.state, self.leased_until = WorkState.CANCELLED, None

    def finish(self) -> None:
        self._say(FINISHED)

    def fail(self, problem: str) -> None:
        """Let nobody try it again by itself: it would come to the same."""
        self.state, self.leased_until, self.problem = WorkState.FAILED, None, problem

    def put_back(self) -> None:
        """Let it be tried again from the start, as if it never had been."""
        self._say(_untouched())

    def _say(self, told: Mapping[str, Any]) -> None:
        for name, value in told.items():
            setattr(self, name, value)


Row = TypeVar("Row", bound=Work)


@dataclass(frozen=True)
class Taken(Generic[Row]):
    """A piece of work in somebody's hands: which, and in which attempt."""

    kind: type[Row]
    number: int
    attempt: int

    def hold(self, session: Session, *, lease: timedelta = LEASE) -> Row:
        """The row, held for another while. Raises `LeaseLost`. Call it in a transaction that writes."""
        row = session.get(self.kind, self.number, populate_existing=True)
        if row is None or row.state is not WorkState.DOING or row.attempts != self.attempt:
            raise LeaseLost
        row.leased_until = clock.wall() + lease
        return row

    def done(self, session: Session) -> Row:
        """The row, finished. Raises `LeaseLost`."""
        row = self.hold(session)
        row.finish()
        return row

    def failed(self, session: Session, problem: str, *, for_good: bool = False) -> Row:
        """The row, to be tried again after a pause, or parked with its problem. Raises `LeaseLost`."""
        row = self.hold(session)
        row.leased_until, row.problem = None, problem
        if for_good or row.attempts >= MOST_ATTEMPTS:
            row.state = WorkState.FAILED
        else:
            row.state = WorkState.WAITING
            row.not_before = clock.wall() + FIRST_PAUSE * 4 ** (row.attempts - 1)
        return row


def take(session: Session, kind: type[Row], number: int) -> Taken[Row] | None:
    """Take a piece of work, if it is there to be taken. Call it in a transaction that writes.

    What took its worker with it `MOST_ATTEMPTS` times is not taken again, but parked.
    """
    row = session.scalar(select(kind).where(kind.id == number, _is_due(kind)))
    if row is None:
        return None
    if row.attempts >= MOST_ATTEMPTS:
        row.state, row.leased_until = WorkState.FAILED, None
        row.problem = row.problem or "Whoever was doing it stopped in the middle, every time."
        return None
    row.state, row.attempts, row.leased_until = WorkState.DOING, row.attempts + 1, clock.wall() + LEASE
    return Taken(kind, number, row.attempts)


def take_untried(
    session: Session, kind: type[Row], numbers: Sequence[int], *which: ColumnElement[bool], lease: timedelta
) -> Sequence[int]:
    """The ids of those of these that nobody has tried, all taken in one statement: what failed before is taken by
    itself.
    """
    untried = (kind.id.in_(numbers), kind.state == WorkState.WAITING, kind.attempts == 0, _is_due(kind))
    taking = (
        update(kind)
        .where(*untried, *which)
        .values(state=WorkState.DOING, attempts=1, leased_until=clock.wall() + lease)
    )
    return sorted(session.scalars(taking.returning(kind.id)))


def still_held(session: Session, kind: type[Row], numbers: Sequence[int]) -> frozenset[int]:
    """The ids of those of what was taken at once that are still ours. Call it in a transaction that writes."""
    ours = select(kind.id).where(kind.id.in_(numbers), kind.state == WorkState.DOING, kind.attempts == 1)
    return frozenset(session.scalars(ours))


def let_go_of_all(session: Session, kind: type[Row], rows: Sequence[Mapping[str, Any]]) -> None:
    """Write what became of many pieces of work in hand: of each its id and the same columns, of which one is the
    lease that it ends. Past the session's unit of work, which takes longer over a row than the database does.
    """
    if rows:
        session.execute(update(kind), rows)


def put_back_all(session: Session, kind: type[Row], numbers: Sequence[int]) -> None:
    """Let these be tried again from the start, as if they never had been. Nobody is nudged: the caller goes on."""
    let_go_of_all(session, kind, [{"id": number, **_untouched()} for number in numbers])


def due(session: Session, kind: type[Row], *, most: int) -> Sequence[int]:
    """The ids of work that waits to be done, or whose lease ran out; the oldest first."""
    return session.scalars(select(kind.id).where(_is_due(kind)).order_by(kind.id).limit(most)).all()


def still_due(session: Session, kind: type[Row], numbers: Sequence[int]) -> Sequence[int]:
    """Those of these that are there to be done: others may have been told of them too, and were faster."""
    return session.scalars(select(kind.id).where(kind.id.in_(numbers), _is_due(kind)).order_by(kind.id)).all()


def _is_due(kind: type[Row]) -> ColumnElement[bool]:
    waiting = and_(kind.state == WorkState.WAITING, kind.not_before <= clock.wall())
    return or_(waiting, and_(kind.state == WorkState.DOING, kind.leased_until < clock.wall()))
