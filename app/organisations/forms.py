from __future__ import annotations

from app.organisations.models import Arrangement, OrganisationKind
from app.web.fields import day, line, one_of
from app.web.forms import CreatingForm, EditingForm


class OrganisationForm(CreatingForm):
    name = line("Name", required="Enter the name of the organisation.")
    kind = one_of("Kind", OrganisationKind, required="Select what kind of organisation it is.")
    address = line("Address", most=500)
    postcode = line("Postcode", most=12)


class ByHandForm(EditingForm):
    kind = one_of("Kind", OrganisationKind, required="Select what kind of organisation it is.")
    address = line("Address", most=500)
    postcode = line("Postcode", most=12)
    opened_on = day("When did it open?", hint="Leave empty if it is not known.")
    closed_on = day("When did it close?", hint="Leave empty if it is open, or nothing is known of it.")
    known_from = line("Where do we have this from?", required="Enter where we have this from.")


class ArrangementFields:
    with_whom = line("With which NHS body?", required="Enter with which NHS body it is arranged.")
    began_on = day("From which day on?", required="Enter its first day.")
    ended_on = day("Its last day", hint="Leave empty if it goes on.")
    source = line(
        "Where do we have this from?",
        hint="For example: contract register of the board, answer of the provider.",
        required="Enter where we have this from.",
    )


class NewArrangementForm(ArrangementFields, CreatingForm):
    pass


class ArrangementForm(ArrangementFields, EditingForm):
    def __init__(self, arrangement: Arrangement) -> None:
        super().__init__(arrangement)
