"""Two records that are of one person become one, and can become two again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy.orm import Session

from app import policy
from app.accounts.models import Account
from app.audit.changes import change
from app.audit.events import plain
from app.audit.record import record
from app.core import clock
from app.core.errors import RuleBroken
from app.core.model import Model
from app.doubles import moving, queries
from app.doubles.events import MergeUndone, PeopleMerged
from app.doubles.models import PersonMerge
from app.people import actions as people
from app.people.models import ContactWay, Person
from app.policy import Permission

#: What a person is known by, of which one record may say this and the other that.
FIELDS = ("name", "born_on", "died_on", "nhs_number", "email", "telephone", "address", "contact_by")
#: In how many complaints a record may be that is moved: all are worked out again while everybody waits.
MOST_MOVED = 500
#: The answers which of the two records is right in something.
THIS, OTHER = "this", "other"


def differing(person: Person, other: Person) -> Iterator[str]:
    """The fields in which both records say something, and not the same."""
    for name in FIELDS:
        mine, theirs = _said(person, name), _said(other, name)
        if mine and theirs and mine != theirs:
            yield name


def merge(
    session: Session,
    person: Person,
    other: Person,
    *,
    actor: Account,
    reasons: str,
    choices: Mapping[str, str],
    drawn_from: tuple[int, int] | None = None,
) -> PersonMerge:
    """Let everything that is the other’s be this person’s; the other record stays, and leads here.

    `choices` says of each differing field which record is right. Adjustments of either hold, and who is
    not safe to contact by either is not. What moves includes complaints that the actor may not know of:
    see docs/decisions. Raises `RuleBroken`.
    """
    policy.require(actor, Permission.PERSON_MERGE, person)
    policy.require(actor, Permission.PERSON_MERGE, other)
    if person is other:
        raise RuleBroken("This is the same record. Choose another one.")
    if person.merged_into_id or other.merged_into_id:
        raise RuleBroken("One of the two was joined to another record already.")
    if drawn_from not in {None, (person.version, other.version)}:
        raise RuleBroken("One of the two records was changed since you opened this. Compare them again.")
    if queries.is_in_more_than(session, other, MOST_MOVED):
        raise RuleBroken("The other record is in too many complaints to move them all. Let that one stay.")
    if moving.has_both(session, _TABLE, person.id, other.id):
        raise RuleBroken("What is recorded says that they are two: one consents to the other, or disagrees.")
    changes = _agree(person, other, choices)
    moved = moving.move(session, _TABLE, other.id, person.id)
    other.merged_into_id = person.id
    merged = PersonMerge(
        survivor=person,
        merged=other,
        reasons=reasons,
        moved=moved.rows,
        aside=moved.aside,
        replaced=changes,
        merged_by=actor,
    )
    session.add(merged)
    told = PeopleMerged(person=person.key, merged=other.key, because=reasons, changes=changes)
    record(session, told, actor=actor)
    _look_again(session, person, other)
    return merged


def undo(session: Session, merged: PersonMerge, *, actor: Account, because: str) -> None:
    """Make two records of one again, each with what it had. What was changed since stays with the survivor."""
    person, other = merged.survivor, merged.merged
    policy.require(actor, Permission.PERSON_MERGE, person)
    if merged.undone_at is not None:
        raise RuleBroken("This has been undone already.")
    if person.merged_into_id is not None or queries.was_merged_later(session, merged):
        raise RuleBroken("Another record was joined to this one since. Undo that first.")
    moving.put_back(session, merged.moved, merged.aside)
    before = {
        name: moving.revive(_TABLE.c[name], was)
        for name, (was, now) in merged.replaced.items()
        if plain(getattr(person, name)) == now
    }
    contact = {name: before.pop(name) for name in CONTACT if name in before}
    changes = people.amend(person, before) | change(person, **contact)
    other.merged_into_id = None
    merged.undone_at, merged.undone_by_id, merged.undone_because = clock.now(), actor.id, because
    told = MergeUndone(person=person.key, merged=other.key, because=because, changes=changes)
    record(session, told, actor=actor)
    _look_again(session, person, other)


_TABLE = Model.metadata.tables["person"]
#: What says how to reach somebody safely: never forgotten, whichever record said it.
CONTACT = ("contact_note", "is_unsafe_to_contact")


def _agree(person: Person, other: Person, choices: Mapping[str, str]) -> dict[str, list[Any]]:
    """Let the survivor say what is right of both, and give what changed."""
    differ = set(differing(person, other))
    if unsaid := [name for name in FIELDS if name in differ and choices.get(name) not in {THIS, OTHER}]:
        raise RuleBroken("Select which of the two is right.", field=unsaid[0])
    theirs = {name for name in FIELDS if choices.get(name) == OTHER if name in differ}
    theirs |= {name for name in FIELDS if not _said(person, name)}
    wanted = {name: getattr(other if name in theirs else person, name) for name in FIELDS}
    notes = dict.fromkeys(note for note in (person.contact_note, other.contact_note) if note)
    contact = {
        "contact_note": "\n".join(notes),
        "is_unsafe_to_contact": person.is_unsafe_to_contact or other.is_unsafe_to_contact,
    }
    return people.amend(person, wanted) | change(person, **contact)


def _said(person: Person, name: str) -> Any:
    value = getattr(person, name)
    return None if value is ContactWay.NOT_SAID else value


def _look_again(session: Session, *whose: Person) -> None:
    session.flush()
    for person in whose:
        session.expire(person)
