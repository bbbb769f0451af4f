"""What is worked out from other rows, and kept, is worked out again in the transaction that changes them.

A room says which of its rows tell of which complaints (`tells_of`) and what is to be done with the
complaints so touched (`keep`). No action has to remember it, and none can forget it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from sqlalchemy import event, inspect
from sqlalchemy.orm import Session, SessionTransaction, UOWTransaction

#: From a row, the ids of the complaints it tells of.
TellsOf = Callable[[Any], Iterable[int]]
#: Works something out again for complaints of these ids, within the session's transaction.
Keeper = Callable[[Session, Sequence[int]], None]

_TOUCHED = "touched by what was flushed"


class Derived:
    """Registered once, at the start of the process, on every session there is."""

    def __init__(self) -> None:
        self.whose: dict[type[Any], TellsOf] = {}
        self.heeded: dict[type[Any], frozenset[str]] = {}
        self.keepers: list[Keeper] = []

    def tells_of(self, rows: dict[type[Any], TellsOf]) -> None:
        """Say of which complaints a row of each of these classes tells."""
        self.whose |= rows

    def heeds(self, columns: dict[type[Any], frozenset[str]]) -> None:
        """Say for rows that tell of many complaints which of their columns these are worked out from."""
        self.heeded |= columns

    def keep(self, keeper: Keeper) -> None:
        """Have `keeper` called before the commit of whatever touches a complaint."""
        if keeper not in self.keepers:
            self.keepers.append(keeper)

    def listen(self) -> None:
        if not event.contains(Session, "after_flush", self._notice):
            event.listen(Session, "after_flush", self._notice)
            event.listen(Session, "before_commit", self._keep)
            event.listen(Session, "after_soft_rollback", self._forget)

    def _notice(self, session: Session, _flush: UOWTransaction) -> None:
        rows = (*session.new, *session.dirty, *session.deleted)
        session.info.setdefault(_TOUCHED, []).extend(row for row in rows if self._is_heeded(row))

    def _is_heeded(self, row: Any) -> bool:
        if type(row) not in self.heeded:
            return type(row) in self.whose
        attributes = inspect(row).attrs
        return any(attributes[name].history.has_changes() for name in self.heeded[type(row)])

    def _keep(self, session: Session) -> None:
        """Once, before all of it is committed: what a savepoint keeps may still change."""
        if session.in_nested_transaction():
            return
        session.flush()
        rows = session.info.pop(_TOUCHED, [])
        if not rows:
            return
        touched = {
            number for row in rows if not inspect(row).detached for number in self.whose[type(row)](row)
        }
        for keeper in self.keepers:
            keeper(session, sorted(touched))

    @staticmethod
    def _forget(session: Session, undone: SessionTransaction) -> None:
        """What was undone touches nothing; what stood before a savepoint that is undone, still does."""
        rows = session.info.pop(_TOUCHED, [])
        if undone.nested:
            session.info[_TOUCHED] = [row for row in rows if not inspect(row).transient]


derived = Derived()
