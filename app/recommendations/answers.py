"""What an organisation does with a recommendation made to it, through its own door."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from app import policy
from app.accounts.models import Account
from app.audit.record import record
from app.core import clock
from app.core.errors import NotPermitted, RuleBroken
from app.core.files import Kept
from app.core.steps import Step
from app.evidence import actions as evidence
from app.evidence.models import CopyKind, Supplier
from app.notices.actions import tell
from app.notices.models import NoticeKind
from app.policy import Permission
from app.recommendations import workflow
from app.recommendations.events import EvidenceSubmitted, ProgressReported
from app.recommendations.models import (
    WITH_THE_ORGANISATION,
    Answer,
    Recommendation,
    Response,
    Submission,
    SubmittedDocument,
)


@dataclass(frozen=True)
class HandedIn:
    """A file that came with a submission and is kept already."""

    kept: Kept
    filename: str
    media_type: str


def agree(session: Session, recommendation: Recommendation, *, actor: Account, words: str = "") -> None:
    """Agree to do what is recommended."""
    _answer(session, recommendation, workflow.AGREE, Answer.AGREES, actor=actor, words=words)


def dispute(session: Session, recommendation: Recommendation, *, actor: Account, words: str) -> None:
    """Say why the organisation does not accept the recommendation."""
    _answer(session, recommendation, workflow.DISPUTE, Answer.DISPUTES, actor=actor, words=words)


def report_progress(
    session: Session, recommendation: Recommendation, *, actor: Account, words: str
) -> Response:
    """Tell the office how far it has got. Moves nothing."""
    _check_own(recommendation, actor)
    policy.require(actor, Permission.RECOMMENDATION_ANSWER, recommendation.case)
    if recommendation.state not in WITH_THE_ORGANISATION:
        raise RuleBroken("There is nothing for you to do on this recommendation now.")
    response = Response(answer=Answer.REPORTS_PROGRESS, words=words, by=actor)
    recommendation.responses.append(response)
    reported = ProgressReported(
        recommendation=recommendation.number, organisation=recommendation.organisation.known_as, words=words
    )
    record(session, reported, actor=actor, complaint=recommendation.case.complaint)
    _tell_the_investigator(session, recommendation, actor)
    return response


def submit_evidence(
    session: Session,
    recommendation: Recommendation,
    *,
    actor: Account,
    claimed_done_on: date,
    words: str,
    files: Sequence[HandedIn],
) -> Submission:
    """Hand in evidence that it was done, and when. The office judges it."""
    _check_own(recommendation, actor)
    if not files:
        raise RuleBroken("Choose at least one file that shows it was done.", field="files")
    if claimed_done_on > clock.today():
        raise RuleBroken("The day it was done must not be in the future.", field="claimed_done_on")
    workflow.take(session, recommendation, workflow.SUBMIT, actor=actor, words=words)
    submission = Submission(claimed_done_on=claimed_done_on, words=words, submitted_by=actor)
    recommendation.submissions.append(submission)
    for file in files:
        document = evidence.enter(
            session,
            recommendation.case,
            actor=actor,
            kept=file.kept,
            filename=file.filename,
            media_type=file.media_type,
            title=f"Evidence on recommendation {recommendation.number}: {file.filename}"[:200],
            supplier=Supplier.ORGANISATION,
            organisation=recommendation.organisation,
            supplied_on=clock.today(),
            copy_kind=CopyKind.COPY,
        )
        submission.documents.append(SubmittedDocument(document=document))
    submitted = EvidenceSubmitted(
        recommendation=recommendation.number,
        organisation=recommendation.organisation.known_as,
        claimed_done_on=claimed_done_on,
        documents=[part.document.key for part in submission.documents],
    )
    record(session, submitted, actor=actor, complaint=recommendation.case.complaint)
    _tell_the_investigator(session, recommendation, actor)
    return submission


def _answer(
    session: Session,
    recommendation: Recommendation,
    step: Step,
    answer: Answer,
    *,
    actor: Account,
    words: str,
) -> None:
    _check_own(recommendation, actor)
    workflow.take(session, recommendation, step, actor=actor, words=words)
    recommendation.responses.append(Response(answer=answer, words=words, by=actor))
    _tell_the_investigator(session, recommendation, actor)


def _tell_the_investigator(session: Session, recommendation: Recommendation, actor: Account) -> None:
    case = recommendation.case
    tell(session, case.owner, NoticeKind.ARRIVED, actor=actor, complaint=case.complaint)


def _check_own(recommendation: Recommendation, actor: Account) -> None:
    if recommendation.organisation_id not in actor.answers_for:
        raise NotPermitted("This recommendation was not made to your organisation.")
