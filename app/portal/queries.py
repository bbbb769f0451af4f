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
from app.recommendations.models import WITH_THE_ORGANISATION, Recommendation

#: How many rows each part of a page shows.
MOST_SHOWN = 100


@dataclass(frozen=True)
class Waiting:
    """What a liaison officer is shown first: what is theirs to do, earliest due first, then the rest."""

    to_do: Sequence[Recommendation]
    others: Sequence[Recommendation]
    allegations: Sequence[Allegation]


@dataclass(frozen=True)
class OwnPart:
    """An organisation's own part of a case: nothing of anybody else's."""

    reference: str
    allegations: Sequence[Allegation]
    documents: Sequence[Document]
    recommendations: Sequence[Recommendation]
    outcomes: dict[int, Outcome]
    is_open: bool


def waiting(session: Session, account: Account) -> Waiting:
    """Everything that concerns the officer's own organisation, what waits for it first."""
    found = session.scalars(_recommendations(account).limit(MOST_SHOWN)).all()
    to_do = [one for one in found if one.state in WITH_THE_ORGANISATION]
    others = [one for one in found if one.state not in WITH_THE_ORGANISATION]
    return Waiting(to_do, others, session.scalars(_allegations(account).limit(MOST_SHOWN)).all())


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
    if not (allegations or recommendations or documents):
        raise NotFound(ABSENT)
    outcomes = _outcomes(session, reference, allegations)
    is_open = _is_open(session, reference)
    return OwnPart(reference, allegations, documents, recommendations, outcomes, is_open)


def _is_open(session: Session, reference: str) -> bool:
    closed_at = select(Case.closed_at).join(Case.complaint).where(Complaint.reference == reference)
    return session.scalar(closed_at) is None


def _recommendations(account: Account) -> Select[Recommendation]:
    return (
        visible_recommendations(account)
        .join(Recommendation.case)
        .join(Case.complaint)
        .options(contains_eager(Recommendation.case).contains_eager(Case.complaint))
        .order_by(Recommendation.due_on, Complaint.reference, Recommendation.number)
    )


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
