"""Every way a recommendation may move. Only `take` sets `Recommendation.state`.

No step that judges is open to the organisation, and none that answers is open to the office.
"""

from __future__ import annotations

from sqlalchemy.orm import Session

from app import policy
from app.accounts.models import Account
from app.audit.record import record
from app.core import clock
from app.core.steps import Step
from app.policy import Permission
from app.recommendations.events import RecommendationMoved
from app.recommendations.models import JUDGED, WITH_THE_ORGANISATION, Recommendation, RecommendationState

S = RecommendationState


def is_past_due(recommendation: Recommendation) -> bool:
    return recommendation.due_on < clock.today()


def is_being_written(recommendation: Recommendation) -> bool:
    return not recommendation.case.is_frozen


ISSUE = Step(
    name="issue the recommendation",
    sources=frozenset({S.DRAFT}),
    target=S.ISSUED,
    permission=Permission.DECISION_APPROVE,
)
DROP = Step(
    name="drop the draft",
    sources=frozenset({S.DRAFT}),
    target=S.WITHDRAWN,
    permission=Permission.RECOMMENDATION_MAKE,
    guards={is_being_written: "The decision it belongs to is being approved or has been."},
)
AGREE = Step(
    name="agree to the recommendation",
    sources=frozenset({S.ISSUED, S.DISPUTED}),
    target=S.AGREED,
    permission=Permission.RECOMMENDATION_ANSWER,
)
DISPUTE = Step(
    name="dispute the recommendation",
    sources=frozenset({S.ISSUED}),
    target=S.DISPUTED,
    permission=Permission.RECOMMENDATION_ANSWER,
)
SUBMIT = Step(
    name="submit evidence",
    sources=WITH_THE_ORGANISATION,
    target=S.SUBMITTED,
    permission=Permission.RECOMMENDATION_ANSWER,
)
ACCEPT = Step(
    name="accept the evidence",
    sources=frozenset({S.SUBMITTED}),
    target=S.COMPLIED,
    permission=Permission.RECOMMENDATION_JUDGE,
)
REJECT = Step(
    name="reject the evidence",
    sources=frozenset({S.SUBMITTED}),
    target=S.AGREED,
    permission=Permission.RECOMMENDATION_JUDGE,
)
FIND_NOT_COMPLIED = Step(
    name="find that it was not complied with",
    sources=WITH_THE_ORGANISATION,
    target=S.NOT_COMPLIED,
    permission=Permission.RECOMMENDATION_JUDGE,
    guards={is_past_due: "It is not due yet."},
)
WITHDRAW = Step(
    name="withdraw the recommendation",
    sources=WITH_THE_ORGANISATION | {S.SUBMITTED},
    target=S.WITHDRAWN,
    permission=Permission.RECOMMENDATION_WITHDRAW,
)

STEPS = (ISSUE, DROP, AGREE, DISPUTE, SUBMIT, ACCEPT, REJECT, FIND_NOT_COMPLIED, WITHDRAW)


def open_to(actor: Account, recommendation: Recommendation) -> list[Step]:
    """The steps this person could take with the recommendation now."""
    return [
        step
        for step in STEPS
        if policy.may(actor, Permission(step.permission), recommendation.case)
        and step.refusal(recommendation, recommendation.state) is None
    ]


def check(actor: Account, recommendation: Recommendation, step: Step) -> None:
    """Raise `NotPermitted` or `RuleBroken` unless this person could take the step now."""
    policy.require(actor, Permission(step.permission), recommendation.case)
    step.check(recommendation, recommendation.state)


def take(
    session: Session, recommendation: Recommendation, step: Step, *, actor: Account, words: str = ""
) -> None:
    """Move the recommendation on by one step; `words` are the reasons or the answer given with it."""
    check(actor, recommendation, step)
    before, recommendation.state = recommendation.state, S(step.target)
    if recommendation.state in JUDGED:
        recommendation.judged_at, recommendation.judged_by = clock.now(), actor
        recommendation.judgement = words
    moved = RecommendationMoved(
        recommendation=recommendation.number,
        organisation=recommendation.organisation.known_as,
        step=step.name,
        from_state=before,
        to_state=recommendation.state,
        words=words,
    )
    record(session, moved, actor=actor, complaint=recommendation.case.complaint)
