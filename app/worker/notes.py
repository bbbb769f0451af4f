"""Noting what has been done and cannot be undone: a letter that is gone, lines that are written."""

from __future__ import annotations

import time
from collections.abc import Callable

from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.database import db

#: How often a database that is busy is asked again; each time it is given its own patience first.
TRIES, PAUSE = 6, 2.0


def surely(note: Callable[[Session], object]) -> None:
    """Write `note` in a transaction of its own. If the database is busy, wait: a load may take its time."""
    for left in reversed(range(TRIES)):
        db.close()
        try:
            with db.unit_of_work() as session:
                note(session)
            return
        except OperationalError:
            if not left:
                raise
            time.sleep(PAUSE)
