"""Shorter ways to change a list in tests."""

from __future__ import annotations

from app.core import clock
from app.reference import actions
from app.reference.catalogue import LISTS
from app.reference.models import ListVersion


def changed(session, list_key: str, row: str, *, actor=None, on=None, **values) -> ListVersion:
    """A version in which one row is changed, or added if there is none of that key."""
    about = LISTS[list_key]
    draft = actions.begin_draft(session, about, actor=actor)
    if row in about.by_key(draft.content):
        actions.change_row(session, draft, row, actor=actor, values=values)
    else:
        named = {about.known_by.name: row}
        actions.add_row(session, draft, actor=actor, values=named | values)
    version = actions.put_in_force(
        session, draft, actor=actor, in_force_from=on or clock.today(), reasons="The office agreed on it."
    )
    session.commit()
    return version
