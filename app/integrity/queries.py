"""What the rows name, compared with what lies in the store. A stretch of the hashes at a time, so that
an office of any size is looked at in little memory.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.files import Files
from app.core.model import Model
from app.core.terms import Term

#: Columns of hashes that name no file in the store of evidence, and what they are instead.
ELSEWHERE: Mapping[str, str] = {
    "export": "a file in the store of exports, for two days",
    "final_decision": "the hash of the words of a decision",
    "register_file": "the hash of a national register, which is not kept",
    "submission_file": "a file in the store of what is not sent yet",
}
#: Hashes begin with these.
STRETCHES = tuple(f"{number:02x}" for number in range(256))
#: How long it may take from a file's being kept until its row is committed.
ENTERING = timedelta(hours=1)


class Trouble(Term):
    """What can be wrong with a file."""

    CHANGED = "changed", "its file is not what was received"
    MISSING = "missing", "its file is missing"
    STRANGER = "stranger", "nothing that was received names this file"


@dataclass(frozen=True)
class Seen:
    """One file that was looked at: what its rows say of it, and what is wrong with it, if anything is."""

    sha256: str
    said: tuple[str, ...]
    trouble: Trouble | None

    @property
    def words(self) -> str:
        """For whoever looks into it: of which case, who received it, and what is wrong."""
        assert self.trouble is not None
        return f"{'; '.join(self.said) or self.sha256}: {self.trouble.label}."


def columns_of_files() -> Iterator[tuple[type[Any], Any]]:
    """Every column that names a file in the store of evidence."""
    for mapper in sorted(Model.registry.mappers, key=lambda mapper: mapper.class_.__tablename__):
        if mapper.class_.__tablename__ in ELSEWHERE:
            continue
        for column in mapper.local_table.columns:
            if column.name.endswith("sha256"):
                yield mapper.class_, column


def named(session: Session, stretch: str = "") -> Iterator[str]:
    """The hashes that rows name and that begin with these digits. One may come more than once."""
    for _kind, column in columns_of_files():
        asked = select(column).where(column.is_not(None), column.startswith(stretch))
        yield from session.scalars(asked.execution_options(yield_per=1000))


def verify(anew: Callable[[], Session], files: Files) -> Iterator[Seen]:
    """Every file that rows name or that lies in the store, each hashed again.

    Each stretch is read in a session of its own, as hashing may take hours in which files are received.
    """
    for stretch in STRETCHES:
        yield from look_at(anew(), files, stretch)
    for stray in files.strays():
        yield Seen(stray, (), Trouble.STRANGER)


def look_at(session: Session, files: Files, stretch: str) -> Iterator[Seen]:
    """What is named and what is stored in that stretch. A file is stored before its row is, so one that has
    just come may be a stranger for a moment, and is said to have just come.
    """
    stored = dict(files.listed(stretch))
    owners = _owners(session, stretch)
    for sha256 in sorted(owners):
        yield Seen(sha256, tuple(owners[sha256]), trouble_with(files, sha256))
    for stranger in sorted(set(stored) - set(owners)):
        has_just_come = clock.wall() - stored[stranger] < ENTERING
        yield Seen(stranger, (f"{stranger}, which has just come",) * has_just_come, Trouble.STRANGER)


def trouble_with(files: Files, sha256: str) -> Trouble | None:
    found = files.digest(sha256)
    if found is None:
        return Trouble.MISSING
    return None if found == sha256 else Trouble.CHANGED


def _owners(session: Session, stretch: str) -> dict[str, list[str]]:
    owners: dict[str, list[str]] = defaultdict(list)
    for kind, column in columns_of_files():
        rows = select(kind).where(column.startswith(stretch)).order_by(kind.id)
        for row in session.scalars(rows):
            owners[getattr(row, column.key)].append(_said_of(row))
    return owners


def _said_of(row: Any) -> str:
    """Of which case or complaint a row is, what it is called and who received it, as far as it knows."""
    whose = getattr(row, "case", None) or getattr(row, "complaint", None)
    document = getattr(row, "document", None)
    if whose is None and document is not None:
        return f"{_said_of(document)}, {row.__tablename__} {row.id}"
    called = getattr(row, "title", None) or getattr(row, "filename", None) or f"{row.__tablename__} {row.id}"
    words = f"{whose.reference if whose else row.__tablename__}, “{called}”"
    if key := getattr(row, "key", None):
        words += f" ({key})"
    if receiver := getattr(row, "added_by", None):
        words += f", received by {receiver.name}"
    return words
