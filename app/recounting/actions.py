from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from app.accounts.models import Account
from app.core.calendar import Otherwise
from app.recounting.kinds import running
from app.recounting.queries import among, moves, portions
from app.reference import actions as reference
from app.reference import lists, queries
from app.reference.catalogue import CALENDAR, LISTS
from app.reference.models import ListDraft, ListVersion
from app.reference.shelf import version_of_row

#: How many clocks are held at once.
BATCH = 500


def put_in_force(
    session: Session,
    draft: ListDraft,
    *,
    actor: Account | None,
    drawn_from: int | None = None,
    in_force_from: date | None = None,
    reasons: str,
) -> tuple[ListVersion, int]:
    """Make a draft the next version of its list, and count again what runs if the list is the calendar.

    Returns the version and how many days it moved. The one who puts it in force was shown what it would move,
    and decides it: each old day stays in the record, with their name and the calendar that moved it.
    """
    last = queries.newest(session, LISTS[draft.list_key])
    version = reference.put_in_force(
        session, draft, actor=actor, drawn_from=drawn_from, in_force_from=in_force_from, reasons=reasons
    )
    if version.list_key != CALENDAR:
        return version, 0
    before, after = lists.otherwise_by(last), lists.otherwise_by(version_of_row(version))
    return version, _count_again(session, before, after, actor=actor)


def _count_again(session: Session, before: Otherwise, after: Otherwise, *, actor: Account | None) -> int:
    moved = 0
    for kind in running(session):
        for portion in portions(kind, before, after):
            # what was counted again is not asked for a second time
            while rows := session.scalars(among(kind, portion, moves).limit(BATCH)).all():
                for row in rows:
                    kind.count_again(session, row, actor=actor, otherwise=after)
                moved += len(rows)
    return moved
