"""What comes next in a case and whose turn it is, in words: for lists and for the case page."""

from __future__ import annotations

from dataclasses import dataclass

from app.cases.models import Case, CaseStage
from app.recommendations.models import RecommendationState


@dataclass(frozen=True)
class Next:
    """What is next, and by whom."""

    what: str
    who: str


INVESTIGATOR, MANAGER, ORGANISATIONS, NOBODY = (
    "the investigator",
    "a manager",
    "the organisations",
    "nobody",
)


def next_of(case: Case) -> Next:
    """The next thing that moves the case on."""
    if case.owner_id is None and case.stage is not CaseStage.CLOSED:
        return Next("Give the case to an investigator", MANAGER)
    match case.stage:
        case CaseStage.PRIMARY_INVESTIGATION:
            return Next("Decide whether to investigate in detail", INVESTIGATOR)
        case CaseStage.DETAILED_INVESTIGATION:
            return Next("Gather evidence, write findings, share provisional views", INVESTIGATOR)
        case CaseStage.PROVISIONAL_VIEWS:
            return Next("Take in comments, answer them, send the decision for approval", INVESTIGATOR)
        case CaseStage.APPROVAL:
            return Next("Approve the decision or return it", MANAGER)
        case CaseStage.COMPLIANCE:
            return _compliance(case)
        case CaseStage.CLOSED:
            return Next("Nothing: the case is closed", NOBODY)


def _compliance(case: Case) -> Next:
    states = {recommendation.state for recommendation in case.recommendations if not recommendation.is_judged}
    if not states:
        return Next("Close the case", MANAGER)
    if RecommendationState.SUBMITTED in states:
        return Next("Judge the evidence of compliance", INVESTIGATOR)
    return Next("Answer recommendations and submit evidence", ORGANISATIONS)
