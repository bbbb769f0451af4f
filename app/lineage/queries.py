from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session, joinedload

from app.accounts.models import Account
from app.core.errors import NotFound
from app.lineage.models import Merge, Succession
from app.organisations.models import Organisation

#: How many lines of history, and how many successors, a page shows.
MOST = 100

_STANDS = Succession.withdrawn_at.is_(None)


def came_from(codes: Sequence[str]) -> Select[str]:
    """The codes of these organisations and of all that they came from, however far back.

    Each is met once, so that the walk ends whatever the rows say.
    """
    start = select(Organisation.id).where(Organisation.code.in_(codes)).cte(recursive=True)
    before = select(Succession.was_id).join(start, Succession.to_id == start.c.id).where(_STANDS)
    line = start.union(before)
    return select(Organisation.code).where(Organisation.id.in_(select(line.c.id)))


def is_descended(session: Session, organisation: Organisation, of: Organisation) -> bool:
    """Whether an organisation came from another, or is that one."""
    return session.scalar(came_from([organisation.code]).where(Organisation.id == of.id)) is not None


def history_of(session: Session, organisation: Organisation) -> Sequence[Succession]:
    """What it came from and what became of it, in the order of days."""
    here = or_(Succession.was_id == organisation.id, Succession.to_id == organisation.id)
    return _told(session, select(Succession).where(here, _STANDS))


def successors_of(session: Session, organisations: Sequence[Organisation]) -> Sequence[Succession]:
    """What became of these organisations, one step on."""
    wanted = Succession.was_id.in_([one.id for one in organisations])
    return _told(session, select(Succession).where(wanted, _STANDS))


def succession_of(session: Session, key: str) -> Succession:
    """The one of that key, withdrawn or not. Raises `NotFound`."""
    found = _told(session, select(Succession).where(Succession.key == key))
    if not found:
        raise NotFound("There is no such line in the history of an organisation.")
    return found[0]


def is_open_across(session: Session, organisation: Organisation) -> bool:
    """Whether a portal is open between it and what it came from, or what became of it."""
    here = or_(Succession.was_id == organisation.id, Succession.to_id == organisation.id)
    opened = select(Succession.id).where(here, _STANDS, Succession.opened_at.is_not(None))
    return session.scalar(opened.limit(1)) is not None


def officers_of(session: Session, organisation: Organisation) -> Sequence[Account]:
    """Who signs in for an organisation, by name."""
    theirs = select(Account).where(Account.organisation_id == organisation.id, Account.is_active)
    return session.scalars(theirs.order_by(Account.name, Account.id).limit(MOST)).all()


def merges_into(session: Session, organisation: Organisation) -> Sequence[Merge]:
    """The duplicates that are kept under an organisation now."""
    found = select(Merge).where(Merge.into_id == organisation.id, Merge.undone_at.is_(None))
    return session.scalars(found.options(joinedload(Merge.duplicate)).order_by(Merge.id).limit(MOST)).all()


def merge_of(session: Session, key: str) -> Merge:
    """The merge of that key. Raises `NotFound`."""
    merge = session.scalar(select(Merge).where(Merge.key == key))
    if merge is None:
        raise NotFound("There is no such merge.")
    return merge


def _told(session: Session, successions: Select[Succession]) -> Sequence[Succession]:
    whole = successions.options(joinedload(Succession.was), joinedload(Succession.to))
    return session.scalars(whole.order_by(Succession.happened_on, Succession.id).limit(MOST)).all()
