"""The queue that carries nudges: “there is a piece of work of this kind, with this id”.

Whatever is lost of it costs a minute, never the work: the sweep looks at the rows. Nudges are signed, so
that nobody who can write to the queue can have the worker run something else.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from math import ceil

from flask import Flask, current_app, has_app_context
from huey import crontab
from huey.api import Huey
from huey.serializer import SignedSerializer
from sqlalchemy import event
from sqlalchemy.orm import Session, UOWTransaction

from app.core.dialect.connecting import queue_at
from app.core.work import Work, WorkState

_WANTED = "work that waits for the commit"
#: How much one nudge tells of at the most, and over how many nudges work is spread evenly, or a multiple of it: so
#: many files at least are read at a time.
MOST_AT_ONCE, SHARED_BY = 200, 2


class Queue:
    """The queue of one application. It is opened when the first nudge is given or taken."""

    def __init__(self, app: Flask) -> None:
        self.app = app

    @cached_property
    def huey(self) -> Huey:
        huey = queue_at(
            self.app.config["QUEUE"],
            serializer=SignedSerializer(secret=self.app.config["SECRET_KEY"], salt="nudges"),
        )
        self._teach(huey)
        return huey

    def nudge(self, kind: str, *numbers: int, is_soon: bool = False) -> None:
        self.huey.enqueue(self._do.s(kind, *numbers, priority=int(is_soon)))

    def close(self) -> None:
        """Let go of whatever was opened. The next nudge opens it again."""
        if "huey" in self.__dict__:
            self.huey.storage.close()

    def _teach(self, huey: Huey) -> None:
        from app.worker import doing

        @huey.task(name="do")
        def do(kind: str, *numbers: int) -> None:
            with self.app.app_context():
                doing.do_all(kind, numbers)

        @huey.periodic_task(crontab(minute="*"), name="sweep")
        def sweep() -> None:
            with self.app.app_context():
                doing.sweep()

        self._do = do


def nudge(kind: str, numbers: Sequence[int], *, is_soon: bool = False) -> None:
    """Tell the worker of pieces of work, many of them at once where there are many: each nudge syncs a disk.

    That it could not be told is no failure: the sweep will see them.
    """
    rounds = ceil(len(numbers) / (MOST_AT_ONCE * SHARED_BY)) or 1
    at_once = ceil(len(numbers) / (rounds * SHARED_BY)) or 1
    for start in range(0, len(numbers), at_once):
        some = numbers[start : start + at_once]
        try:
            current_app.extensions["queue"].nudge(kind, *some, is_soon=is_soon)
        except Exception:
            current_app.logger.exception("no nudge for %s %s", kind, some)


def init_app(app: Flask) -> None:
    """Have every session nudge, once it has committed, for the work it made or put back."""
    app.extensions["queue"] = Queue(app)
    app.extensions["before_work"] = []
    if not event.contains(Session, "after_flush", _notice):
        event.listen(Session, "after_flush", _notice)
        event.listen(Session, "after_commit", _nudge_for_all)
        event.listen(Session, "after_soft_rollback", _forget)


def _notice(session: Session, _flush: UOWTransaction) -> None:
    from app.worker.kinds import KINDS, name_of

    for row in (*session.new, *session.dirty):
        if isinstance(row, Work) and row.state is WorkState.WAITING and (name := name_of(row)):
            session.info.setdefault(_WANTED, set()).add((name, KINDS[name].is_soon(row), row.id))


def _nudge_for_all(session: Session) -> None:
    if session.in_nested_transaction() or not has_app_context():
        return
    wanted: dict[tuple[str, bool], list[int]] = {}
    for name, soon, number in sorted(session.info.pop(_WANTED, ())):
        wanted.setdefault((name, soon), []).append(number)
    for (name, soon), numbers in wanted.items():
        nudge(name, numbers, is_soon=soon)


def _forget(session: Session, _previous: object) -> None:
    session.info.pop(_WANTED, None)
