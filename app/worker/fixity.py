"""At night the worker hashes the store again, a little each minute: all of it within thirty days (security D16)."""

from __future__ import annotations

import time
from datetime import timedelta

from flask import current_app

from app.core import clock
from app.core.files import Files
from app.database import db
from app.integrity import actions, queries
from app.integrity.models import Outcome

#: The hours of a night in London, and after how long a file is due. A few nights may fail before thirty days are over.
NIGHT, DUE_AFTER = range(1, 5), timedelta(days=26)
#: How many files one sweep looks at, and after how many seconds it begins no other.
MOST, SECONDS = 500, 20.0


def check_files() -> int:
    """Hash some files again that are due, if it is night. Returns how many were looked at.

    No transaction is open while the disk is read. Two workers may look at the same file: it is noted once.
    """
    if clock.wall().astimezone(clock.LONDON).hour not in NIGHT:
        return 0
    files: Files = current_app.extensions["files"]
    names = queries.to_check(db.session, before=clock.wall() - DUE_AFTER, most=MOST)
    db.close()
    until, seen = time.monotonic() + SECONDS, dict.fromkeys(files.strays(), Outcome.STRANGER)
    for name in names:
        if time.monotonic() > until:
            break
        seen[name] = _outcome_of(files, name)
    with db.unit_of_work() as session:
        for name, outcome in seen.items():
            actions.note(session, name, outcome)
    return len(seen)


def _outcome_of(files: Files, name: str) -> Outcome:
    try:
        trouble = queries.trouble_with(files, name)
    except OSError:  # a disk that is failing, and one such file must not keep the others from being looked at
        return Outcome.UNREADABLE
    return Outcome(trouble.value) if trouble else Outcome.INTACT
