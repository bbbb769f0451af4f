from __future__ import annotations

from app.organisations.models import OrganisationKind
from app.web.fields import line, one_of
from app.web.forms import CreatingForm


class OrganisationForm(CreatingForm):
    name = line("Name", required="Enter the name of the organisation.")
    kind = one_of("Kind", OrganisationKind, required="Select what kind of organisation it is.")
    address = line("Address", most=500)
    postcode = line("Postcode", most=12)
