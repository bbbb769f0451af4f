from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import current_app

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

#: Of a spreadsheet in the making that was killed, this is how long its scraps stay.
SCRAPS_STAY = timedelta(days=1)
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
                with db.unit_of_work() as session:
                    taken.hold(session).lines_done = spreadsheet.lines
        finally:
            spreadsheet.close()
        with place.open("rb") as file:
            kept = current_app.extensions["exports"].keep(file, limit=LARGEST)
    with db.unit_of_work() as session:
        actions.finish(session, taken, kept)


def remove_what_expired(*, most: int) -> None:
    """Remove the files of exports that have been kept long enough, and scraps of those that were killed."""
    with db.unit_of_work() as session:
        gone = actions.expire(session, most=most)
    for digest in gone:
        current_app.extensions["exports"].remove(digest)
    late = (clock.wall() - SCRAPS_STAY).timestamp()
    for scraps in _scraps().iterdir():
        if scraps.stat().st_mtime < late:
            shutil.rmtree(scraps, ignore_errors=True)


def _portions(taken: Taken[Export]) -> Iterator[Sequence[Sequence[Cell]]]:
    """The lines of the list, each portion read as its maker may see it now, in a transaction of its own."""
    with db.unit_of_work() as session:
        export = taken.hold(session)
        account, sheet, query = _maker(export), SHEETS[export.sheet], export.query
        export.lines_in_all = sheet.count(session, account, query)
        if export.lines_in_all > MOST_LINES:
            raise RuleBroken(f"A spreadsheet holds {MOST_LINES:,} lines. Filter the list, or take it as CSV.")
    after, is_first = "", True
    while after or is_first:
        account = _maker(db.session.get_one(Export, taken.number))
        portion = sheet.read(db.session, account, query, after)
        db.close()
        yield portion.rows
        after, is_first = portion.after, False


def _maker(export: Export) -> Account:
    """Who asked for it. Raises `NotPermitted` if they may no longer have it."""
    policy.require(export.account, Permission.COMPLAINT_LIST)
    policy.require(export.account, SHEETS[export.sheet].permission)
    return export.account


def _scraps() -> Path:
    folder: Path = current_app.config["DATA_DIR"] / "making"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder
