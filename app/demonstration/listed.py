"""What the demonstration office has changed in its lists: a name of a level, and a draft that waits."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.core import clock
from app.demonstration.cast import Cast
from app.reference import actions
from app.reference.catalogue import LISTS

#: Why the name was changed, as the office would say it.
BECAUSE = (
    "Caseworkers found that “Apology enough” reads as if we judged how the complainant feels. The words were"
    " agreed at the casework meeting. No amount has changed."
)


def change_lists(session: Session, cast: Cast) -> None:
    """A level of severity under a better name, in force; and a failure code that is only drafted."""
    actor = cast.ombudsman
    bands = actions.begin_draft(session, LISTS["severity"], actor=actor)
    actions.change_row(session, bands, "1", actor=actor, values={"name": "An apology is the remedy"})
    actions.put_in_force(session, bands, actor=actor, in_force_from=clock.today(), reasons=BECAUSE)
    failures = actions.begin_draft(session, LISTS["failures"], actor=actor)
    added = {
        "code": "J9",
        "name": "The report was read by somebody who had left the team",
        "themes": [2],
        "standards": ["RCR-BFCR(16)4"],
        "cite": "RCR fail-safe standards 2016",
        "unverified": "Which of the standards fits best has not been checked.",
    }
    actions.add_row(session, failures, actor=actor, values=added)
