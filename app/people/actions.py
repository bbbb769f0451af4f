from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from app.audit.changes import Changes, change
from app.core.errors import RuleBroken
from app.core.text import searchable
from app.people.models import Person
from app.people.nhs_number import tidy

#: What is known of a person, by the names of `Person`'s columns: the name as they write it, and what
#: else there is of `born_on`, `died_on`, `nhs_number`, `email`, `telephone` and `address`.
Particulars = dict[str, Any]


def add(session: Session, particulars: Particulars) -> Person:
    """A new person. What they are in which complaint is recorded with the complaint."""
    person = Person(name="", search_name="")
    amend(person, particulars)
    session.add(person)
    return person


def amend(person: Person, particulars: Particulars) -> Changes:
    """Set what is known of a person, and say what changed. Raises `RuleBroken` for impossible dates."""
    born, died = particulars.get("born_on"), particulars.get("died_on")
    if born and died and died < born:
        raise RuleBroken("The date of death must not be before the date of birth.", field="died_on")
    values = dict(particulars)
    if "nhs_number" in particulars:
        values["nhs_number"] = tidy(particulars["nhs_number"])
    if "name" in particulars:
        values["search_name"] = searchable(particulars["name"])
    changes = change(person, **values)
    changes.pop("search_name", None)
    return changes
