"""What is done in somebody’s name or with what is theirs, and which consent each of these acts needs.

One table, `NEEDED`, asked by every action that gives something out or asks for something, and by the pages
before anybody tries.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from app.complaints.models import Complaint, Part, Party
from app.consents.models import Consent, ConsentState
from app.consents.rights import Actor, Right, actors_in
from app.core import clock
from app.core.errors import RuleBroken
from app.core.terms import Term
from app.people.models import Person


class Act(Term):
    """What is done with what concerns a person."""

    GIVE_TO_ORGANISATION = "give_to_organisation", "Show it to the organisations complained about"
    SHARE_WITH_MP = "share_with_mp", "Share provisional views with the Member of Parliament who assists"
    OBTAIN_RECORDS = "obtain_records", "Ask for their health records"
    SHARE_JOINTLY = "share_jointly", "Share it with another ombudsman"


@dataclass(frozen=True)
class Needed:
    """The scope of consent that an act needs. By `law` some need none, as long as nobody takes theirs back."""

    scope: str
    law: str = ""


#: Act by act: the key of the scope in `consents.toml`, and the law that lets us without being asked for it.
NEEDED = {
    Act.GIVE_TO_ORGANISATION: Needed("share_organisations", law="s.11(1), s.15(1)"),
    Act.SHARE_WITH_MP: Needed("share_mp"),
    Act.OBTAIN_RECORDS: Needed("records"),
    Act.SHARE_JOINTLY: Needed("share_joint"),
}
#: How a consent ended so that what it covered is no longer done.
TAKEN_BACK = frozenset({ConsentState.WITHDRAWN, ConsentState.ENDED})


def missing(complaint: Complaint, act: Act, day: date) -> str:
    """What stands in the way of an act on a day, and what to do about it, in a sentence; often nothing."""
    return wanting(act, complaint.parties, actors_in(complaint, day), complaint.consents, day)


def wanting(
    act: Act, parties: Sequence[Party], acting: Iterable[Actor], consents: Iterable[Consent], day: date
) -> str:
    """The same, from rows that are read already.

    A consent of whoever it concerns, or of whoever acts for them by an accepted basis of s.9(3), opens the way. Where
    none was ever asked for, such a basis does by itself. One that was withdrawn or has ended closes it from that day.
    """
    needed = NEEDED[act]
    accepted = [one.party.person for one in acting if one.right is Right.ACCEPTED]
    owners = concerned(parties)
    may_consent = {person.id for person in (*owners, *accepted)}
    asked = [one for one in consents if one.giver_id in may_consent and needed.scope in one.scopes]
    if any(one.state_on(day).holds for one in asked):
        return ""
    over = [one for one in asked if one.state_on(day) in TAKEN_BACK]
    if over:
        last = max(over, key=lambda one: one.number)
        how = "was withdrawn" if last.withdrawn_on else "has ended"
        return f"The consent of {last.giver.name} to this {how}. If they consent again, record that first."
    if needed.law or accepted:
        return ""
    names = " and ".join(person.name for person in owners) or "the person affected"
    return f"No consent of {names} to this is recorded. Record it, or have a basis of s.9(3) accepted, first."


def require(complaint: Complaint, act: Act, *, field: str | None = None) -> None:
    """Raise `RuleBroken` where a consent that the act needs is missing or over today."""
    if sentence := missing(complaint, act, clock.today()):
        raise RuleBroken(sentence, field=field)


def concerned(parties: Sequence[Party]) -> list[Person]:
    """Whose it is: the person affected; the complainant where nobody else is."""
    for part in (Part.PERSON_AFFECTED, Part.COMPLAINANT):
        if found := [party.person for party in parties if party.part is part]:
            return found
    return []
