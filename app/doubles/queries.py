from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice, product
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select, union, union_all
from sqlalchemy.orm import Session, joinedload

from app.accounts.models import Account
from app.complaints.models import Complaint, Party
from app.core import clock
from app.core.errors import NotFound
from app.core.text import digest_of
from app.doubles.likeness import Known, known_from, known_of, reasons_for
from app.doubles.models import PersonMerge, Reason
from app.enquiries import queries as enquiries
from app.enquiries.models import Enquiry, EnquiryState
from app.people.actions import Particulars
from app.people.models import Person
from app.policy import visible_complaints, visible_people
from app.search import names

#: How many people are offered, and how many rows of each index are looked at to find them.
MOST_OFFERED, MOST_NEAR = 10, 50
#: How many complaints of one person are counted: above, it is “50 or more”.
MOST_COUNTED = 50
#: How many other ways to write the whole of a name are looked for.
MOST_SPELLINGS = 64
#: How many earlier contacts of one person, and how many texts that say the same, are offered.
MOST_EARLIER = 5
#: How many merges the page of one person tells of.
MOST_MERGES = 20


@dataclass(frozen=True)
class Earlier:
    """A complaint or an enquiry there is already, as it is offered. `day` is in London."""

    reference: str
    day: date
    is_complaint: bool
    person_key: str = ""
    is_same_text: bool = False


@dataclass(frozen=True)
class Candidate:
    """Somebody who may be meant, and why. `complaints` is counted to `MOST_COUNTED`."""

    id: int
    key: str
    name: str
    born_on: date | None
    nhs_number: str
    reasons: tuple[Reason, ...]
    complaints: int = 0
    last: Earlier | None = None
    enquiries: tuple[Earlier, ...] = ()

    @property
    def count_in_words(self) -> str:
        return f"{MOST_COUNTED} or more" if self.complaints >= MOST_COUNTED else f"{self.complaints}"

    @property
    def nhs_number_ending(self) -> str:
        """Enough of it to tell two people apart over the telephone."""
        return self.nhs_number[-4:] if len(self.nhs_number) == 10 else ""


def likely(
    session: Session, account: Account, said: Particulars, *, but_for: Person | None = None
) -> list[Candidate]:
    """People of whom this account may know and who may be whom the particulars are of, the likeliest first.

    At most `MOST_OFFERED`, in five statements, however many people there are.
    """
    wanted = known_from(said)
    found = [
        Candidate(person.id, person.key, person.name, person.born_on, person.nhs_number, reasons)
        for person in _near(session, account, wanted)
        if person is not but_for and (reasons := reasons_for(wanted, known_of(person)))
    ]
    order = list(Reason)
    found.sort(key=lambda one: (order.index(one.reasons[0]), -len(one.reasons), -one.id))
    return _with_history(session, account, found[:MOST_OFFERED])


def doubles_of(session: Session, account: Account, person: Person) -> list[Candidate]:
    """People who may be this person as well, the likeliest first."""
    names = ("name", "born_on", "nhs_number", "email", "telephone", "address")
    said = Particulars({name: getattr(person, name) for name in names})
    return likely(session, account, said, but_for=person)


def said_before(session: Session, account: Account, words: str) -> list[Earlier]:
    """Complaints and enquiries that say the same, word for word, the newest first; at most `MOST_EARLIER` each."""
    if not (digest := digest_of(words)):
        return []
    complaints = visible_complaints(account).where(Complaint.digest == digest)
    contacts = enquiries.visible(account).where(
        Enquiry.digest == digest, Enquiry.state != EnquiryState.COMPLAINT
    )
    of_complaints = complaints.order_by(Complaint.id.desc()).limit(MOST_EARLIER)
    of_contacts = contacts.outerjoin(Enquiry.person).add_columns(Person.key)
    of_contacts = of_contacts.order_by(Enquiry.id.desc()).limit(MOST_EARLIER)
    return [
        *(
            Earlier(one.reference, one.received_on, True, is_same_text=True)
            for one in session.scalars(of_complaints)
        ),
        *(
            Earlier(one.reference, one.received_on, False, key or "", is_same_text=True)
            for one, key in session.execute(of_contacts)
        ),
    ]


def _near(session: Session, account: Account, wanted: Known) -> Sequence[Person]:
    """Everybody an index leads to: few of each, and not yet weighed."""
    ways = list(_ways(session, wanted))
    if not ways:
        return []
    people = visible_people(account).with_only_columns(Person.id)
    few = [people.where(way).limit(MOST_NEAR).subquery() for way in ways]
    ids = union(*[select(one.c.id) for one in few])
    return session.scalars(select(Person).where(Person.id.in_(ids))).all()


def _ways(session: Session, wanted: Known) -> Iterator[ColumnElement[bool]]:
    """Conditions on one index each."""
    compared = {
        Person.nhs_number: wanted.nhs_number,
        Person.search_email: wanted.email,
        Person.search_telephone: wanted.telephone,
        Person.search_postcode: wanted.postcode,
        Person.search_name: wanted.name,
        Person.born_on: wanted.born_on,
    }
    yield from (column == value for column, value in compared.items() if value)
    if wanted.name and wanted.born_on:
        yield (Person.born_on == wanted.born_on) & (Person.search_name == wanted.name)
    if spelt := _other_spellings(session, wanted.name):
        yield Person.search_name.in_(spelt)


def _other_spellings(session: Session, name: str) -> list[str]:
    """The name with each of its words as others write or pronounce it, as far as anybody bears such a word."""
    pieces = re.split(r"(\w+)", name)
    words = pieces[1::2]
    if not words:
        return []
    each = max(2, int(MOST_SPELLINGS ** (1 / len(words))))
    written = product(*names.spellings(session, words, each))
    gaps = pieces[::2]
    return [
        "".join(gap + word for gap, word in zip(gaps, (*one, ""), strict=True))
        for one in islice(written, MOST_SPELLINGS)
    ]


def _with_history(session: Session, account: Account, found: Sequence[Candidate]) -> list[Candidate]:
    """The same people with what they brought before, in two statements."""
    if not found:
        return []
    brought: dict[int, dict[int, Earlier]] = defaultdict(dict)
    last = union_all(*[_last_complaints(account, one.id) for one in found])
    for person_id, complaint_id, reference, received_at in session.execute(last):
        earlier = Earlier(reference, clock.day_of(received_at), is_complaint=True)
        brought[person_id].setdefault(complaint_id, earlier)
    asked = _contacts(session, account, found)
    return [
        replace(
            one,
            complaints=min(len(brought[one.id]), MOST_COUNTED),
            last=brought[one.id][max(brought[one.id])] if brought[one.id] else None,
            enquiries=tuple(asked[one.id][:MOST_EARLIER]),
        )
        for one in found
    ]


def _last_complaints(account: Account, person_id: int) -> Select[Any]:
    """The last complaints of somebody, as far as they are counted. They may be two things in each."""
    theirs = visible_complaints(account).join(Complaint.parties).where(Party.person_id == person_id)
    last = theirs.with_only_columns(
        Party.person_id, Party.complaint_id, Complaint.reference, Complaint.received_at
    )
    return select(last.order_by(Party.complaint_id.desc()).limit(2 * MOST_COUNTED).subquery())


def _contacts(
    session: Session, account: Account, found: Sequence[Candidate]
) -> Mapping[int | None, list[Earlier]]:
    """What these people asked before and what became no complaint, the newest first."""
    keys = {one.id: one.key for one in found}
    theirs = enquiries.visible(account).where(
        Enquiry.person_id.in_(keys), Enquiry.state != EnquiryState.COMPLAINT
    )
    asked: dict[int | None, list[Earlier]] = defaultdict(list)
    for one in session.scalars(theirs.order_by(Enquiry.id.desc()).limit(MOST_OFFERED * MOST_EARLIER)):
        key = keys[one.person_id] if one.person_id else ""
        asked[one.person_id].append(Earlier(one.reference, one.received_on, False, person_key=key))
    return asked


@dataclass(frozen=True)
class Offer:
    """What is put before whoever is about to save something new. Values only: it outlives the transaction."""

    complainant: tuple[Candidate, ...] = ()
    affected: tuple[Candidate, ...] = ()
    #: Complaints that this may be: those that say the same, and the last of whoever may have sent it.
    same: tuple[Earlier, ...] = ()
    #: Enquiries it may have begun with.
    contacts: tuple[Earlier, ...] = ()


def offer(
    session: Session,
    account: Account,
    *,
    complainant: Particulars | None,
    affected: Particulars | None = None,
    narrative: str = "",
) -> Offer:
    """What may be here already of a complaint that is about to be logged."""
    senders = likely(session, account, complainant) if complainant else []
    before = said_before(session, account, narrative)
    theirs = [one.last for one in senders if one.last]
    asked = [contact for one in senders for contact in one.enquiries]
    return Offer(
        complainant=tuple(senders),
        affected=tuple(likely(session, account, affected) if affected else ()),
        same=each_once([*(one for one in before if one.is_complaint), *theirs]),
        contacts=each_once([*(one for one in before if not one.is_complaint), *asked]),
    )


def each_once(earlier: Sequence[Earlier]) -> tuple[Earlier, ...]:
    """The first of each reference."""
    first: dict[str, Earlier] = {}
    for one in earlier:
        first.setdefault(one.reference, one)
    return tuple(first.values())


def was_merged_later(session: Session, merged: PersonMerge) -> bool:
    """Whether another record was joined to the same one after this, and still is."""
    later = select(PersonMerge.id).where(
        PersonMerge.survivor_id == merged.survivor_id,
        PersonMerge.id > merged.id,
        PersonMerge.undone_at.is_(None),
    )
    return session.scalar(later.limit(1)) is not None


def merges_of(session: Session, account: Account, person: Person) -> list[PersonMerge]:
    """The records that were joined to this one and still are, the first first; at most `MOST_MERGES`.

    Not those of which this account may know nothing: all that came with them is in complaints closed to it.
    """
    mine = select(PersonMerge).where(PersonMerge.survivor_id == person.id, PersonMerge.undone_at.is_(None))
    mine = mine.options(joinedload(PersonMerge.merged), joinedload(PersonMerge.merged_by))
    found = session.scalars(mine.order_by(PersonMerge.id).limit(MOST_MERGES)).all()
    return [one for one in found if _is_known(session, account, one)]


def merge_of(session: Session, account: Account, person: Person, number: int) -> PersonMerge:
    """The joining of that row to this record, if it still stands and may be known of. Raises `NotFound`."""
    found = session.get(PersonMerge, number)
    is_theirs = found is not None and found.survivor_id == person.id and found.undone_at is None
    if found is None or not is_theirs or not _is_known(session, account, found):
        raise NotFound("No such record is joined to this one. It may have been undone by now.")
    return found


def _is_known(session: Session, account: Account, merged: PersonMerge) -> bool:
    moved = {number for table, number, _changes in merged.moved if table == Party.__tablename__}
    came = {values["complaint_id"] for table, values in merged.aside if table == Party.__tablename__}
    if not moved and not came:
        return True
    theirs = visible_complaints(account).join(Complaint.parties)
    some = theirs.where(or_(Party.id.in_(moved), Complaint.id.in_(came))).with_only_columns(Complaint.id)
    return session.scalar(some.limit(1)) is not None


def is_in_more_than(session: Session, person: Person, most: int) -> bool:
    """Whether somebody is a party more often than that, whoever may know of the complaints."""
    some = select(Party.id).where(Party.person_id == person.id).limit(most + 1).subquery()
    return (session.scalar(select(func.count()).select_from(some)) or 0) > most
