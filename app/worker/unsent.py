"""What was written and never sent does not stay for ever: drafts of staff, and forms of the public with their files."""

from __future__ import annotations

from datetime import timedelta

from flask import current_app

from app.core import clock
from app.database import db
from app.drafts import actions as drafts
from app.front_door import actions as front_door

#: How long a file may be without its row: longer than a form with its files takes to arrive.
ARRIVING = timedelta(hours=2)


def remove_what_was_not_sent() -> None:
    """Remove drafts and forms that are old enough, and the files that no form has any more."""
    with db.unit_of_work() as session:
        drafts.expire(session, days=current_app.config["DRAFT_DAYS"])
        needed = front_door.expire(session, days=current_app.config["FORM_DAYS"])
    db.close()
    current_app.extensions["unsent"].tidy(before=clock.wall() - ARRIVING, needed=needed)
