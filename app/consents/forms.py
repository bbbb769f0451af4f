from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.consents.models import BasisKind, Consent, ConsentWay, Disagreement, Sees
from app.core import clock
from app.reference.lists import consent_scopes
from app.web.fields import boxes, day, line, one_of, pick, prose
from app.web.forms import CaseworkForm, CreatingForm, EditingForm

#: What is chosen in a form, by the key by which it is sent.
Offered = Mapping[str, Any]
#: How a form says that we deal with both of two people.
BOTH = "both"


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


class DisagreementForm(CreatingForm):
    one = pick("Who disagrees?", {}, required="Select who disagrees.")
    other = pick("With whom?", {}, required="Select with whom they disagree.")
    about = prose("About what?", required="Enter what they disagree about.", most=4000)

    def __init__(self, people: Offered) -> None:
        super().__init__()
        names = {key: person.name for key, person in people.items()}
        self.one.choices = self.other.choices = {"": "Choose one", **names}


class DecideForm(EditingForm):
    dealt_with = pick("With whom do we deal?", {}, required="Select with whom we deal.", radios=True)
    one_sees = one_of("What is the first sent?", Sees, required="Select what they are sent.")
    other_sees = one_of("What is the other sent?", Sees, required="Select what they are sent.")
    reasons = prose("Why?", required="Enter why.", most=4000)
    elsewhere = frozenset({"dealt_with"})

    def __init__(self, disagreement: Disagreement) -> None:
        dealt_with = disagreement.dealt_with
        drawn = dealt_with.key if dealt_with else BOTH if disagreement.decided_at else None
        super().__init__(disagreement, data={"dealt_with": drawn})
        two = disagreement.one, disagreement.other
        self.dealt_with.choices = {one.key: one.name for one in two} | {BOTH: "With both, each by themselves"}
        self.one_sees.label.text = f"What is {disagreement.one.name} sent?"
        self.other_sees.label.text = f"What is {disagreement.other.name} sent?"
