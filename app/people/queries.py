from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import and_, or_
from sqlalchemy.orm import Session

from app.accounts.models import Account
from app.core.dialect import matches
from app.core.text import searchable
from app.people.models import Person
from app.people.nhs_number import tidy
from app.policy import visible_people

MOST_FOUND = 10


def known_as(session: Session, account: Account, words: str) -> Sequence[Person]:
    """People whose NHS number is `words`, or whose name holds every one of them; at most `MOST_FOUND`.

    Only those this account may know of.
    """
    terms = searchable(words[:200]).split()[:12]
    if not terms:
        return []
    named = and_(*[matches(Person.search_name, term) for term in terms])
    found = visible_people(account).where(or_(Person.nhs_number == tidy(words), named))
    return session.scalars(found.order_by(Person.search_name, Person.id).limit(MOST_FOUND)).all()
