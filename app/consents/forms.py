from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.consents.models import BasisKind, Consent, ConsentWay
from app.core import clock
from app.reference.lists import consent_scopes
from app.web.fields import boxes, day, line, one_of, pick, prose
from app.web.forms import CaseworkForm, CreatingForm, EditingForm

#: What is chosen in a form, by the key by which it is sent.
Offered = Mapping[str, Any]


class Shown:
    """What shows a consent or a basis: a document of the case, or where else it is kept."""

    document = pick(
        "Which document shows it?",
        {},
        empty="None of this case",
        hint="Documents can be chosen once there is a case.",
    )
    evidence = line("What else shows it, and where is it kept?")

    def offer_documents(self: Any, documents: Offered) -> None:
        self.document.choices = {"": "None of this case"} | {k: one.title for k, one in documents.items()}


class ConsentForm(Shown, CreatingForm):
    giver = pick("Who consents?", {}, required="Select who consents.", radios=True)
    to = pick(
        "Who may act for them?",
        {},
        empty="Nobody: it is for this office",
        hint="Only if they consent to that.",
    )
    scopes = boxes(
        "What do they consent to?",
        lambda: {key: one.words for key, one in consent_scopes().items() if not one.ended},
        required="Select what they consent to.",
    )
    words = prose("What just does that cover, and what not?", most=4000)
    given_on = day("On which day was it given?", required="Enter the day it was given.", default=clock.today)
    way = one_of("How was it given?", ConsentWay, required="Select how it was given.")
    until_on = day("What is its last day?", hint="Leave empty if it holds until they withdraw it.")

    def __init__(self, people: Offered, documents: Offered) -> None:
        super().__init__()
        names = {key: person.name for key, person in people.items()}
        self.giver.choices = names
        self.to.choices = {"": "Nobody: it is for this office", **names}
        self.offer_documents(documents)


class ShownForm(Shown, EditingForm):
    until_on = day("What is its last day?", hint="Leave empty if it holds until they withdraw it.")
    elsewhere = frozenset({"document"})

    def __init__(self, consent: Consent, documents: Offered) -> None:
        super().__init__(consent, data={"document": consent.document.key if consent.document else ""})
        self.offer_documents(documents)


class WithdrawForm(CaseworkForm):
    on = day("From which day?", required="Enter the day they withdrew it.", default=clock.today)
    reasons = prose("What did they say?", required="Enter what they said, or why it ends.", most=4000)


class BasisForm(Shown, CreatingForm):
    kind = one_of("By what right do they act?", BasisKind, required="Select by what right they act.")
    words = prose(
        "How is that so?",
        hint="Whose daughter they are, who granted probate, why the person affected cannot act …",
        most=4000,
    )

    def __init__(self, documents: Offered) -> None:
        super().__init__()
        self.offer_documents(documents)


class AcceptForm(CaseworkForm):
    reasons = prose("What have you seen that shows it?", required="Enter what you have seen.", most=4000)
