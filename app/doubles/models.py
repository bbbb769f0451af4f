from __future__ import annotations

from app.core.terms import Term


class Reason(Term):
    """Why two people may be one, the strongest first."""

    NHS_NUMBER = "nhs_number", "The same NHS number"
    NAME_AND_BIRTH = "name_and_birth", "The same name and date of birth"
    EMAIL = "email", "The same e-mail address"
    TELEPHONE = "telephone", "The same telephone number"
    ALIKE_AND_BIRTH = "alike_and_birth", "A name that is alike, and the same date of birth"
    ALIKE_AND_POSTCODE = "alike_and_postcode", "A name that is alike, and the same postcode"
    NAME = "name", "The same name"
    ALIKE = "alike", "A name that is spelt or sounds alike"


class Whose(Term):
    """For whom among those in a new complaint somebody known was offered."""

    COMPLAINANT = "complainant", "the complainant"
    AFFECTED = "affected", "the person affected"
    CALLER = "caller", "whoever made the enquiry"
