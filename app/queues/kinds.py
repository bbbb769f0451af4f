"""The kinds of things a queue holds, each as a question to its own tables. Add a kind here, and it is listed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, literal
from sqlalchemy.orm import aliased

from app.accounts.models import Account
from app.allegations.models import Allegation, CheckOutcome, InitialCheck
from app.casefile.models import Proceeding, Stay
from app.cases.models import Case, CaseStage, Mediation
from app.complaints.models import Complaint, OrganisationToMatch
from app.complaints.queries import unmatched
from app.core import clock
from app.core.dialect.asking import beside_the_index, is_always
from app.decisions.models import ProvisionalViews
from app.enquiries.models import Enquiry, EnquiryState
from app.enquiries.queries import visible as visible_enquiries
from app.organisations.models import Organisation
from app.people.models import Person
from app.policy import (
    Permission,
    visible_cases,
    visible_complaints,
    visible_recommendations,
    visible_requests,
)
from app.recommendations.models import Recommendation, RecommendationState
from app.requests.models import WITH_THE_BODY, EvidenceRequest

#: The day of what has no day: after all others.
NO_DAY = date.max

_NO_NUMBER = literal(0)

_LATER_CHECK, _LATER_VIEWS = aliased(InitialCheck), aliased(ProvisionalViews)
_CHECKED_AGAIN = exists().where(
    _LATER_CHECK.allegation_id == InitialCheck.allegation_id, _LATER_CHECK.id > InitialCheck.id
)
_SHARED_AGAIN = exists().where(
    _LATER_VIEWS.case_id == ProvisionalViews.case_id, _LATER_VIEWS.id > ProvisionalViews.id
)

Rows = Callable[[Account], Select[Any]]


@dataclass(frozen=True, eq=False)
class Kind:
    """One kind of thing in a queue. `rows` begins with what a person may know of; the other columns
    say what a list shows of one: when it is due, for whom it waits, since when, and whose it is.

    `open_to` is what it takes to be shown this kind at all.
    """

    name: str
    label: str
    open_to: Permission
    rows: Rows
    id: Any
    #: None where none of them has a day: they stand after all others.
    day: Any
    reference: Any
    whom: Any
    since: Any
    owner_id: Any
    number: Any = _NO_NUMBER

    @property
    def by_day(self) -> Any:
        """The day as it is ordered and shown by."""
        return literal(NO_DAY) if self.day is None else self.day

    @property
    def order(self) -> tuple[Any, ...]:
        """By day and then by id; by id alone where none has a day, which an index follows."""
        return (self.id,) if self.day is None else (self.day, self.id)

    @property
    def columns(self) -> tuple[ColumnElement[Any], ...]:
        whole = self.id, self.by_day, self.reference, self.number, self.whom, self.since
        return tuple(column.label(f"c{place}") for place, column in enumerate(whole))


def _returning_enquiries(account: Account) -> Select[Any]:
    mine = visible_enquiries(account).outerjoin(Enquiry.person)
    return mine.where(is_always(Enquiry.state, EnquiryState.CLOSED), Enquiry.diary_on <= clock.today())


def _returning_allegations(account: Account) -> Select[Any]:
    """Those last signposted, not those that were checked again since."""
    return (
        visible_complaints(account)
        .join(Allegation, Allegation.complaint_id == Complaint.id)
        .join(InitialCheck, InitialCheck.allegation_id == Allegation.id)
        .where(
            is_always(InitialCheck.outcome, CheckOutcome.SIGNPOST),
            InitialCheck.diary_on <= clock.today(),
            ~_CHECKED_AGAIN,
        )
    )


def _open_for_comments(account: Account) -> Select[Any]:
    """The views last shared in a case, until the last day for comments; from then on it waits for us."""
    shared = visible_cases(account).join(ProvisionalViews, ProvisionalViews.case_id == Case.id)
    return shared.where(
        is_always(beside_the_index(Case.stage), CaseStage.PROVISIONAL_VIEWS),
        # Of one bound alone, PostgreSQL expects a third of all rows to keep it, and gathers them
        ProvisionalViews.comments_due_on.between(clock.today(), NO_DAY),
        ~_SHARED_AGAIN,
    )


def _asked(state: RecommendationState) -> Rows:
    def rows(account: Account) -> Select[Any]:
        asked = visible_recommendations(account).join(Recommendation.case).join(Case.complaint)
        return asked.join(Recommendation.organisation).where(is_always(Recommendation.state, state))

    return rows


def _requested(account: Account) -> Select[Any]:
    """Requests for evidence of which something is wanted still, past their last day too: they are chased."""
    asked = visible_requests(account).join(EvidenceRequest.case).join(Case.complaint)
    waited_for = EvidenceRequest.state.in_(WITH_THE_BODY), Case.stage != CaseStage.CLOSED
    return asked.join(EvidenceRequest.organisation).where(*waited_for)


def _stayed(account: Account) -> Select[Any]:
    stayed = visible_cases(account).join(Stay, Stay.case_id == Case.id).join(Stay.proceeding)
    return stayed.where(Stay.ended_at.is_(None))


def _in_mediation(account: Account) -> Select[Any]:
    """Cases in mediation; of one sent there before it was asked with whom, neither that nor a day is known."""
    mine = visible_cases(account).outerjoin(
        Mediation, and_(Mediation.case_id == Case.id, Mediation.ended_at.is_(None))
    )
    return mine.where(is_always(Case.stage, CaseStage.MEDIATION))


def _enquiries(state: EnquiryState) -> Rows:
    def rows(account: Account) -> Select[Any]:
        return visible_enquiries(account).outerjoin(Enquiry.person).where(is_always(Enquiry.state, state))

    return rows


_WHO_ASKED = func.coalesce(Person.name, "Somebody who gave no name")

#: What may come back from today on, because they were told so.
RETURNING = (
    Kind(
        name="enquiry",
        label="Enquiry",
        open_to=Permission.ENQUIRY_VIEW,
        rows=_returning_enquiries,
        id=Enquiry.id,
        day=Enquiry.diary_on,
        reference=Enquiry.reference,
        whom=_WHO_ASKED,
        since=Enquiry.closed_at,
        owner_id=Enquiry.taken_by_id,
    ),
    Kind(
        name="allegation",
        label="Signposted allegation",
        open_to=Permission.COMPLAINT_VIEW,
        rows=_returning_allegations,
        id=InitialCheck.id,
        day=InitialCheck.diary_on,
        reference=Complaint.reference,
        number=Allegation.number,
        whom=InitialCheck.signposted_to,
        since=InitialCheck.decided_at,
        owner_id=InitialCheck.decided_by_id,
    ),
)


def _of_recommendations(name: str, label: str, state: RecommendationState) -> Kind:
    return Kind(
        name=name,
        label=label,
        open_to=Permission.RECOMMENDATION_LIST,
        rows=_asked(state),
        id=Recommendation.id,
        day=Recommendation.due_on,
        reference=Complaint.reference,
        number=Recommendation.number,
        whom=Organisation.name,
        since=Recommendation.issued_at,
        owner_id=Case.owner_id,
    )


def _of_enquiries(name: str, label: str, state: EnquiryState, since: Any) -> Kind:
    return Kind(
        name=name,
        label=label,
        open_to=Permission.ENQUIRY_VIEW,
        rows=_enquiries(state),
        id=Enquiry.id,
        day=None,
        reference=Enquiry.reference,
        whom=_WHO_ASKED,
        since=since,
        owner_id=Enquiry.taken_by_id,
    )


#: What somebody outside the office has to do before we can go on.
FOR_OTHERS = (
    Kind(
        name="comments",
        label="Comments on provisional views",
        open_to=Permission.CASE_LIST,
        rows=_open_for_comments,
        id=ProvisionalViews.id,
        day=ProvisionalViews.comments_due_on,
        reference=Complaint.reference,
        whom=literal("The parties"),
        since=ProvisionalViews.shared_at,
        owner_id=Case.owner_id,
    ),
    _of_recommendations("answer", "Answer to a recommendation", RecommendationState.ISSUED),
    _of_recommendations("evidence", "Evidence that it was done", RecommendationState.AGREED),
    Kind(
        name="request",
        label="Evidence that was asked for",
        open_to=Permission.CASE_LIST,
        rows=_requested,
        id=EvidenceRequest.id,
        day=EvidenceRequest.due_on,
        reference=Complaint.reference,
        number=EvidenceRequest.number,
        whom=Organisation.name,
        since=EvidenceRequest.asked_on,
        owner_id=Case.owner_id,
    ),
    Kind(
        name="stay",
        label="A proceeding elsewhere",
        open_to=Permission.CASE_LIST,
        rows=_stayed,
        id=Stay.id,
        day=Stay.review_on,
        reference=Complaint.reference,
        whom=Proceeding.body,
        since=Stay.stayed_at,
        owner_id=Case.owner_id,
    ),
    Kind(
        name="mediation",
        label="Agreement in mediation",
        open_to=Permission.CASE_LIST,
        rows=_in_mediation,
        id=Case.id,
        day=func.coalesce(Mediation.until_on, literal(NO_DAY)),
        reference=Complaint.reference,
        whom=func.coalesce("The parties and " + Mediation.mediator, "The parties and a mediator"),
        since=Mediation.began_at,
        owner_id=Case.owner_id,
    ),
    _of_enquiries("writing", "A complaint in writing", EnquiryState.OFFERED, Enquiry.offered_on),
    _of_enquiries(
        "confirming", "Confirmation of what we wrote down", EnquiryState.WRITTEN, Enquiry.written_sent_on
    ),
)

#: What somebody here has to say of a name in free text: which organisation it means. Listed with the complaints.
TO_MATCH = (
    Kind(
        name="organisation",
        label="Organisation to be matched",
        open_to=Permission.COMPLAINT_LIST,
        rows=unmatched,
        id=OrganisationToMatch.id,
        day=None,
        reference=Complaint.reference,
        whom=OrganisationToMatch.words,
        since=OrganisationToMatch.created_at,
        owner_id=OrganisationToMatch.settled_by_id,
    ),
)
