"""By what right somebody acts for another today: computed from what was said, shown and consented to.

It decides nothing. Whether they may act, a person answers in the initial check, with a reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from app.complaints.models import Complaint, Part, Party
from app.consents.models import Basis, BasisKind, Consent, ConsentState
from app.core import calendar
from app.core.terms import Term
from app.people.models import Person

#: The age in years from which nobody acts for somebody as their parent.
OF_AGE = 18
#: Who acts for another by what they are; a complainant does where somebody else is affected.
ACTING = frozenset({Part.REPRESENTATIVE, Part.PERSONAL_REPRESENTATIVE})


class Right(Term):
    """How the right of a party to act for another stands on a day."""

    CONSENT = "consent", "With consent"
    ACCEPTED = "accepted", "Basis accepted"
    NOT_EVIDENCED = "not_evidenced", "Basis not evidenced"
    CONSENT_OVER = "consent_over", "Consent is over"
    OUTLIVED = "outlived", "Basis ended with their death"
    CAME_OF_AGE = "came_of_age", "Basis ended when they came of age"

    @property
    def is_evidenced(self) -> bool:
        return self in {Right.CONSENT, Right.ACCEPTED}

    @property
    def is_over(self) -> bool:
        """Whether there was a right that has ended."""
        return self in {Right.CONSENT_OVER, Right.OUTLIVED, Right.CAME_OF_AGE}


@dataclass(frozen=True)
class Actor:
    """A party who acts for another, by what basis if one was said, and how that stands."""

    party: Party
    basis: Basis | None
    right: Right


def actors(
    parties: Sequence[Party], bases: Iterable[Basis], consents: Sequence[Consent], day: date
) -> list[Actor]:
    """Everybody who acts for another among these parties, with how their right stands on a day."""
    affected = [party.person for party in parties if party.part is Part.PERSON_AFFECTED]
    standing = {basis.party_id: basis for basis in sorted(bases, key=lambda basis: basis.number)}
    acting = [party for party in parties if acts_for_another(party, parties)]
    return [
        Actor(party, basis, _right(party, basis, consents, affected, day))
        for party, basis in ((party, standing.get(party.id)) for party in acting)
    ]


def actors_in(complaint: Complaint, day: date) -> list[Actor]:
    """The same for a complaint, from its own rows."""
    bases = [basis for party in complaint.parties for basis in party.bases]
    return actors(complaint.parties, bases, complaint.consents, day)


def acts_for_another(party: Party, parties: Sequence[Party]) -> bool:
    """Whether they act for somebody else; a complainant does if others are affected and they are not."""
    affected = {one.person_id for one in parties if one.part is Part.PERSON_AFFECTED}
    if party.part is Part.COMPLAINANT:
        return bool(affected) and party.person_id not in affected
    return party.part in ACTING


def are_of_age(affected: Sequence[Person], day: date) -> bool:
    """Whether everybody affected whose birthday is known is of age on a day: then they act for themselves."""
    born = [person.born_on for person in affected if person.born_on]
    return bool(born) and all(calendar.months_between(one, day) >= OF_AGE * 12 for one in born)


def is_renewed(consent: Consent, consents: Iterable[Consent]) -> bool:
    """Whether the same person gave a later consent to the same, so that the end of this one needs no thought."""
    pair = consent.giver_id, consent.to_id
    return any(one.number > consent.number and (one.giver_id, one.to_id) == pair for one in consents)


def _right(
    party: Party, basis: Basis | None, consents: Iterable[Consent], affected: Sequence[Person], day: date
) -> Right:
    has_died = any(person.died_on and person.died_on <= day for person in affected)
    if basis is not None and basis.kind is not BasisKind.CONSENT:
        if has_died and not basis.kind.outlives_them:
            return Right.OUTLIVED
        if basis.kind is BasisKind.PARENT and are_of_age(affected, day):
            return Right.CAME_OF_AGE
        return Right.ACCEPTED if basis.accepted_at else Right.NOT_EVIDENCED
    states = {one.state_on(day) for one in consents if one.to_id == party.person_id and one.is_to_act}
    if has_died:
        return Right.OUTLIVED if states or basis else Right.NOT_EVIDENCED
    if any(state.holds for state in states):
        return Right.CONSENT
    over = {ConsentState.ENDED, ConsentState.WITHDRAWN, ConsentState.OUTLIVED}
    return Right.CONSENT_OVER if states & over else Right.NOT_EVIDENCED
