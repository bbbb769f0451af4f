from __future__ import annotations

import re
from datetime import date
from typing import Any

from wtforms import HiddenField

from app.core.errors import RuleBroken
from app.core.terms import Term
from app.doubles.actions import NONE, Undecided, Weighed
from app.doubles.merging import FIELDS, OTHER, THIS, differing
from app.doubles.queries import Offer
from app.people.models import Person
from app.web.fields import pick, prose
from app.web.forms import CaseworkForm, CreatingForm


class WhoFields:
    """Who somebody is, among those we know. Asked only where there is somebody to ask about."""

    complainant_is = pick("Who is it?", {}, radios=True)

    #: What is asked; nothing until the action has found something.
    offer: Offer | None = None

    def refuse(self, refusal: Any) -> None:
        if not isinstance(refusal, Undecided):
            super().refuse(refusal)  # type: ignore[misc]
            return
        self.offer = refusal.offer
        for name, sentence in refusal.asked.items():
            field = self[name]  # type: ignore[index]
            field.errors = [*field.errors, sentence]

    @property
    def weighed(self) -> Weighed:
        return Weighed(complainant=self.complainant_is.data or "")


class WeighingFields(WhoFields):
    """The same for both people in a complaint, and whether the complaint itself is here already."""

    affected_is = pick("Who is the person affected?", {}, radios=True)
    same_as = pick("Have we this complaint already?", {}, radios=True)
    contact_is = pick("Did it begin with an enquiry?", {}, radios=True)

    @property
    def weighed(self) -> Weighed:
        return Weighed(
            complainant=self.complainant_is.data or "",
            affected=self.affected_is.data or "",
            same=self.same_as.data or "",
            contact=self.contact_is.data or "",
        )

    @property
    def is_the_same(self) -> bool:
        return self.weighed.same not in {"", NONE}


class CompareForm(WeighingFields, CaseworkForm):
    """What is asked of a complaint that nobody here logged. With what is offered, it is drawn before it is sent."""

    contact_is = None

    def __init__(self, offer: Offer) -> None:
        super().__init__()
        self.offer = offer

    @property
    def weighed(self) -> Weighed:
        return Weighed(
            complainant=self.complainant_is.data or "",
            affected=self.affected_is.data or "",
            same=self.same_as.data or "",
        )


#: What each field of a person is called when the two records are compared.
CALLED = {
    "name": "Name",
    "born_on": "Date of birth",
    "died_on": "Date of death",
    "nhs_number": "NHS number",
    "email": "E-mail address",
    "telephone": "Telephone",
    "address": "Postal address",
    "contact_by": "How they want to be reached",
}


def _which(name: str) -> Any:
    return pick(CALLED[name], {}, radios=True, required=f"{CALLED[name]}: select which is right.")


class MergeForm(CreatingForm):
    """For each field in which the two records differ, which is right. `seen` is how both stood when drawn."""

    seen = HiddenField()
    name = _which("name")
    born_on = _which("born_on")
    died_on = _which("died_on")
    nhs_number = _which("nhs_number")
    email = _which("email")
    telephone = _which("telephone")
    address = _which("address")
    contact_by = _which("contact_by")
    reasons = prose(
        "How do we know that they are one person?",
        required="Enter how we know that they are one person.",
        most=2000,
    )

    def __init__(self, person: Person, other: Person) -> None:
        super().__init__()
        self.versions = f"{person.version}-{other.version}"
        self.differing = list(differing(person, other))
        for name in FIELDS:
            if name not in self.differing:
                del self[name]
                continue
            this, that = (_in_words(getattr(one, name)) for one in (person, other))
            self[name].choices = {THIS: f"{this} (the record that stays)", OTHER: f"{that} (the other)"}
        if not self.is_submitted():
            self.seen.data = self.versions

    def refuse(self, refusal: RuleBroken) -> None:
        super().refuse(refusal)
        self.seen.data = self.versions

    @property
    def answers(self) -> dict[str, Any]:
        seen = re.fullmatch(r"([0-9]{1,9})-([0-9]{1,9})", self.seen.data or "", re.ASCII)
        return {
            "reasons": self.reasons.data,
            "choices": {name: self[name].data for name in self.differing},
            "drawn_from": (int(seen[1]), int(seen[2])) if seen else (0, 0),
        }


class UndoForm(CaseworkForm):
    because = prose(
        "Why are they two people after all?",
        required="Enter why they are two people after all.",
        most=2000,
    )


def _in_words(value: Any) -> str:
    if isinstance(value, date):
        return f"{value.day} {value:%B %Y}"
    return value.label if isinstance(value, Term) else " ".join(str(value).split())
