"""What has to be minded about the people in a complaint, on every page about it and in all that is sent."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Integer,
    Select,
    Subquery,
    and_,
    bindparam,
    cast,
    null,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from app.caseload.models import Line
from app.complaints.models import Complaint, Part, Party
from app.consents.addressees import Recipients, recipients
from app.consents.models import Basis, Consent, ConsentState, Disagreement, Sees
from app.consents.rights import Actor, actors, is_renewed
from app.consents.scopes import Act, wanting
from app.core.dialect.asking import beside_the_index
from app.people.models import Adjustment, AdjustmentKind, Person, Vulnerability

#: What is minded in a complaint, and how many of each: the newest, where there are more.
MINDED = (Party, Adjustment, Vulnerability, Basis, Consent, Disagreement)
MOST = 200
_IN: BindParameter[int] = bindparam("complaint_id", type_=Integer)


@dataclass(frozen=True)
class Need:
    """What one person in a complaint needs, or what to take care of with them."""

    person: Person
    adjustments: tuple[Adjustment, ...]
    flags: tuple[Vulnerability, ...] = ()

    @property
    def wants_large_print(self) -> bool:
        return any(one.kind is AdjustmentKind.LARGE_PRINT for one in self.adjustments)

    @property
    def not_on_paper(self) -> list[Adjustment]:
        """Why a letter cannot go to them as it is printed."""
        return [one for one in self.adjustments if one.kind.changes_letters]

    @property
    def is_any(self) -> bool:
        return bool(
            self.adjustments or self.flags or self.person.is_unsafe_to_contact or self.person.contact_note
        )


@dataclass(frozen=True)
class Minded:
    """All that has to be minded in one complaint on a day; `is_open` is of the complaint or its case."""

    needs: list[Need]
    actors: list[Actor]
    consents: list[Consent]
    disagreements: list[Disagreement]
    died: list[Person]
    parties: list[Party]
    is_open: bool
    day: date

    @property
    def not_evidenced(self) -> list[Actor]:
        """Who acts for another while nothing shows by what right, as long as that matters."""
        return [one for one in self.actors if not one.right.is_evidenced] if self.is_open else []

    @property
    def ending(self) -> list[Consent]:
        """Consents of an open complaint that end soon or have ended, and were not given again."""
        states = {ConsentState.ENDING, ConsentState.ENDED}
        found = [one for one in self.consents if one.state_on(self.day) in states]
        return [one for one in found if not is_renewed(one, self.consents)] if self.is_open else []

    @property
    def wants_large_print(self) -> bool:
        return any(need.wants_large_print for need in self.needs)

    @property
    def takes_care(self) -> bool:
        """Whether somebody can be put in danger by a letter."""
        return any(need.person.is_unsafe_to_contact for need in self.needs)

    def not_sent(self, kind: str) -> list[Person]:
        """Who is not sent a paper of this kind of `Sees`, by what was decided of disagreements.

        Decisions and their reasons go to whoever is a complainant now, whatever was decided: s.14.
        """
        sees = Sees(kind)
        both = [(one, person) for one in self.disagreements for person in (one.one, one.other)]
        left_out = dict.fromkeys(person for one, person in both if not one.sees(person.id).covers(sees))
        due = {one.person for one in self.parties if one.part is Part.COMPLAINANT}
        return [person for person in left_out if sees is not Sees.DECISIONS or person not in due]

    def recipients(self, kind: str) -> Recipients:
        """To whom a paper of this kind of `Sees` goes, each by themselves, and to whom not, and why."""
        mp_wanting = wanting(Act.SHARE_WITH_MP, self.parties, self.actors, self.consents, self.day)
        return recipients(self.parties, self.actors, self.disagreements, Sees(kind), mp_wanting)

    def need_of(self, person: Person | None) -> Need | None:
        """What somebody needs; None if it is nothing, or nobody."""
        return next((need for need in self.needs if need.person is person), None)

    @property
    def is_undecided(self) -> bool:
        """Whether people disagree, and nobody has decided yet what each of them is sent."""
        return any(one.decided_at is None for one in self.disagreements)

    @property
    def is_nothing(self) -> bool:
        return not (self.needs or self.not_evidenced or self.ending or self.disagreements or self.died)


def minded_in(session: Session, complaint: Complaint, day: date) -> Minded:
    """What has to be minded about the people in the complaint, in one statement; often nothing."""
    rows = session.execute(_all_to_mind(MOST), {_IN.key: complaint.id}).all()
    each = {model: _each(getattr(row, model.__name__) for row in rows) for model in MINDED}
    parties, people, consents = each[Party], _people(each[Party]), each[Consent]
    needs = [Need(one, _of(one, each[Adjustment]), _of(one, each[Vulnerability])) for one in people]
    affected = {party.person_id for party in parties if party.part is Part.PERSON_AFFECTED}
    return Minded(
        needs=[need for need in needs if need.is_any],
        actors=actors(parties, each[Basis], consents, day),
        consents=consents,
        disagreements=each[Disagreement],
        died=[person for person in people if person.died_on and person.id in affected],
        parties=parties,
        is_open=any(row.is_open for row in rows),
        day=day,
    )


def need_of(session: Session, person: Person) -> Need:
    """What somebody needs who is in no complaint yet, in two statements."""
    adjustments, flags = (
        session.scalars(
            select(model).where(model.person_id == person.id, model.ended_at.is_(None)).limit(MOST)
        ).all()
        for model in (Adjustment, Vulnerability)
    )
    return Need(person, _of(person, adjustments), _of(person, flags))


@cache
def _all_to_mind(most: int) -> Select[*tuple[Any, ...]]:
    """Put together once: to do so takes as long as to ask, and nearly every page asks."""
    found = _numbers(most)
    return (
        select(*MINDED, Line.is_open, Person)
        .select_from(found)
        .outerjoin(Line, Line.complaint_id == _IN)
        .outerjoin(Party, Party.id == found.c.party)
        .outerjoin(Person, Person.id == Party.person_id)
        .outerjoin(Adjustment, Adjustment.id == found.c.adjustment)
        .outerjoin(Vulnerability, Vulnerability.id == found.c.vulnerability)
        .outerjoin(Basis, Basis.id == found.c.basis)
        .outerjoin(Consent, Consent.id == found.c.consent)
        .outerjoin(Disagreement, Disagreement.id == found.c.disagreement)
    )


def _numbers(most: int) -> Subquery:
    """The numbers of all rows to mind, a few of each kind below those of another: side by side, they would multiply."""
    mine = Party.complaint_id == _IN
    theirs = select(Party.person_id).where(mine)
    wanted: dict[type[Any], ColumnElement[bool]] = {
        Party: mine,
        Adjustment: and_(Adjustment.person_id.in_(theirs), Adjustment.ended_at.is_(None)),
        Vulnerability: and_(
            Vulnerability.person_id.in_(theirs), beside_the_index(Vulnerability.ended_at).is_(None)
        ),
        Basis: Basis.party_id.in_(select(Party.id).where(mine)),
        Consent: Consent.complaint_id == _IN,
        Disagreement: and_(Disagreement.complaint_id == _IN, Disagreement.ended_at.is_(None)),
    }
    kinds = []
    for model, condition in wanted.items():
        few = select(model.id).where(condition).order_by(model.id.desc()).limit(most).subquery()
        kinds.append(
            select(
                *[
                    (few.c.id if one is model else cast(null(), Integer)).label(one.__tablename__)
                    for one in MINDED
                ]
            )
        )
    return union_all(*kinds).subquery()


def _people(parties: Iterable[Party]) -> list[Person]:
    return list({party.person_id: party.person for party in parties}.values())


def _of(person: Person, rows: Iterable[Any]) -> tuple[Any, ...]:
    """Those of the rows that are about this person."""
    return tuple(row for row in rows if row.person_id == person.id)


def _each(found: Iterable[Any]) -> list[Any]:
    """Each row once, the first first, without those that an outer join did not find."""
    return sorted({row for row in found if row is not None}, key=lambda row: row.id)
