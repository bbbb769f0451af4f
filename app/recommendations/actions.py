"""What the office does with recommendations. What organisations do is in `answers`."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from app import policy
from app.accounts.models import Account
from app.audit.changes import change as change_row
from app.audit.record import record
from app.cases.models import Case
from app.core import clock
from app.core.errors import RuleBroken
from app.findings.actions import BEING_INVESTIGATED, add_author
from app.findings.models import Finding
from app.lineage.queries import is_descended
from app.notices.actions import tell_officers
from app.notices.models import NoticeKind
from app.organisations.models import Organisation
from app.policy import Permission
from app.recommendations import workflow
from app.recommendations.events import (
    EvidenceJudged,
    RecommendationChanged,
    RecommendationExtended,
    RecommendationMade,
)
from app.recommendations.models import (
    WITH_THE_ORGANISATION,
    Recommendation,
    RecommendationKind,
    RecommendationState,
    Verdict,
)


def make(
    session: Session,
    case: Case,
    *,
    actor: Account,
    finding: Finding,
    kind: RecommendationKind,
    action: str,
    evidence_wanted: str,
    due_on: date,
    public_text: str,
    private_text: str = "",
    addressee: Organisation | None = None,
) -> Recommendation:
    """Draft a recommendation to the organisation a finding upholds an allegation against.

    `addressee` is a successor of that organisation, if a person decided to ask it instead.
    """
    policy.require(actor, Permission.RECOMMENDATION_MAKE, case)
    _check_draft(case, finding, due_on)
    recommendation = Recommendation(
        organisation=_asked(session, finding, addressee),
        finding=finding,
        number=max((r.number for r in case.recommendations), default=0) + 1,
        kind=kind,
        action=action,
        evidence_wanted=evidence_wanted,
        due_on=due_on,
        public_text=public_text,
        private_text=private_text,
    )
    case.recommendations.append(recommendation)
    add_author(finding, actor)
    made = RecommendationMade(
        recommendation=recommendation.number,
        organisation=recommendation.organisation.known_as,
        action=action,
        due_on=due_on,
    )
    record(session, made, actor=actor, complaint=case.complaint)
    return recommendation


def change(
    session: Session,
    recommendation: Recommendation,
    *,
    actor: Account,
    drawn_from: int | None = None,
    finding: Finding,
    addressee: Organisation | None = None,
    **answers: Any,
) -> None:
    """Change a recommendation while it is a draft."""
    case = recommendation.case
    policy.require(actor, Permission.RECOMMENDATION_MAKE, case)
    recommendation.agree(drawn_from)
    if recommendation.state is not RecommendationState.DRAFT:
        raise RuleBroken("It has been issued, and can no longer be changed.")
    _check_draft(case, finding, answers["due_on"])
    was, was_to = recommendation.finding.allegation, recommendation.organisation
    recommendation.finding, recommendation.organisation = finding, _asked(session, finding, addressee)
    changes = change_row(recommendation, **answers)
    if finding.allegation is not was:
        changes["allegation"] = [was.number, finding.allegation.number]
    if recommendation.organisation is not was_to:
        changes["organisation"] = [was_to.known_as, recommendation.organisation.known_as]
    add_author(finding, actor)
    if changes:
        changed = RecommendationChanged(recommendation=recommendation.number, changes=changes)
        record(session, changed, actor=actor, complaint=case.complaint)


def drop(session: Session, recommendation: Recommendation, *, actor: Account, reasons: str) -> None:
    """Give up a draft. It stays in the record, and is not issued."""
    workflow.take(session, recommendation, workflow.DROP, actor=actor, words=reasons)


def issue(session: Session, recommendation: Recommendation, *, actor: Account) -> None:
    """Issue a draft, with the decision it belongs to. Whoever answers for the organisation is told."""
    workflow.take(session, recommendation, workflow.ISSUE, actor=actor)
    recommendation.issued_at = clock.now()
    tell_officers(session, recommendation.organisation, NoticeKind.ISSUED, actor=actor)


def accept_evidence(
    session: Session, recommendation: Recommendation, *, actor: Account, done_on: date, reasons: str
) -> None:
    """Accept the evidence: complied with, on the day it was done as the evidence shows.

    On time or late is a question of that day, not of when the evidence came or was judged.
    """
    workflow.check(actor, recommendation, workflow.ACCEPT)
    submission = recommendation.submissions[-1]
    if done_on > clock.day_of(submission.submitted_at):
        raise RuleBroken("It was done by the day the evidence was submitted, or before.", field="done_on")
    if recommendation.issued_at and done_on < recommendation.case.complaint.received_on:
        raise RuleBroken("It cannot have been done before the complaint was received.", field="done_on")
    with session.no_autoflush:  # a day it was done and the state that goes with it are one change
        recommendation.done_on, recommendation.evidenced_at = done_on, submission.submitted_at
        workflow.take(session, recommendation, workflow.ACCEPT, actor=actor, words=reasons)
    _judge(session, recommendation, Verdict.ACCEPTED, reasons, actor=actor)


def reject_evidence(
    session: Session, recommendation: Recommendation, *, actor: Account, reasons: str
) -> None:
    """Reject the evidence, with reasons. The recommendation goes back to the organisation."""
    workflow.take(session, recommendation, workflow.REJECT, actor=actor, words=reasons)
    _judge(session, recommendation, Verdict.REJECTED, reasons, actor=actor)


def find_not_complied(
    session: Session, recommendation: Recommendation, *, actor: Account, reasons: str
) -> None:
    """Find that the organisation has not done what was recommended, and that this is where it ends."""
    workflow.take(session, recommendation, workflow.FIND_NOT_COMPLIED, actor=actor, words=reasons)


def withdraw(session: Session, recommendation: Recommendation, *, actor: Account, reasons: str) -> None:
    """Withdraw an issued recommendation. Delegated to nobody: the ombudsman signs."""
    workflow.take(session, recommendation, workflow.WITHDRAW, actor=actor, words=reasons)


def extend(
    session: Session,
    recommendation: Recommendation,
    *,
    actor: Account,
    drawn_from: int | None = None,
    due_on: date,
    reasons: str,
) -> None:
    """Give the organisation longer. The day it was due before stays in the record."""
    policy.require(actor, Permission.TIME_EXTEND, recommendation.case)
    recommendation.agree(drawn_from)
    if recommendation.state not in WITH_THE_ORGANISATION:
        raise RuleBroken("There is nothing for the organisation to do now.")
    if due_on <= max(recommendation.due_on, clock.today()):
        raise RuleBroken(
            "The new day must be later than today and than the one it is due on now.", field="due_on"
        )
    was, recommendation.due_on = recommendation.due_on, due_on
    extended = RecommendationExtended(
        recommendation=recommendation.number, was_due_on=was, due_on=due_on, reasons=reasons
    )
    record(session, extended, actor=actor, complaint=recommendation.case.complaint)


def _asked(session: Session, finding: Finding, addressee: Organisation | None) -> Organisation:
    """Whom a recommendation is made to: who is found to have failed, or a successor somebody chose."""
    failed = finding.allegation.organisation
    if addressee is None or addressee is failed:
        return failed
    if not is_descended(session, addressee, failed):
        raise RuleBroken(f"{addressee.name} did not come from {failed.name}.", field="addressee")
    return addressee


def _check_draft(case: Case, finding: Finding, due_on: date) -> None:
    if case.stage not in BEING_INVESTIGATED:
        raise RuleBroken(f"Recommendations cannot be drafted while the case stands at “{case.stage.label}”.")
    if finding.allegation not in case.allegations:
        raise RuleBroken("Select a finding of this case.", field="finding")
    if not finding.is_upheld:
        raise RuleBroken(
            "A recommendation can only be made on an allegation that is upheld or partly upheld.",
            field="finding",
        )
    if due_on <= clock.today():
        raise RuleBroken("The due date must be in the future.", field="due_on")


def _judge(
    session: Session, recommendation: Recommendation, verdict: Verdict, reasons: str, *, actor: Account
) -> None:
    submission = recommendation.submissions[-1]
    submission.verdict, submission.reasons = verdict, reasons
    submission.judged_at, submission.judged_by = clock.now(), actor
    judged = EvidenceJudged(
        recommendation=recommendation.number,
        verdict=verdict,
        reasons=reasons,
        done_on=recommendation.done_on,
        on_time=recommendation.was_on_time,
    )
    record(session, judged, actor=actor, complaint=recommendation.case.complaint)
