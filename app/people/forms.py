from __future__ import annotations

from app.people.models import AdjustmentKind, ContactWay, Person, Vulnerability, VulnerabilityKind
from app.web.fields import day, line, one_of, prose, yes_or_no
from app.web.forms import CaseworkForm, CreatingForm, EditingForm


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


class FlagForm(CreatingForm):
    kind = one_of("What makes them vulnerable?", VulnerabilityKind, required="Select what it is.")
    words = prose(
        "What should everybody do?",
        required="Enter what everybody who deals with them should do.",
        hint="For example: ring before any letter; have the helpline’s number at hand.",
        most=1000,
    )
    review_on = day("When do we look at it again?", required="Enter the day.", hint="Within a year.")


class ReviewForm(EditingForm):
    words = prose("What should everybody do?", required="Enter what everybody should do.", most=1000)
    review_on = day("When do we look at it again?", required="Enter the day.", hint="Within a year.")

    def __init__(self, flagged: Vulnerability) -> None:
        super().__init__(flagged)


class EndForm(CaseworkForm):
    reasons = prose("Why is it no longer so?", required="Enter why it is no longer so.", most=1000)
