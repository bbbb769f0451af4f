"""Why two people may be one. A table: what is asked of the particulars of both, the strongest first."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from app.core.text import searchable
from app.doubles.models import Reason
from app.people.actions import Particulars
from app.people.comparing import comparable_email, comparable_postcode, comparable_telephone
from app.people.models import Person
from app.people.nhs_number import tidy
from app.search.names import are_alike
from app.search.words import name_terms_of


@dataclass(frozen=True)
class Known:
    """What is known of somebody, as it is compared. What is empty agrees with nothing."""

    name: str
    born_on: date | None
    nhs_number: str
    email: str
    telephone: str
    postcode: str

    @cached_property
    def words(self) -> list[str]:
        return name_terms_of(self.name)


def known_from(said: Particulars) -> Known:
    """What is typed in a form."""
    number = tidy(said.get("nhs_number") or "")
    return Known(
        name=searchable(said.get("name") or ""),
        born_on=said.get("born_on"),
        nhs_number=number if number.isascii() and number.isdigit() and len(number) == 10 else "",
        email=comparable_email(said.get("email") or ""),
        telephone=comparable_telephone(said.get("telephone") or ""),
        postcode=comparable_postcode(said.get("address") or ""),
    )


def known_of(person: Person) -> Known:
    """What stands in somebody's record."""
    names = ("name", "born_on", "nhs_number", "email", "telephone", "address")
    return known_from({name: getattr(person, name) for name in names})


def reasons_for(one: Known, other: Known) -> tuple[Reason, ...]:
    """Why these may be one person, the strongest reason first; nothing if there is none.

    A name alone is no reason where both have a date of birth, or an NHS number, and these differ.
    """
    found = [reason for reason, holds in _WHY.items() if holds(one, other)]
    strongest = [reason for reason in found if not any(reason in _SAID_BY[said] for said in found)]
    if set(strongest) <= _NAME_ALONE and _differ(one, other):
        return ()
    return tuple(strongest)


def _is_one(name: str) -> Callable[[Known, Known], bool]:
    return lambda one, other: bool(getattr(one, name)) and getattr(one, name) == getattr(other, name)


def _alike(one: Known, other: Known) -> bool:
    return are_alike(one.words, other.words)


_same_name, _same_birth, _same_postcode = _is_one("name"), _is_one("born_on"), _is_one("postcode")

_WHY: Mapping[Reason, Callable[[Known, Known], bool]] = {
    Reason.NHS_NUMBER: _is_one("nhs_number"),
    Reason.NAME_AND_BIRTH: lambda one, other: _same_name(one, other) and _same_birth(one, other),
    Reason.EMAIL: _is_one("email"),
    Reason.TELEPHONE: _is_one("telephone"),
    Reason.ALIKE_AND_BIRTH: lambda one, other: _same_birth(one, other) and _alike(one, other),
    Reason.ALIKE_AND_POSTCODE: lambda one, other: _same_postcode(one, other) and _alike(one, other),
    Reason.NAME: _same_name,
    Reason.ALIKE: _alike,
}
#: What a reason says already, and need not be said beside it.
_SAID_BY: Mapping[Reason, frozenset[Reason]] = {
    **dict.fromkeys(Reason, frozenset[Reason]()),
    Reason.NAME_AND_BIRTH: frozenset({Reason.ALIKE_AND_BIRTH, Reason.NAME, Reason.ALIKE}),
    Reason.ALIKE_AND_BIRTH: frozenset({Reason.ALIKE}),
    Reason.ALIKE_AND_POSTCODE: frozenset({Reason.ALIKE}),
    Reason.NAME: frozenset({Reason.ALIKE}),
}
_NAME_ALONE = frozenset({Reason.NAME, Reason.ALIKE})


def _differ(one: Known, other: Known) -> bool:
    pairs = ((one.born_on, other.born_on), (one.nhs_number, other.nhs_number))
    return any(mine and theirs and mine != theirs for mine, theirs in pairs)
