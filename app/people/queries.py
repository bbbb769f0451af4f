from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased, joinedload

from app.accounts.models import Account
from app.caseload.models import Line
from app.complaints.models import Complaint, Party
from app.core.dialect.asking import begins_with, exists_for_each, is_among, planned_anew
from app.core.errors import NotFound
from app.enquiries.models import Enquiry
from app.people.models import Adjustment, Person, PersonNameWord, Vulnerability
from app.people.naming import looked_for, without_titles
from app.people.nhs_number import tidy
from app.policy import visible_complaints, visible_lines, visible_people

MOST_FOUND = 10
#: How many who are called so are put in order before the first of them are shown.
GATHERED = 100
#: How many complaints the page of a person shows at a time.
PAGE = 25
#: How far their complaints are counted: above, it is “100 or more”.
COUNTED = 100
#: From how many complaints on somebody counts as writing repeatedly.
REPEATEDLY = 5


def by_key(session: Session, account: Account, key: str) -> Person:
    """The person of that key, if this account may know of them. Raises `NotFound`.

    The key of a record that was merged into another leads to the person it turned out to be.
    """
    of_key = aliased(Person)
    number = select(func.coalesce(of_key.merged_into_id, of_key.id)).where(of_key.key == key)
    person = session.scalar(visible_people(account).where(Person.id == number.scalar_subquery()))
    if person is None:
        raise NotFound("There is nobody here under that key, or they are not yours to see.")
    return person


@planned_anew
def known_through(session: Session, account: Account, person: Person) -> Sequence[Complaint]:
    """The restricted complaints through which alone this account may know of a person; none if there is more.

    What is kept of such a person belongs to what is restricted.
    """
    if session.scalar(select(exists().where(Enquiry.person_id == person.id))):
        return ()
    theirs = select(Party.complaint_id).where(Party.person_id == person.id)
    mine = visible_complaints(account).where(Complaint.id.in_(theirs))
    if session.scalar(mine.where(~Complaint.is_restricted).limit(1)) is not None:
        return ()
    return session.scalars(mine.order_by(Complaint.id).limit(COUNTED)).all()


def adjustments_of(session: Session, person: Person) -> Sequence[Adjustment]:
    """All they ever had, the first first."""
    mine = select(Adjustment).where(Adjustment.person_id == person.id).order_by(Adjustment.id)
    return session.scalars(mine.options(joinedload(Adjustment.added_by)).limit(100)).all()


def adjustment_of(session: Session, person: Person, number: int) -> Adjustment:
    """The adjustment of that row, if it is theirs. Raises `NotFound`.

    By its row and not by its place: when two records become one, or two people work at once, places change.
    """
    found = session.get(Adjustment, number)
    if found is None or found.person_id != person.id:
        raise NotFound(f"There is no such adjustment of {person.name}.")
    return found


def complaints_of(session: Session, account: Account, person: Person, before: int) -> Sequence[Line]:
    """A page of the complaints they are in, the newest first, from the one before; and one more if there is."""
    mine = visible_lines(account).where(Line.complaint_id == Party.complaint_id)
    theirs = select(Party.complaint_id).where(Party.person_id == person.id, exists_for_each(Party, mine))
    if before:
        theirs = theirs.where(Party.complaint_id < before)
    first = theirs.distinct().order_by(Party.complaint_id.desc()).limit(PAGE + 1)
    lines = select(Line).where(Line.complaint_id.in_(first)).options(joinedload(Line.owner))
    return session.scalars(lines.order_by(Line.complaint_id.desc())).all()


def count_complaints_of(session: Session, account: Account, person: Person) -> int:
    """How many complaints they are in, counted to `COUNTED` and no further."""
    theirs = select(Party.complaint_id).where(Party.person_id == person.id)
    mine = visible_complaints(account).where(Complaint.id.in_(theirs)).with_only_columns(Complaint.id)
    return session.scalar(select(func.count()).select_from(mine.limit(COUNTED).subquery())) or 0


def known_as(session: Session, account: Account, words: str) -> Sequence[Person]:
    """People whose NHS number is `words`, or whose name has for each a word that begins so; at most `MOST_FOUND`.

    Only those this account may know of; first whoever is called just so. Of more than `GATHERED` who are called so
    or so, that many are put in order.
    """
    begun = looked_for(words[:200])[:12]
    if not begun:
        return []
    number = tidy(words[:200])
    if any(map(str.isdigit, number)):
        numbered = visible_people(account).where(Person.nhs_number == number)
        if of_number := session.scalars(numbered.limit(MOST_FOUND)).all():
            return of_number
    found, untitled = _called_so(session, account, begun), without_titles(begun)
    return found if found or untitled == begun else _called_so(session, account, untitled)


def _called_so(session: Session, account: Account, begun: Sequence[str]) -> Sequence[Person]:
    found: list[Person] = []
    for answers in (operator.eq, begins_with):
        if begun and (room := MOST_FOUND - len(found)):
            called = _called(account, begun, answers).where(Person.id.not_in([one.id for one in found]))
            people = select(Person).where(is_among(Person.id, called.limit(GATHERED)))
            found += session.scalars(people.order_by(Person.search_name, Person.id).limit(room))
    return found


def _called(account: Account, words: Sequence[str], answers: Callable[[Any, str], Any]) -> Select[int]:
    """Who has in their name a word that answers each of these. The first leads to whom the others are asked of."""
    called = visible_people(account).join(PersonNameWord, PersonNameWord.person_id == Person.id)
    called = called.where(answers(PersonNameWord.word, words[0]))
    also = aliased(PersonNameWord)
    for other in words[1:]:
        theirs = select(also.id).where(also.person_id == Person.id, answers(also.word, other))
        called = called.where(exists_for_each(Person, theirs))
    return called.with_only_columns(Person.id).order_by(PersonNameWord.word, PersonNameWord.person_id)


def vulnerabilities_of(session: Session, person: Person) -> Sequence[Vulnerability]:
    """All flags they ever had, the first first."""
    mine = select(Vulnerability).where(Vulnerability.person_id == person.id).order_by(Vulnerability.id)
    who = Vulnerability.added_by, Vulnerability.ended_by
    return session.scalars(mine.options(*(joinedload(one) for one in who)).limit(100)).all()


def vulnerability_of(session: Session, person: Person, number: int) -> Vulnerability:
    """The flag of that row, if it is theirs. Raises `NotFound`."""
    found = session.get(Vulnerability, number)
    if found is None or found.person_id != person.id:
        raise NotFound(f"There is no such flag of {person.name}.")
    return found


def flags_to_review(session: Session, account: Account, day: date, after: int = 0) -> Sequence[Vulnerability]:
    """Flags due to be looked at by a day, of people this person may know of: a page, and one more if there is.

    The one that has waited longest first, from after the one of id `after`.
    """
    due = _due(account, day).options(joinedload(Vulnerability.person))
    if after and (last := session.get(Vulnerability, after)):
        later = and_(Vulnerability.review_on == last.review_on, Vulnerability.id > last.id)
        due = due.where(or_(Vulnerability.review_on > last.review_on, later))
    due = due.order_by(Vulnerability.review_on, Vulnerability.id)
    return session.scalars(due.limit(PAGE + 1)).all()


def _due(account: Account, day: date) -> Select[Vulnerability]:
    person = visible_people(account).where(Person.id == Vulnerability.person_id)
    return select(Vulnerability).where(
        Vulnerability.ended_at.is_(None),
        Vulnerability.review_on <= day,
        exists_for_each(Vulnerability, person),
    )
