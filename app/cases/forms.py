from __future__ import annotations

from typing import Any

from app.allegations.forms import AllegationForm
from app.allegations.models import Allegation
from app.cases.models import Closure
from app.web.fields import day, line, pick, prose
from app.web.forms import CaseworkForm


class AllocateForm(CaseworkForm):
    owner = pick("Investigator", {}, required="Select an investigator.")

    def __init__(self, investigators: dict[str, str]) -> None:
        super().__init__()
        self.owner.choices = {"": "Choose one", **investigators}


class CloseForm(CaseworkForm):
    closure = pick(
        "Why is it closed?", {}, coerce=Closure, required="Select why the case is closed.", radios=True
    )
    reasons = prose("Reasons", required="Enter the reasons.", hint="They stay in the record of the case.")

    def __init__(self, closures: list[Closure]) -> None:
        super().__init__()
        self.closure.choices = {closure.value: closure.label for closure in closures}


class ReasonsForm(CaseworkForm):
    reasons = prose("Reasons", required="Enter the reasons.", hint="They stay in the record of the case.")


class MediationForm(CaseworkForm):
    mediator = line("Who mediates?", required="Enter who mediates.")
    until_on = day("Until when do the parties have?", required="Enter until when they have.")
    reasons = prose("Reasons", required="Enter the reasons.", hint="They stay in the record of the case.")


class FactsForm(AllegationForm):
    reasons = prose("Reasons for the correction", required="Enter the reasons for the correction.")
    elsewhere = frozenset({"event_about", "reasons"})

    def __init__(self, allegation: Allegation) -> None:
        super().__init__(allegation)

    @property
    def answers(self) -> dict[str, Any]:
        return super().answers | {"reasons": self.reasons.data}


class DuplicateForm(CaseworkForm):
    of = line(
        "Reference of the case it duplicates", required="Enter the reference of the other case.", most=20
    )
    reasons = prose("Reasons", required="Enter the reasons.")
