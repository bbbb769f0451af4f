"""To whom a paper goes: to each their own, and to whom not, and why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.complaints.models import Part, Party
from app.consents.models import Disagreement, Sees
from app.consents.rights import Actor
from app.people.models import Person

#: Who is written to, in this order; a Member of Parliament who assists is sent a copy.
WRITTEN_TO = (Part.COMPLAINANT, Part.REPRESENTATIVE, Part.PERSONAL_REPRESENTATIVE)


@dataclass(frozen=True)
class Recipients:
    """Whom a paper is for, who gets a copy, and who is left out, each with what to do about it."""

    to: list[Person]
    copies: list[Person]
    by_decision: list[Person]
    not_entitled: dict[Person, str]
    no_longer: list[Person]

    @property
    def everybody(self) -> list[Person]:
        """Everybody who gets a paper of their own, once."""
        return list(dict.fromkeys([*self.to, *self.copies]))

    def chosen(self, key: str) -> Person | None:
        """The one of that key, else the first; None where nobody gets one."""
        return next((one for one in self.everybody if one.key == key), next(iter(self.everybody), None))


def recipients(
    parties: Sequence[Party],
    acting: Iterable[Actor],
    disagreements: Iterable[Disagreement],
    sees: Sees,
    mp_wanting: str = "",
) -> Recipients:
    """Who is sent a paper of this kind: s.14(1), s.14(2), s.14(2B) of the 1993 Act.

    Decisions and their reasons go to the complainant, whatever is decided or missing, and in copy to a Member of
    Parliament who assists. Whoever acts for another gets the rest only while a consent or an accepted basis shows
    their right: s.9(3). `mp_wanting` is what stands in the way of a copy of anything else.
    """
    due = {party.person for party in parties if party.part is Part.COMPLAINANT and sees is Sees.DECISIONS}
    unfit = {one.party.person: one for one in acting if not one.right.is_evidenced}
    left = dict.fromkeys(
        person for one in disagreements for person in _left_out(one, sees) if person not in due
    )
    to = _as(parties, WRITTEN_TO)
    copies = _as(parties, (Part.MP,))
    not_entitled = {person: _wanting(unfit[person]) for person in to if person in unfit and person not in due}
    if sees is Sees.EVERYTHING and mp_wanting:
        not_entitled |= {person: mp_wanting for person in copies if person not in to}
    return Recipients(
        to=[person for person in to if person not in left and person not in not_entitled],
        copies=[person for person in copies if person not in left and person not in not_entitled],
        by_decision=list(left),
        not_entitled=not_entitled,
        no_longer=[person for person in not_entitled if person in unfit and unfit[person].right.is_over],
    )


def _as(parties: Sequence[Party], parts: Iterable[Part]) -> list[Person]:
    return list(dict.fromkeys(party.person for part in parts for party in parties if party.part is part))


def _left_out(disagreement: Disagreement, sees: Sees) -> list[Person]:
    two = disagreement.one, disagreement.other
    return [person for person in two if not disagreement.sees(person.id).covers(sees)]


def _wanting(one: Actor) -> str:
    name = one.party.person.name
    if one.right.is_over:
        return (
            f"The right of {name} to act for the person affected is over. If it is not, record the consent or the"
            " basis first."
        )
    return (
        f"Nothing shows yet by what right {name} acts for the person affected. Record their consent, or have the"
        " basis accepted, first."
    )
