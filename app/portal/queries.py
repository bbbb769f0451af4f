from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from app.accounts.models import Account
from app.allegations.models import Allegation
from app.cases.models import Case
from app.complaints.models import Complaint
from app.core.errors import NotFound
from app.decisions.models import FinalDecision
from app.evidence.models import Document
from app.findings.models import Outcome
from app.policy import visible_allegations, visible_documents, visible_recommendations
from app.policy.visibility import ABSENT
from app.recommendations.models import JUDGED, WITH_THE_ORGANISATION, Recommendation, RecommendationState
from app.recommendations.queries import Place, first_due
from app.requests.models import EvidenceRequest
from app.requests.queries import asked_in

#: How many rows each part of the page of a case shows.
MOST_SHOWN = 100
NO_LONGER_WITH_IT = JUDGED | {RecommendationState.SUBMITTED}
#: How many rows a list shows, and the beginning of one.
PAGE, BEGINNING = 20, 5


@dataclass(frozen=True)
class OwnPart:
    """An organisation's own part of a case: nothing of anybody else's."""

    reference: str
    allegations: Sequence[Allegation]
    documents: Sequence[Document]
    recommendations: Sequence[Recommendation]
    requests: Sequence[EvidenceRequest]
    outcomes: dict[int, Outcome]
    is_open: bool


def to_do(session: Session, account: Account, after: Place | None = None) -> Sequence[Recommendation]:
    """What the officer's own organisation has to do, the earliest due first: a page, and one more if there is."""
    mine = visible_recommendations(account)
    return first_due(session, mine, WITH_THE_ORGANISATION, after=after, size=PAGE)


def done(
    session: Session, account: Account, after: Place | None = None, size: int = PAGE
) -> Sequence[Recommendation]:
    """What is with the ombudsman or judged, the latest due first: `size`, and one more if there is."""
    mine = visible_recommendations(account)
    return first_due(session, mine, NO_LONGER_WITH_IT, after=after, size=size, latest_first=True)


def alleged(session: Session, account: Account, after: int = 0, size: int = PAGE) -> Sequence[Allegation]:
    """What is alleged against the officer's own organisation, the latest first, from before the one of id `after`."""
    mine = visible_allegations(account)
    if after:
        mine = mine.where(Allegation.id < after)
    mine = mine.options(joinedload(Allegation.complaint), joinedload(Allegation.issue))
    return session.scalars(mine.order_by(Allegation.id.desc()).limit(size + 1)).all()


def own_part(session: Session, account: Account, reference: str) -> OwnPart:
    """The officer's own organisation's part of a case. Raises `NotFound` if it has none."""
    here = Complaint.reference == reference
    allegations = session.scalars(_allegations(account).where(here).limit(MOST_SHOWN)).all()
    recommendations = session.scalars(_recommendations(account).where(here).limit(MOST_SHOWN)).all()
    documents = session.scalars(
        visible_documents(account)
        .join(Case, Case.id == Document.case_id)
        .join(Complaint, Complaint.id == Case.complaint_id)
        .where(here)
        .order_by(Document.id.desc())
        .limit(MOST_SHOWN)
    ).all()
    requests = asked_in(session, account, reference)
    if not (allegations or recommendations or documents or requests):
        raise NotFound(ABSENT)
    outcomes = _outcomes(session, reference, allegations)
    is_open = _is_open(session, reference)
    return OwnPart(reference, allegations, documents, recommendations, requests, outcomes, is_open)


def _is_open(session: Session, reference: str) -> bool:
    closed_at = select(Case.closed_at).join(Case.complaint).where(Complaint.reference == reference)
    return session.scalar(closed_at) is None


def _with_case(recommendations: Select[Recommendation]) -> Select[Recommendation]:
    case = contains_eager(Recommendation.case).contains_eager(Case.complaint)
    return recommendations.join(Recommendation.case).join(Case.complaint).options(case)


def _recommendations(account: Account) -> Select[Recommendation]:
    order = Recommendation.due_on, Complaint.reference, Recommendation.number
    return _with_case(visible_recommendations(account)).order_by(*order)


def _allegations(account: Account) -> Select[Allegation]:
    return (
        visible_allegations(account)
        .join(Complaint, Complaint.id == Allegation.complaint_id)
        .options(contains_eager(Allegation.complaint), joinedload(Allegation.issue))
        .order_by(Complaint.received_at.desc(), Allegation.number)
    )


def _outcomes(session: Session, reference: str, allegations: Sequence[Allegation]) -> dict[int, Outcome]:
    """What was decided on each of these allegations, by number; nothing before the decision is approved."""
    decision = session.scalar(
        select(FinalDecision)
        .join(FinalDecision.case)
        .join(Case.complaint)
        .where(Complaint.reference == reference, FinalDecision.approved_at.is_not(None))
    )
    if decision is None or not decision.content:
        return {}
    own = {allegation.number for allegation in allegations}
    decided = decision.content["allegations"]
    return {part["number"]: Outcome(part["outcome"]) for part in decided if part["number"] in own}
