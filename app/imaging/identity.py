"""Whether the patient of a study is the person affected: worked out from what the header and our record say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.complaints.models import Complaint
from app.consents.scopes import concerned
from app.core.terms import Term
from app.core.text import searchable
from app.people.models import Person
from app.people.nhs_number import Standing, standing_of, tidy


class Likeness(Term):
    """What the comparison comes to."""

    MATCHES = "matches", "Is the person affected"
    DIFFERS = "differs", "Differs from the person affected"
    CANNOT_SAY = "cannot_say", "Says too little to be compared"


@dataclass(frozen=True)
class Patient:
    """Whom a header names: the name as the standard writes it, with carets between its parts."""

    name: str
    numbers: Sequence[str]
    born_on: date | None

    @property
    def nhs_numbers(self) -> set[str]:
        """A hospital's own number is none, and says nothing of who somebody is elsewhere."""
        return {tidy(n) for n in self.numbers if standing_of(tidy(n)) is Standing.VALID}


@dataclass(frozen=True)
class Compared:
    likeness: Likeness
    differing: tuple[str, ...] = ()

    @property
    def why_held(self) -> str:
        """Why nothing is done with what is about this patient before somebody has decided whose it is."""
        differ = "differs" if len(self.differing) == 1 else "differ"
        return f"Held: its {' and '.join(self.differing)} {differ} from the person this case is about."


def compare(patient: Patient, complaint: Complaint) -> Compared:
    """The most that can be said of the patient and any person affected by the complaint."""
    return _best(_with(patient, person) for person in concerned(complaint.parties))


def _best(compared: Iterable[Compared]) -> Compared:
    order = (Likeness.MATCHES, Likeness.CANNOT_SAY, Likeness.DIFFERS)
    return min(compared, key=lambda c: order.index(c.likeness), default=Compared(Likeness.CANNOT_SAY))


def _with(patient: Patient, person: Person) -> Compared:
    """What differs outweighs what agrees: a name that is another is a matter for somebody to look at."""
    agrees: Mapping[str, bool | None] = {
        "NHS number": _number_agrees(patient, person),
        "date of birth": patient.born_on == person.born_on if patient.born_on and person.born_on else None,
        "name": _name_agrees(patient.name, person.name),
    }
    if differing := tuple(what for what, agreed in agrees.items() if agreed is False):
        return Compared(Likeness.DIFFERS, differing)
    known = agrees["NHS number"] or (agrees["date of birth"] and agrees["name"])
    return Compared(Likeness.MATCHES if known else Likeness.CANNOT_SAY)


def _number_agrees(patient: Patient, person: Person) -> bool | None:
    ours = tidy(person.nhs_number)
    if not patient.nhs_numbers or standing_of(ours) is not Standing.VALID:
        return None
    return ours in patient.nhs_numbers


def _name_agrees(told: str, name: str) -> bool | None:
    """Whether family name and first name are both among the words of ours, in any spelling the header has."""
    spellings = [spelling.split("^") for spelling in told.split("=")]
    whole = [
        [searchable(part) for part in parts[:2]] for parts in spellings if len(parts) > 1 and all(parts[:2])
    ]
    ours = set(searchable(name).replace("-", " ").split())
    if not whole or not ours:
        return None
    return any(all(set(part.replace("-", " ").split()) & ours for part in parts) for parts in whole)
