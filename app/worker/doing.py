"""Doing one piece of work: taken by its row, done by its kind, given back with what went wrong."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import current_app

from app.core.errors import CaseworkError
from app.core.work import LeaseLost, Taken, due, still_due, take
from app.database import db
from app.receiving import arriving
from app.worker import bundling, queue
from app.worker.digests import send_digests
from app.worker.examining import scan_what_was_not
from app.worker.exports import remove_what_expired
from app.worker.fixity import check_files
from app.worker.kinds import KINDS
from app.worker.unsent import remove_what_was_not_sent

#: How many rows of each kind one sweep nudges; the next takes up the rest.
SWEPT = 500


def do(kind: str, number: int) -> bool:
    """Do that piece of work, if it is there to be done. True if it was done."""
    begin()
    with db.unit_of_work() as session:
        taken = take(session, KINDS[kind].rows, number)
    if taken is None:
        return False
    try:
        KINDS[kind].do(taken)
    except LeaseLost:
        db.close()
        return False
    except CaseworkError as refusal:
        _give_back(taken, str(refusal), for_good=True)
        return False
    except Exception as error:
        current_app.logger.exception("%s %s could not be done", kind, number)
        _give_back(taken, f"It could not be done ({type(error).__name__}).", for_good=False)
        return False
    db.close()
    return True


def do_all(kind: str, numbers: Sequence[int]) -> None:
    """Do these pieces of work: what can be done together first, then the others one after another."""
    together = KINDS[kind].do_together
    if together and len(numbers) > 1:
        begin()
        numbers = _still_due(kind, numbers)  # by reading only: many are told of twice, by the sweep too
        numbers = numbers and _still_due(kind, together(numbers))
    for number in numbers:
        do(kind, number)


def _still_due(kind: str, numbers: Sequence[int]) -> Sequence[int]:
    """Those of these that are there to be done: others may have been told of them too, and were faster."""
    found = still_due(db.session, KINDS[kind].rows, numbers)
    db.close()
    return found


def sweep() -> int:
    """Nudge for all that waits or was left in the middle, remove what has expired, write the
    digests of the day, and hash some of the store again at night. Returns how many pieces of work were nudged for.
    """
    begin()
    found = {name: due(db.session, kind.rows, most=SWEPT) for name, kind in KINDS.items()}
    db.close()
    for name, numbers in found.items():
        queue.nudge(name, numbers)
    remove_what_expired()
    bundling.remove_what_expired()
    remove_what_was_not_sent()
    arriving.sweep()
    scan_what_was_not()
    send_digests()
    check_files()
    return sum(map(len, found.values()))


def begin() -> None:
    """What is to be seen to before any work, as before any request: see `before_work`."""
    for see_to in current_app.extensions["before_work"]:
        see_to()


def _give_back(taken: Taken[Any], problem: str, *, for_good: bool) -> None:
    db.close()
    try:
        with db.unit_of_work() as session:
            taken.failed(session, problem, for_good=for_good)
    except LeaseLost:
        pass
