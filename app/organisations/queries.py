from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from app.core.dialect.asking import matches
from app.core.errors import NotFound
from app.core.text import searchable
from app.organisations.models import Organisation, OrganisationFacts

#: How many answers a search gives; with more than these, the words want to be more exact.
MOST_FOUND = 25
LONGEST_SEARCH, MOST_WORDS = 200, 12


def search(session: Session, words: str) -> Sequence[Organisation]:
    """Organisations whose code is `words` or whose present or former names hold every one of them.

    One that was found to be a duplicate is found as what it was merged into. Those whose code fits come
    first, then by name; at most `MOST_FOUND`.
    """
    terms = searchable(words[:LONGEST_SEARCH]).split()[:MOST_WORDS]
    if not terms:
        return []
    by_code = func.lower(Organisation.code) == words.strip().lower()
    named = [matches(Organisation.search_name, term) for term in terms]
    duplicates = select(Organisation.merged_into_id).where(or_(by_code, and_(*named)))
    formerly = select(OrganisationFacts.organisation_id)
    for term in terms:
        formerly = formerly.where(matches(OrganisationFacts.search_name, term))
    found = select(Organisation).where(
        or_(by_code, and_(*named), Organisation.id.in_(formerly), Organisation.id.in_(duplicates)),
        Organisation.merged_into_id.is_(None),
    )
    return session.scalars(
        found.order_by(by_code.desc(), Organisation.search_name, Organisation.id).limit(MOST_FOUND)
    ).all()


def by_code(session: Session, code: str) -> Organisation:
    """The organisation with that code, or what it was merged into. Raises `NotFound`."""
    organisation = session.scalar(select(Organisation).where(Organisation.code == code.upper()))
    if organisation is None:
        raise NotFound("There is no organisation with that code.")
    return organisation.merged_into or organisation


def count(session: Session) -> int:
    there = select(func.count()).select_from(Organisation).where(Organisation.merged_into_id.is_(None))
    return session.scalar(there) or 0


def exactly_named(session: Session, words: str) -> Organisation | None:
    """The one organisation that is or was called exactly this, whatever the case; None if not just one.

    For matching free text to the register: anything less than the whole name is a guess.
    """
    wanted = searchable(words)
    now = select(Organisation).where(Organisation.search_name == wanted)
    former = select(OrganisationFacts.organisation_id).where(OrganisationFacts.search_name == wanted)
    found = (
        session.scalars(now).all()
        or session.scalars(select(Organisation).where(Organisation.id.in_(former))).all()
    )
    meant = {one.merged_into or one for one in found}
    return meant.pop() if len(meant) == 1 else None
