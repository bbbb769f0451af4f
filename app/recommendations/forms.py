from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from app.cases.models import Case
from app.core import calendar, clock
from app.findings.models import Finding
from app.lineage.models import Succession
from app.recommendations.models import Recommendation, RecommendationKind, Verdict
from app.web.fields import day, one_of, pick, prose
from app.web.forms import CaseworkForm, CreatingForm, EditingForm


def in_three_months() -> date:
    """The usual time for an action plan; a personal remedy takes one month, an audit six."""
    return calendar.months_after(clock.today(), 3)


class RecommendationFields:
    finding = pick("On which allegation does it rest?", {}, required="Select an allegation.", radios=True)
    addressee = pick(
        "Whom do we ask?",
        {},
        hint="A body that has closed can do nothing any more. Whether its successor is to be asked is for you to say.",
        empty="The organisation that the allegation is against",
    )
    kind = one_of("What kind is it?", RecommendationKind, required="Select a kind.")
    action = prose("What should the organisation do?", required="Enter what it should do.", most=4000)
    evidence_wanted = prose(
        "What will show that it was done?",
        hint="The organisation sends this, and we judge by it.",
        required="Enter what will show that it was done.",
        most=4000,
    )
    due_on = day("By when?", required="Enter the day it is due.", default=in_three_months)
    public_text = prose(
        "How it will be published",
        hint="Short; no personal data, no dates.",
        required="Enter how it will be published.",
        most=1000,
    )
    private_text = prose(
        "For the organisation only", hint="Anything personal, such as a name or an amount.", most=4000
    )


def upheld(case: Case) -> dict[str, str]:
    """The allegations a recommendation can rest on, by number."""
    return {
        str(a.number): f"{a.number}. {a.issue.words[:120]} ({a.organisation.name})"
        for a in case.allegations
        if a.finding and a.finding.is_upheld
    }


def successors_in(successions: Sequence[Succession]) -> dict[str, str]:
    """The successors that may be asked instead of the organisations in a case, by code."""
    return {one.to.code: f"{one.to.name}, instead of {one.was.name}" for one in successions}


def finding_of(case: Case, number: str) -> Finding | None:
    """The finding on the allegation of that number."""
    return next((a.finding for a in case.allegations if str(a.number) == number), None)


class NewRecommendationForm(RecommendationFields, CreatingForm):
    def __init__(self, case: Case, successions: Sequence[Succession]) -> None:
        super().__init__()
        self.finding.choices = upheld(case)
        _offer(self, successions)


class RecommendationForm(RecommendationFields, EditingForm):
    elsewhere = frozenset({"finding", "addressee"})

    def __init__(self, recommendation: Recommendation, successions: Sequence[Succession]) -> None:
        super().__init__(recommendation)
        self.finding.choices = upheld(recommendation.case)
        if not self.is_submitted():
            self.finding.data = str(recommendation.finding.allegation.number)
            self.addressee.data = recommendation.organisation.code
        _offer(self, successions)


def _offer(form: Any, successions: Sequence[Succession]) -> None:
    """Ask whom to ask only where there is somebody else."""
    if successions:
        form.addressee.choices = {"": form.addressee.choices[""], **successors_in(successions)}
    else:
        del form.addressee


class JudgeForm(CaseworkForm):
    verdict = one_of(
        "Does the evidence show that it was done?", Verdict, required="Select accepted or rejected."
    )
    done_on = day(
        "If accepted: on which day was it done, as the evidence shows?",
        hint="On time or late is judged by this day.",
    )
    reasons = prose("Reasons", required="Enter the reasons.", hint="The organisation reads these.")

    def __init__(self, claimed: date) -> None:
        super().__init__(data={"done_on": claimed})

    @property
    def is_accepted(self) -> bool:
        return self.verdict.data is Verdict.ACCEPTED


class ReasonsForm(CaseworkForm):
    reasons = prose("Reasons", required="Enter the reasons.")


class ExtendForm(EditingForm):
    elsewhere = frozenset({"reasons"})

    due_on = day("New due day", required="Enter the new day.")
    reasons = prose("Reasons", required="Enter the reasons.")
