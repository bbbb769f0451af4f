"""What comes next in a case and whose turn it is, in words: for lists and for the case page."""

from __future__ import annotations

from collections.abc import Collection

from app.cases.models import Case, CaseStage
from app.core.terms import Term
from app.recommendations.models import JUDGED, RecommendationState


class NextStep(Term):
    """What moves a complaint or a case on."""

    CHECK = "check", "Decide the initial check"
    OPEN = "open", "Open the case"
    ALLOCATE = "allocate", "Give the case to an investigator"
    LOOK_CLOSER = "look_closer", "Decide whether to investigate in detail"
    MEDIATE = "mediate", "Wait for the mediation, then close the case or end it"
    FIND = "find", "Gather evidence, write findings, share provisional views"
    ANSWER_COMMENTS = "answer_comments", "Take in comments, answer them, send the decision for approval"
    APPROVE = "approve", "Approve the decision or return it"
    COMPLY = "comply", "Answer recommendations and submit evidence"
    JUDGE = "judge", "Judge the evidence of compliance"
    CLOSE = "close", "Close the case"
    NOTHING = "nothing", "Nothing: it is closed"

    @property
    def who(self) -> str:
        """Whose turn it is."""
        return _WHOSE_TURN.get(self, "the investigator")


_WHOSE_TURN = {
    NextStep.CHECK: "a caseworker",
    NextStep.OPEN: "a caseworker",
    NextStep.ALLOCATE: "a manager",
    NextStep.APPROVE: "a manager",
    NextStep.CLOSE: "a manager",
    NextStep.COMPLY: "the organisations",
    NextStep.NOTHING: "nobody",
}
_BY_STAGE = {
    CaseStage.PRIMARY_INVESTIGATION: NextStep.LOOK_CLOSER,
    CaseStage.MEDIATION: NextStep.MEDIATE,
    CaseStage.DETAILED_INVESTIGATION: NextStep.FIND,
    CaseStage.PROVISIONAL_VIEWS: NextStep.ANSWER_COMMENTS,
    CaseStage.APPROVAL: NextStep.APPROVE,
    CaseStage.CLOSED: NextStep.NOTHING,
}


def next_of(case: Case) -> NextStep:
    """The next thing that moves the case on."""
    states = {recommendation.state for recommendation in case.recommendations}
    return next_step(has_owner=case.owner_id is not None, recommendations=states, stage=case.stage)


def next_step(
    *, stage: CaseStage, has_owner: bool, recommendations: Collection[RecommendationState]
) -> NextStep:
    """The next thing for a case of that stage, whose recommendations stand so."""
    if not has_owner and stage is not CaseStage.CLOSED:
        return NextStep.ALLOCATE
    if stage is not CaseStage.COMPLIANCE:
        return _BY_STAGE[stage]
    waiting = set(recommendations) - JUDGED
    if not waiting:
        return NextStep.CLOSE
    return NextStep.JUDGE if RecommendationState.SUBMITTED in waiting else NextStep.COMPLY
