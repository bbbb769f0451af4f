from __future__ import annotations

from app.people.models import AdjustmentKind, ContactWay, Person
from app.web.fields import line, one_of, prose, yes_or_no
from app.web.forms import CreatingForm, EditingForm


class AdjustmentForm(CreatingForm):
    kind = one_of("What do they need?", AdjustmentKind, required="Select what they need.")
    words = line("What does that mean for them?", hint="For example: 18 point, black on yellow paper.")


class ContactForm(EditingForm):
    contact_by = one_of("How do they want to be reached?", ContactWay, required="Select how.")
    is_unsafe_to_contact = yes_or_no(
        "It is not safe to contact them without care", hint="Somebody near them must not learn of it."
    )
    contact_note = prose("What to mind", hint="When, through whom, what not to say or send.", most=1000)

    def __init__(self, person: Person) -> None:
        super().__init__(person)
