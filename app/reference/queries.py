from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, defer, joinedload

from app.core import clock
from app.core.errors import NotFound
from app.reference import checks
from app.reference.catalogue import LISTS
from app.reference.checks import Known
from app.reference.editable import EditableList
from app.reference.models import ListDraft, ListVersion
from app.reference.shelf import Version, as_shipped, shelf, version_of_row

#: How many versions a page shows.
PAGE = 25


def in_force(about: EditableList) -> Version:
    """The version everybody works with today."""
    return shelf.in_force(about.key)


def newest(session: Session, about: EditableList) -> Version:
    """The last version of a list, whether it is in force already or will be; the shipped one if there is none."""
    row = last_made(session, about)
    return version_of_row(row) if row else as_shipped(about.key)


def last_made(session: Session, about: EditableList) -> ListVersion | None:
    """The row of the office's last version of a list, if it has made one."""
    last = select(ListVersion).where(ListVersion.list_key == about.key).order_by(ListVersion.number.desc())
    return session.scalar(last.limit(1))


def would_be(session: Session, draft: ListDraft) -> Version:
    """The version the draft would become if it were put in force today."""
    about, number = LISTS[draft.list_key], newest(session, LISTS[draft.list_key]).number + 1
    rows = tuple(about.complete(row) for row in draft.content)
    return Version(about, number, f"office {number}", clock.today(), rows)


def numbered(session: Session, about: EditableList, number: int) -> Version:
    """The version of that number; 0 is the shipped one. Raises `NotFound`."""
    if number == 0:
        return as_shipped(about.key)
    return version_of_row(made(session, about, number))


def made(session: Session, about: EditableList, number: int) -> ListVersion:
    """The row of a version of the office: who made it, when and why. Raises `NotFound`."""
    wanted = ListVersion.list_key == about.key, ListVersion.number == number
    row = session.scalar(select(ListVersion).where(*wanted).options(joinedload(ListVersion.made_by)))
    if row is None:
        raise NotFound("There is no version of that number.")
    return row


def page(session: Session, about: EditableList, *, before: int) -> Sequence[ListVersion]:
    """The office's versions of a list, the newest first, from below the number `before`; 0: from the newest."""
    there = select(ListVersion).where(ListVersion.list_key == about.key)
    there = there.where(ListVersion.number < before) if before else there
    return session.scalars(
        there.order_by(ListVersion.number.desc())
        .limit(PAGE + 1)
        .options(joinedload(ListVersion.made_by), defer(ListVersion.content))
    ).all()


def numbers(session: Session, about: EditableList) -> Sequence[int]:
    """The numbers of all its versions, the shipped one among them, the newest first."""
    there = select(ListVersion.number).where(ListVersion.list_key == about.key)
    return [*session.scalars(there.order_by(ListVersion.number.desc()).limit(500)), 0]


def draft_of(session: Session, about: EditableList) -> ListDraft | None:
    wanted = select(ListDraft).where(ListDraft.list_key == about.key)
    return session.scalar(wanted.options(joinedload(ListDraft.begun_by)))


def the_draft_of(session: Session, about: EditableList) -> ListDraft:
    """The draft there is of a list. Raises `NotFound`."""
    draft = draft_of(session, about)
    if draft is None:
        raise NotFound("There is no draft of this list: it was put in force, or thrown away.")
    return draft


def drafted(session: Session) -> frozenset[str]:
    """The lists there is a draft of."""
    return frozenset(session.scalars(select(ListDraft.list_key)))


def known(session: Session) -> Known:
    """What the lists that others refer to are known by, in their newest versions."""
    found: Mapping[str, frozenset[str]] = {
        key: frozenset(LISTS[key].by_key(newest(session, LISTS[key]).rows)) for key in checks.shipped_keys()
    }
    return found
