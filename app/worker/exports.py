from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import current_app
from sqlalchemy.orm import Session

from app import policy
from app.accounts.models import Account
from app.core import clock
from app.core.errors import RuleBroken
from app.core.work import Taken
from app.database import db
from app.exports import actions
from app.exports.formats import MOST_LINES, Spreadsheet
from app.exports.models import Export
from app.exports.sheets import SHEETS, Cell
from app.policy import Permission
from app.worker.notes import surely

#: How long what belongs to no export stays: longer than making one takes.
SCRAPS_STAY = timedelta(hours=2)
#: How long it may take to close a spreadsheet and keep it, which nothing can interrupt to say so.
CLOSING = timedelta(minutes=15)
#: The largest file kept, in bytes.
LARGEST = 1024**3


def make(taken: Taken[Export]) -> None:
    """Write the list into a spreadsheet, telling how far it is, and keep it. No lock is held meanwhile."""
    with TemporaryDirectory(dir=_scraps()) as folder:
        place = Path(folder) / "list.xlsx"
        sheet = SHEETS[db.session.get_one(Export, taken.number).sheet]
        db.close()
        spreadsheet = Spreadsheet(place, sheet)
        try:
            for rows in _portions(taken):
                spreadsheet.add(rows)
                _hold(taken, lines_done=spreadsheet.lines)
            surely(lambda session: taken.hold(session, lease=CLOSING))
        finally:
            spreadsheet.close()
        with place.open("rb") as file:
            kept = current_app.extensions["exports"].keep(file, limit=LARGEST)
    surely(lambda session: actions.finish(session, taken, kept))


def remove_what_expired() -> None:
    """Remove the files of exports that have been kept long enough, and what is left of those that were
    cancelled or killed while they were made."""
    with db.unit_of_work() as session:
        needed = actions.expire(session)
    late = clock.wall() - SCRAPS_STAY
    current_app.extensions["exports"].tidy(before=late, needed=needed)
    for scraps in _scraps().iterdir():
        with suppress(FileNotFoundError):  # another worker was faster
            if scraps.stat().st_mtime < late.timestamp():
                shutil.rmtree(scraps, ignore_errors=True)


def _portions(taken: Taken[Export]) -> Iterator[Sequence[Sequence[Cell]]]:
    """The lines of the list, each portion read as its maker may see it now, in a transaction of its own."""
    export = db.session.get_one(Export, taken.number)
    sheet, query = SHEETS[export.sheet], export.query
    in_all = sheet.count(db.session, _maker(export), query)
    db.close()
    if in_all > MOST_LINES:
        raise RuleBroken(f"A spreadsheet holds {MOST_LINES:,} lines. Filter the list, or take it as CSV.")
    _hold(taken, lines_in_all=in_all)
    after, is_first = "", True
    while after or is_first:
        account = _maker(db.session.get_one(Export, taken.number))
        portion = sheet.read(db.session, account, query, after)
        db.close()
        yield portion.rows
        after, is_first = portion.after, False


def _hold(taken: Taken[Export], **told: int) -> None:
    """Hold it for another while, and tell how far it is."""

    def note(session: Session) -> None:
        export = taken.hold(session)
        for name, value in told.items():
            setattr(export, name, value)

    surely(note)


def _maker(export: Export) -> Account:
    """Who asked for it. Raises `NotPermitted` if they may no longer have it."""
    policy.require(export.account, Permission.COMPLAINT_LIST)
    policy.require(export.account, SHEETS[export.sheet].permission)
    return export.account


def _scraps() -> Path:
    folder: Path = current_app.config["DATA_DIR"] / "making"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder
