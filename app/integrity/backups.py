"""The whole office in one folder, and put back from it: the database as of one instant, and the files its
rows name.

The database is copied first. A file is on the disk before its row is, is never changed afterwards and never
removed, so every file that the copy names is there to be copied, whatever is received meanwhile. Files of
forms that are not sent, exports, and pictures and copies that were made of evidence may be gone while they are
copied: those are counted as gone.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, func, inspect, select
from sqlalchemy.orm import Session

from app.audit import record
from app.audit.models import AuditHead
from app.bundles.models import Bundle
from app.core import clock
from app.core.dialect.copies import put_back, snapshot
from app.core.errors import RuleBroken
from app.core.files import PIECE, Files, LocalFiles
from app.core.model import Model
from app.examining.models import Rendition
from app.exports.models import Export
from app.front_door.models import SubmissionFile
from app.imaging.models import AdviserCopy
from app.integrity import queries

DATABASE, LABEL = "database", "backup.json"
#: The store from which nothing is ever removed, and those that let go of things by themselves.
EVIDENCE = "files"
PASSING = {
    "unsent": SubmissionFile.sha256,
    "exports": Export.sha256,
    "renditions": Rendition.sha256,
    "copies": AdviserCopy.sha256,
    "bundles": Bundle.sha256,
}
#: Nothing that is in a store is too large to be copied.
ANY_SIZE = 1 << 62


@dataclass(frozen=True)
class Label:
    """What a backup says of itself, written last: a folder without it is not a whole backup."""

    kind: str
    taken_at: str
    database_sha256: str
    counts: Mapping[str, int]
    record_length: int
    record_hash: str
    files: Mapping[str, int]
    gone: int
    damaged: Sequence[str]


def take(engine: Engine, stores: Mapping[str, Files], folder: Path) -> Label:
    """Copy the office into an empty folder. What is damaged in it already is named on the label."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if any(folder.iterdir()):
        raise RuleBroken(f"{folder} is not empty. Name a folder that is empty, or that is not there yet.")
    taken_at = clock.wall().isoformat()
    with snapshot(engine, folder / DATABASE) as connection, Session(connection) as session:
        damaged = _copy_evidence(session, stores[EVIDENCE], LocalFiles(folder / EVIDENCE))
        gone = _copy_passing(session, stores, folder)
        counts, head = counts_of(connection), session.scalars(select(AuditHead)).one()
        files = {name: len(list(_stored(LocalFiles(folder / name)))) for name in stores}
        said = (counts, head.length, head.hash, files, gone, damaged)
    _sync(folder / DATABASE)
    label = Label(engine.dialect.name, taken_at, _hash_of(folder / DATABASE), *said)
    (folder / LABEL).write_text(json.dumps(vars(label), indent=1))
    _sync(folder / LABEL)
    return label


def restore(engine: Engine, stores: Mapping[str, Files], folder: Path) -> Label:
    """Put a backup back into an empty office, the files first. Raises `RuleBroken` before anything is
    changed if the backup is not whole, or the office not empty.

    What was broken off can be done again: files that are of this backup may be there already.
    """
    label = read(engine, folder)
    copies = {name: LocalFiles(folder / name) for name in stores}
    if inspect(engine).get_table_names():
        raise RuleBroken(
            "The database is not empty. Point DATABASE_URL at an empty one; nothing was changed."
        )
    known = {name: set(_stored(copies[name])) for name in stores}
    if strangers := set(_stored(stores[EVIDENCE])) - known[EVIDENCE]:
        raise RuleBroken(
            f"The store of files is not empty: {len(strangers)} of its files are not of this backup. "
            "Point DATA_DIR or FILES at an empty place; nothing was changed."
        )
    for name, sha256 in [(store, sha256) for store in stores for sha256 in known[store]]:
        if copies[name].digest(sha256) != sha256:
            raise RuleBroken(f"The backup is damaged: its file {name}/{sha256} has changed. Take another.")
    for name in stores:
        for sha256 in sorted(known[name]):
            _copy(copies[name], stores[name], sha256)
    put_back(engine, folder / DATABASE)
    return label


def troubles(engine: Engine, files: Files, label: Label) -> Iterator[str]:
    """What is not in the office as the label says it was: rows, the record, files."""
    with engine.connect() as connection, Session(connection) as session:
        counts = counts_of(connection)
        for table in sorted(counts | dict(label.counts)):
            if counts.get(table) != label.counts.get(table):
                yield f"{table}: {counts.get(table)} rows, not {label.counts.get(table)}."
        head = session.scalars(select(AuditHead)).one()
        if (head.length, head.hash) != (label.record_length, label.record_hash):
            yield "The record does not end where it ended."
        yield from record.verify(session)
        for seen in queries.verify(lambda: session, files):
            if seen.trouble and seen.sha256 not in label.damaged:
                yield seen.words


def read(engine: Engine, folder: Path) -> Label:
    """What the backup in this folder says of itself, if it is whole and of this kind of database."""
    try:
        label = Label(**json.loads((folder / LABEL).read_text()))
    except (OSError, ValueError, TypeError):
        raise RuleBroken(f"There is no whole backup in {folder}: its {LABEL} cannot be read.") from None
    if label.kind != engine.dialect.name:
        raise RuleBroken(f"This backup is of {label.kind}. Point DATABASE_URL at an empty {label.kind}.")
    if not (folder / DATABASE).is_file() or _hash_of(folder / DATABASE) != label.database_sha256:
        raise RuleBroken("The backup is damaged: its database is not what was written. Take another.")
    for name, expected in label.files.items():
        if (there := len(list(_stored(LocalFiles(folder / name))))) != expected:
            raise RuleBroken(f"The backup is damaged: {name} holds {there} files, not {expected}.")
    return label


def counts_of(connection: Connection) -> dict[str, int]:
    """How many rows each table has."""
    return {
        table.name: connection.scalar(select(func.count()).select_from(table)) or 0
        for table in Model.metadata.sorted_tables
    }


def _copy_evidence(session: Session, store: Files, copy: LocalFiles) -> list[str]:
    """Copy what the rows name. Returns what is missing or changed: a damaged office is backed up too."""
    return [sha256 for sha256 in sorted(set(queries.named(session))) if not _copy(store, copy, sha256)]


def _copy_passing(session: Session, stores: Mapping[str, Files], folder: Path) -> int:
    """Copy what may be thrown away meanwhile. Returns how much was."""
    return sum(
        not _copy(stores[name], LocalFiles(folder / name), str(sha256))
        for name, column in PASSING.items()
        for sha256 in set(session.scalars(select(column).where(column.is_not(None))))
    )


def _copy(source: Files, target: Files, sha256: str) -> bool:
    """Whether the file was there to be copied, as it was received."""
    if source.digest(sha256) != sha256:
        return False
    with source.open(sha256) as stream:
        return target.keep(stream, limit=ANY_SIZE).sha256 == sha256


def _stored(files: Files) -> Iterator[str]:
    for stretch in queries.STRETCHES:
        yield from (name for name, _kept_at in files.listed(stretch))


def _hash_of(place: Path) -> str:
    digest = hashlib.sha256()
    with place.open("rb") as file:
        while piece := file.read(PIECE):
            digest.update(piece)
    return digest.hexdigest()


def _sync(place: Path) -> None:
    with place.open("rb") as file:
        os.fsync(file.fileno())


def stores_of(extensions: Mapping[str, Any]) -> dict[str, Files]:
    """The stores of an office, by the names their folders have in a backup."""
    return {name: extensions[name] for name in (EVIDENCE, *PASSING)}
