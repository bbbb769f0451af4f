"""Which versions of the lists there are, kept in this process, so that reading a list asks no database.

Versions are never changed, so the newest one says whether anything is new. It is asked for at the beginning
of a transaction: of one that writes always, so that no day is kept that was counted by a calendar of before; of others
no more often than every `AGREE_WITHIN` seconds, by when all processes agree. See docs/decisions/0027.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from threading import Lock
from time import monotonic
from typing import Any

from sqlalchemy import Connection, event, select
from sqlalchemy.orm import Session, UOWTransaction

from app.core import clock
from app.core.dialect.connecting import WRITING
from app.reference.catalogue import LISTS
from app.reference.columns import Row
from app.reference.editable import EditableList
from app.reference.models import ListVersion

#: For how long, in seconds, a process may go on without knowing of a version another put in force.
AGREE_WITHIN = 5.0

_MADE = "a version of a list was made"


@dataclass(frozen=True, eq=False)
class Version:
    """One version of a list: as it was shipped (number 0), or as the office put it in force."""

    about: EditableList
    number: int
    name: str
    in_force_from: date | None
    rows: Sequence[Row]

    @cached_property
    def made(self) -> Sequence[Any]:
        """Its rows as plain objects."""
        return tuple(self.about.made(self.rows))

    @cached_property
    def by_key(self) -> Mapping[Any, Any]:
        """Its rows as plain objects, by what they are known by."""
        return {getattr(row, self.about.known_by.name): row for row in self.made}


@cache
def as_shipped(key: str) -> Version:
    """The list as it comes with the service."""
    about = LISTS[key]
    return Version(about, 0, about.shipped_version, None, about.shipped_rows)


class Shelf:
    """The versions this process knows of, by list, the oldest first. Replaced as a whole, never changed."""

    def __init__(self) -> None:
        self._looking = Lock()
        self.clear()

    def clear(self) -> None:
        """Know of nothing but what is shipped, and look again at the next opportunity."""
        self._versions: Mapping[str, tuple[Version, ...]] = {}
        self._newest: str | None = None
        self._looked_at = float("-inf")

    def history(self, key: str) -> tuple[Version, ...]:
        return (as_shipped(key), *self._versions.get(key, ()))

    def in_force(self, key: str, on: date | None = None) -> Version:
        """The version of the list that counts on a day; today, if none is named."""
        later = self._versions.get(key, ())
        if not later:
            return as_shipped(key)
        day = on or clock.today()
        begun = (each for each in reversed(later) if each.in_force_from and each.in_force_from <= day)
        return next(begun, as_shipped(key))

    def listen(self) -> None:
        """Registered once, at the start of the process, on every session there is."""
        if not event.contains(Session, "after_begin", self._look):
            event.listen(Session, "after_begin", self._look)
            event.listen(Session, "after_flush", self._notice)
            event.listen(Session, "after_commit", self._look_again)

    def _look(self, _session: Session, _transaction: object, connection: Connection) -> None:
        """One thread at a time, so that what one read before is not put in place of what another reads now."""
        if not _writes(connection) and self._is_recent():
            return
        with self._looking:
            newest = connection.scalar(select(ListVersion.key).order_by(ListVersion.id.desc()).limit(1))
            if newest != self._newest:
                self._versions = _read(connection)
            self._newest, self._looked_at = newest, monotonic()

    def _is_recent(self) -> bool:
        return monotonic() - self._looked_at < AGREE_WITHIN

    @staticmethod
    def _notice(session: Session, _flush: UOWTransaction) -> None:
        if any(isinstance(row, ListVersion) for row in session.new):
            session.info[_MADE] = True

    def _look_again(self, session: Session) -> None:
        if session.info.pop(_MADE, False):
            with self._looking:
                self._looked_at = float("-inf")


def _writes(connection: Connection) -> bool:
    """Whether this transaction has the lock for writing: no other can put a version in force before it ends."""
    return WRITING.items() <= connection.get_execution_options().items()


def version_of_row(row: Any) -> Version:
    """A row of the table as a version to read from."""
    about = LISTS[row.list_key]
    rows = [about.complete(each) for each in row.content]
    return Version(about, row.number, f"office {row.number}", row.in_force_from, tuple(rows))


def _read(connection: Connection) -> Mapping[str, tuple[Version, ...]]:
    table = ListVersion
    columns = (table.list_key, table.number, table.in_force_from, table.content)
    found: dict[str, tuple[Version, ...]] = {}
    for row in connection.execute(select(*columns).order_by(table.list_key, table.number)):
        if row.list_key in LISTS:
            found[row.list_key] = (*found.get(row.list_key, ()), version_of_row(row))
    return found


shelf = Shelf()
