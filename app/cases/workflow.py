"""Every way a case may move. If it is not in `STEPS`, it cannot happen.

`take` is the only code that sets `Case.stage`. The stages are those of the office: primary and
detailed investigation, provisional views, approval, compliance; each closing step says why.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from app import policy
from app.accounts.models import Account
from app.audit.record import record
from app.cases.events import CaseMoved
from app.cases.models import UNDECIDED, Case, CaseStage, Closure
from app.core import clock
from app.core.steps import Step
from app.policy import Permission


@dataclass(frozen=True, kw_only=True, eq=False)
class CaseStep(Step):
    """A step of a case; one that closes it says as what."""

    closure: Closure | None = None


def has_an_owner(case: Case) -> bool:
    return case.owner_id is not None


def findings_are_whole(case: Case) -> bool:
    findings = [allegation.finding for allegation in case.allegations]
    return bool(findings) and all(finding and not finding.missing for finding in findings)


def failings_are_coded(case: Case) -> bool:
    return all(
        allegation.confirmed_codes
        for allegation in case.allegations
        if allegation.finding and allegation.finding.is_failing
    )


def comments_are_in(case: Case) -> bool:
    return bool(case.provisional_views) and case.provisional_views[-1].comments_due_on < clock.today()


def comments_are_answered(case: Case) -> bool:
    return all(comment.answered_at for comment in case.comments)


def recommendations_are_judged(case: Case) -> bool:
    return all(recommendation.is_judged for recommendation in case.recommendations)


def recommendations_rest_on_upheld_findings(case: Case) -> bool:
    return all(r.finding.is_upheld for r in case.recommendations if not r.is_judged)


def recommendations_are_due_later(case: Case) -> bool:
    return all(r.due_on > clock.today() for r in case.recommendations if not r.is_judged)


def is_not_stayed(case: Case) -> bool:
    return case.stay is None


def was_discontinued(case: Case) -> bool:
    return case.closure is Closure.DISCONTINUED


def was_not_decided(case: Case) -> bool:
    return case.closure in UNDECIDED


_GOING_ON: Mapping[Callable[[Any], bool], str] = {
    is_not_stayed: "The case is stayed because of another proceeding. Resume it first.",
}
_DUE_LATER: Mapping[Callable[[Any], bool], str] = {
    recommendations_are_due_later: "The due day of a recommendation has come: give it a later one first.",
}
_WHOLE: Mapping[Callable[[Any], bool], str] = {
    findings_are_whole: "Every accepted allegation needs a complete finding first: see what is missing from each.",
    failings_are_coded: "Confirm the failure codes of every allegation with a failing first.",
    recommendations_rest_on_upheld_findings: (
        "A recommendation rests on an allegation that is no longer upheld: change it or drop it first."
    ),
}

INVESTIGATE_IN_DETAIL = CaseStep(
    name="start the detailed investigation",
    sources=frozenset({CaseStage.PRIMARY_INVESTIGATION}),
    target=CaseStage.DETAILED_INVESTIGATION,
    permission=Permission.CASE_INVESTIGATE,
    guards={**_GOING_ON, has_an_owner: "Give the case to an investigator first."},
)
MEDIATE = CaseStep(
    name="send the case to mediation",
    sources=frozenset({CaseStage.PRIMARY_INVESTIGATION}),
    target=CaseStage.MEDIATION,
    permission=Permission.CASE_INVESTIGATE,
    guards={**_GOING_ON, has_an_owner: "Give the case to an investigator first."},
)
END_MEDIATION = CaseStep(
    name="end the mediation without agreement",
    sources=frozenset({CaseStage.MEDIATION}),
    target=CaseStage.PRIMARY_INVESTIGATION,
    permission=Permission.CASE_INVESTIGATE,
)
RETURN_TO_PRIMARY = CaseStep(
    name="take the case back to primary investigation",
    sources=frozenset({CaseStage.DETAILED_INVESTIGATION}),
    target=CaseStage.PRIMARY_INVESTIGATION,
    permission=Permission.CASE_TAKE_BACK,
)
SHARE_PROVISIONAL_VIEWS = CaseStep(
    name="share the provisional views",
    sources=frozenset({CaseStage.DETAILED_INVESTIGATION}),
    target=CaseStage.PROVISIONAL_VIEWS,
    permission=Permission.PROVISIONAL_VIEWS_SHARE,
    guards={**_GOING_ON, **_WHOLE},
)
INVESTIGATE_FURTHER = CaseStep(
    name="take the case back into investigation",
    sources=frozenset({CaseStage.PROVISIONAL_VIEWS}),
    target=CaseStage.DETAILED_INVESTIGATION,
    permission=Permission.PROVISIONAL_VIEWS_SHARE,
)
PROPOSE_DECISION = CaseStep(
    name="send the decision for approval",
    sources=frozenset({CaseStage.PROVISIONAL_VIEWS}),
    target=CaseStage.APPROVAL,
    permission=Permission.DECISION_PROPOSE,
    guards={
        **_GOING_ON,
        **_WHOLE,
        **_DUE_LATER,
        comments_are_in: "The parties can still comment on the provisional views.",
        comments_are_answered: "Answer every comment on the provisional views first.",
    },
)
RETURN_DECISION = CaseStep(
    name="return the decision for more work",
    sources=frozenset({CaseStage.APPROVAL}),
    target=CaseStage.PROVISIONAL_VIEWS,
    permission=Permission.DECISION_APPROVE,
)
APPROVE_DECISION = CaseStep(
    name="approve the decision",
    sources=frozenset({CaseStage.APPROVAL}),
    target=CaseStage.COMPLIANCE,
    permission=Permission.DECISION_APPROVE,
    guards={**_GOING_ON, **_DUE_LATER},
)
CLOSE_DECIDED = CaseStep(
    name="close the case",
    sources=frozenset({CaseStage.COMPLIANCE}),
    target=CaseStage.CLOSED,
    permission=Permission.CASE_CLOSE,
    guards={**_GOING_ON, recommendations_are_judged: "There are recommendations still to be judged."},
    closure=Closure.DECIDED,
)
TAKE_NO_FURTHER_ACTION = CaseStep(
    name="close the case with no further action",
    sources=frozenset({CaseStage.PRIMARY_INVESTIGATION}),
    target=CaseStage.CLOSED,
    permission=Permission.CASE_CLOSE,
    closure=Closure.NO_FURTHER_ACTION,
)
RESOLVE = CaseStep(
    name="close the case as resolved",
    sources=frozenset({CaseStage.PRIMARY_INVESTIGATION, CaseStage.DETAILED_INVESTIGATION}),
    target=CaseStage.CLOSED,
    permission=Permission.CASE_CLOSE,
    closure=Closure.RESOLVED,
)
RESOLVE_BY_MEDIATION = CaseStep(
    name="close the case as resolved by mediation",
    sources=frozenset({CaseStage.MEDIATION}),
    target=CaseStage.CLOSED,
    permission=Permission.CASE_CLOSE,
    closure=Closure.MEDIATED,
)
DISCONTINUE = CaseStep(
    name="discontinue the investigation",
    sources=frozenset({CaseStage.DETAILED_INVESTIGATION, CaseStage.PROVISIONAL_VIEWS}),
    target=CaseStage.CLOSED,
    permission=Permission.CASE_CLOSE,
    closure=Closure.DISCONTINUED,
)
CLOSE_AS_DUPLICATE = CaseStep(
    name="close the case as a duplicate",
    sources=frozenset({CaseStage.PRIMARY_INVESTIGATION, CaseStage.DETAILED_INVESTIGATION}),
    target=CaseStage.CLOSED,
    permission=Permission.CASE_CLOSE,
    closure=Closure.DUPLICATE,
)
RESUME_INVESTIGATION = CaseStep(
    name="resume the investigation",
    sources=frozenset({CaseStage.CLOSED}),
    target=CaseStage.DETAILED_INVESTIGATION,
    permission=Permission.CASE_TAKE_BACK,
    guards={was_discontinued: "Only an investigation that was discontinued is resumed."},
)
TAKE_UP_AGAIN = CaseStep(
    name="take the case up again",
    sources=frozenset({CaseStage.CLOSED}),
    target=CaseStage.PRIMARY_INVESTIGATION,
    permission=Permission.CASE_TAKE_BACK,
    guards={
        was_not_decided: "Only a case that was closed without a decision or an investigation is taken up again."
    },
)

STEPS = (
    MEDIATE,
    END_MEDIATION,
    INVESTIGATE_IN_DETAIL,
    RETURN_TO_PRIMARY,
    SHARE_PROVISIONAL_VIEWS,
    INVESTIGATE_FURTHER,
    PROPOSE_DECISION,
    RETURN_DECISION,
    APPROVE_DECISION,
    CLOSE_DECIDED,
    TAKE_NO_FURTHER_ACTION,
    RESOLVE,
    RESOLVE_BY_MEDIATION,
    DISCONTINUE,
    CLOSE_AS_DUPLICATE,
    RESUME_INVESTIGATION,
    TAKE_UP_AGAIN,
)


def open_to(actor: Account, case: Case) -> list[CaseStep]:
    """The steps this person could take now; what the case page offers as buttons."""
    return [
        step
        for step in STEPS
        if policy.may(actor, Permission(step.permission), case) and step.refusal(case, case.stage) is None
    ]


def refusals(actor: Account, case: Case) -> list[tuple[CaseStep, str]]:
    """The steps this person may take from this stage, were it not for a guard, each with what is wanting."""
    from_here = (step for step in STEPS if case.stage in step.sources)
    mine = (step for step in from_here if policy.may(actor, Permission(step.permission), case))
    return [(step, wanting) for step in mine if (wanting := step.refusal(case, case.stage))]


def closing_refusals(case: Case) -> list[str]:
    """Why the case cannot be closed as decided, if that is what its stage would let it be."""
    closing = (step for step in STEPS if step.closure and case.stage in step.sources)
    return [wanting for step in closing if (wanting := step.refusal(case, case.stage))]


def take(session: Session, case: Case, step: CaseStep, *, actor: Account, reasons: str = "") -> None:
    """Move the case on by one step, or raise `NotPermitted` or `RuleBroken`."""
    policy.require(actor, Permission(step.permission), case)
    step.check(case, case.stage)
    if step.closure and case.stay:  # what is closed waits for nothing any more
        case.stay.ended_at, case.stay.ended_because = clock.now(), step.name
    if case.stage is CaseStage.MEDIATION and case.mediation:  # every step from there ends it
        case.mediation.ended_at = clock.now()

    before, case.stage = case.stage, CaseStage(step.target)
    case.closed_at = clock.now() if step.closure else None
    case.closure, case.closure_reasons = step.closure, reasons if step.closure else ""
    moved = CaseMoved(step=step.name, from_stage=before, to_stage=case.stage, reasons=reasons)
    record(session, moved, actor=actor, complaint=case.complaint)
