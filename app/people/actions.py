from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from app import policy
from app.accounts.models import Account
from app.audit.changes import Changes, change
from app.audit.record import record
from app.core import clock
from app.core.errors import RuleBroken
from app.core.text import searchable
from app.people.events import AdjustmentAgreed, AdjustmentEnded, ContactChanged
from app.people.models import Adjustment, AdjustmentKind, ContactWay, Person
from app.people.nhs_number import tidy
from app.policy import Permission
from app.search import names
from app.search.words import name_terms_of

#: What is known of a person, by the names of `Person`'s columns: the name as they write it, and what
#: else there is of `born_on`, `died_on`, `nhs_number`, `email`, `telephone` and `address`.
Particulars = dict[str, Any]

#: How somebody is reached.
REACHED_BY = ("email", "telephone", "address")


def add(session: Session, particulars: Particulars) -> Person:
    """A new person. What they are in which complaint is recorded with the complaint."""
    person = Person(name="", search_name="")
    amend(person, particulars)
    session.add(person)
    names.learn(session, name_terms_of(person.name))
    return person


def amend(person: Person, particulars: Particulars) -> Changes:
    """Set what is known of a person, and say what changed. Raises `RuleBroken` for impossible dates."""
    born = particulars.get("born_on", person.born_on)
    died = particulars.get("died_on", person.died_on)
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


def said_of(person: Person, particulars: Particulars) -> Particulars:
    """What was said of somebody known, without what was left out: that is no reason to forget it.

    Raises `RuleBroken` where it would change, in passing, how somebody is reached whom it is not safe to
    contact: the number that is safe must not be lost to whoever calls.
    """
    said = {name: value for name, value in particulars.items() if value}
    if person.is_unsafe_to_contact:
        for name in REACHED_BY:
            if name in said and getattr(person, name) and said[name] != getattr(person, name):
                raise RuleBroken(
                    f"It is not safe to contact {person.name} but as their record says. Leave this empty here;"
                    " whoever is sure that it has changed changes it in a complaint, and writes down why.",
                    field=name,
                )
    return said


def agree_adjustment(
    session: Session, person: Person, *, actor: Account | None, kind: AdjustmentKind, words: str = ""
) -> Adjustment:
    """Promise somebody an adjustment. From now on every page about their complaints shows it."""
    policy.require(actor, Permission.PERSON_CHANGE)
    if kind is AdjustmentKind.OTHER and not words:
        raise RuleBroken("Enter what they need.", field="words")
    if any(one.kind is kind and one.words == words for one in person.adjustments if not one.ended_at):
        raise RuleBroken("They have this adjustment already.", field="kind")
    agreed = Adjustment(kind=kind, words=words, added_by=actor)
    person.adjustments.append(agreed)
    record(session, AdjustmentAgreed(person=person.key, kind=kind, words=words), actor=actor)
    return agreed


def end_adjustment(session: Session, adjustment: Adjustment, *, actor: Account) -> None:
    """End an adjustment they no longer need. It stays as a row."""
    policy.require(actor, Permission.PERSON_CHANGE)
    if adjustment.ended_at is not None:
        raise RuleBroken("This adjustment has ended already.")
    adjustment.ended_at = clock.now()
    ended = AdjustmentEnded(person=adjustment.person.key, kind=adjustment.kind)
    record(session, ended, actor=actor)


def change_contact(
    session: Session,
    person: Person,
    *,
    actor: Account | None,
    drawn_from: int | None = None,
    contact_by: ContactWay,
    contact_note: str = "",
    is_unsafe_to_contact: bool = False,
) -> None:
    """Say how somebody wants to be reached, and whether reaching them can put them in danger."""
    policy.require(actor, Permission.PERSON_CHANGE)
    person.agree(drawn_from)
    if is_unsafe_to_contact and not contact_note:
        raise RuleBroken("Enter what is safe: when, how, through whom.", field="contact_note")
    wanted = {
        "contact_by": contact_by,
        "contact_note": contact_note,
        "is_unsafe_to_contact": is_unsafe_to_contact,
    }
    if changes := change(person, **wanted):
        record(session, ContactChanged(person=person.key, changes=changes), actor=actor)
