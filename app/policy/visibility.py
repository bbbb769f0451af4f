from __future__ import annotations

from sqlalchemy import ColumnElement, Select, false, func, or_, select, true
from sqlalchemy.orm import Session, aliased, contains_eager, joinedload
from sqlalchemy.orm.attributes import set_committed_value

from app.accounts.models import Account
from app.allegations.models import Allegation, CheckOutcome, InitialCheck
from app.caseload.models import Line
from app.cases.models import Case
from app.complaints.models import Complaint, Party
from app.concerns.models import Concern, ConcernReader
from app.core.dialect.asking import exists_for_each, is_always
from app.core.errors import NotFound
from app.core.references import read_reference
from app.evidence.models import Disclosure, Document
from app.people.models import Person
from app.policy.permissions import Permission
from app.policy.questions import may, require
from app.policy.restricted import (
    is_open,
    of_open_case,
    of_open_complaint,
    open_cases,
    open_complaints,
    open_lines,
    sight_of,
)
from app.recommendations.models import Recommendation
from app.requests.models import EvidenceRequest

ABSENT = "There is nothing here under that reference, or it is not yours to see."


def visible_complaints(account: Account) -> Select[Complaint]:
    """The complaints this person may know of, for those who work on them: all but what is restricted.

    A restricted complaint is known to whoever has its case, to those who are named, to whoever covers for one
    of these today and has no conflict of interest there, and to the ombudsman.
    """
    return open_complaints(sight_of(account)).where(_everything_if(account, Permission.COMPLAINT_VIEW))


def is_closed(account: Account) -> ColumnElement[bool]:
    """That a complaint is one of the few this person may not know of: for what hangs on complaints of either kind."""
    return ~is_open(sight_of(account)) if may(account, Permission.COMPLAINT_VIEW) else true()


def visible_cases(account: Account) -> Select[Case]:
    """The cases this person may know of. Every list, search and count starts from here.

    A liaison officer knows of no case as such, only of allegations, documents and
    recommendations: see the functions below.
    """
    return open_cases(sight_of(account)).where(_everything_if(account, Permission.CASE_VIEW))


def visible_lines(account: Account) -> Select[Line]:
    """The lines of the caseload this person may know of: those of the complaints they may know of."""
    return open_lines(sight_of(account)).where(_everything_if(account, Permission.COMPLAINT_VIEW))


def visible_people(account: Account) -> Select[Person]:
    """The people this person may know of: all but those who are only in complaints closed to them.

    A record that was merged into another is nobody any more.
    """
    people = (
        select(Person)
        .select_from(Person)
        .where(_everything_if(account, Permission.COMPLAINT_VIEW), Person.merged_into_id.is_(None))
    )
    sight = sight_of(account)
    if sight.is_whole:
        return people
    parts = select(Party.id).where(Party.person_id == Person.id)
    open_parts = parts.join(Party.complaint).where(is_open(sight))
    return people.where(or_(exists_for_each(Person, open_parts), ~exists_for_each(Person, parts)))


def visible_documents(account: Account) -> Select[Document]:
    """The documents this person may read: for a liaison officer, those disclosed to their organisation."""
    documents = select(Document).select_from(Document)
    if account.is_liaison:
        disclosed = select(Disclosure.document_id).where(
            Disclosure.organisation_id.in_(account.answers_for), Disclosure.withdrawn_at.is_(None)
        )
        return documents.where(Document.id.in_(disclosed))
    documents = documents.where(_everything_if(account, Permission.DOCUMENT_READ))
    return documents.where(of_open_case(sight_of(account), Document))


def visible_allegations(account: Account) -> Select[Allegation]:
    """The allegations this person may know of.

    For a liaison officer: those against an organisation they answer for that were accepted, in cases that
    have been put to the organisations under s.11(1).
    """
    allegations = select(Allegation).select_from(Allegation)
    if account.is_liaison:
        later = aliased(InitialCheck)
        last = select(func.max(later.id)).where(later.allegation_id == Allegation.id).scalar_subquery()
        return (
            allegations.join(InitialCheck, InitialCheck.id == last)
            .join(Case, Case.complaint_id == Allegation.complaint_id)
            .where(
                Allegation.organisation_id.in_(account.answers_for),
                is_always(InitialCheck.outcome, CheckOutcome.ACCEPT),
                Case.put_to_parties_at.is_not(None),
            )
        )
    allegations = allegations.where(_everything_if(account, Permission.COMPLAINT_VIEW))
    return allegations.where(of_open_complaint(sight_of(account), Allegation))


def visible_recommendations(account: Account) -> Select[Recommendation]:
    """The recommendations this person may know of; for a liaison officer, their own once issued."""
    recommendations = select(Recommendation).select_from(Recommendation)
    if account.is_liaison:
        return recommendations.where(
            Recommendation.organisation_id.in_(account.answers_for),
            Recommendation.issued_at.is_not(None),
        )
    recommendations = recommendations.where(_everything_if(account, Permission.RECOMMENDATION_LIST))
    return recommendations.where(of_open_case(sight_of(account), Recommendation))


def visible_requests(account: Account) -> Select[EvidenceRequest]:
    """The requests for evidence this person may know of; for a liaison officer, their own once sent."""
    requests = select(EvidenceRequest).select_from(EvidenceRequest)
    if account.is_liaison:
        return requests.where(
            EvidenceRequest.organisation_id.in_(account.answers_for), EvidenceRequest.asked_on.is_not(None)
        )
    requests = requests.where(_everything_if(account, Permission.CASE_VIEW))
    return requests.where(of_open_case(sight_of(account), EvidenceRequest))


def knows_of(session: Session, account: Account, complaint: Complaint) -> bool:
    """Whether this person may know of the complaint: they could not do what they are asked to do in it else."""
    known = visible_complaints(account).where(Complaint.id == complaint.id)
    return session.scalar(known.with_only_columns(Complaint.id)) is not None


def visible_concerns(account: Account) -> Select[Concern]:
    """The serious concerns this person may know of: their own, those they are named in; for managers all."""
    named = select(ConcernReader.concern_id).where(
        ConcernReader.account_id == account.id, ConcernReader.ended_at.is_(None)
    )
    mine = or_(Concern.recorded_by_id == account.id, Concern.id.in_(named))
    return (
        select(Concern)
        .select_from(Concern)
        .where(
            _everything_if(account, Permission.CONCERN_RECORD),
            or_(_everything_if(account, Permission.CONCERN_CONSIDER), mine),
        )
    )


def access_complaint(session: Session, account: Account, reference: str, permission: Permission) -> Complaint:
    """The complaint, if this person may do this to it. Raises `NotFound` or `NotPermitted`."""
    wanted = Complaint.reference == read_reference(reference)
    complaint = session.scalar(visible_complaints(account).where(wanted))
    if complaint is None:
        raise NotFound(ABSENT)
    require(account, permission, complaint)
    return complaint


def access_case(session: Session, account: Account, reference: str, permission: Permission) -> Case:
    """The case, if this person may do this to it. Raises `NotFound` or `NotPermitted`."""
    wanted = Complaint.reference == read_reference(reference)
    whole = contains_eager(Case.complaint), joinedload(Case.owner)
    found = visible_cases(account).where(wanted).options(*whole)
    case = session.scalar(found)
    if case is None:
        raise NotFound(ABSENT)
    set_committed_value(case.complaint, "case", case)  # known, where it would be asked again
    require(account, permission, case)
    return case


def access_document(session: Session, account: Account, key: str, permission: Permission) -> Document:
    """The document, if this person may do this with it. Raises `NotFound` or `NotPermitted`."""
    document = session.scalar(visible_documents(account).where(Document.key == key))
    if document is None:
        raise NotFound(ABSENT)
    require(account, permission, document.case)
    return document


def access_concern(session: Session, account: Account, key: str, permission: Permission) -> Concern:
    """The concern, if this person may do this with it. Raises `NotFound` or `NotPermitted`."""
    concern = session.scalar(visible_concerns(account).where(Concern.key == key))
    if concern is None:
        raise NotFound(ABSENT)
    require(account, permission, concern)
    return concern


def access_recommendation(
    session: Session, account: Account, reference: str, number: int, permission: Permission
) -> Recommendation:
    """The recommendation of that number in that case. Raises `NotFound` or `NotPermitted`."""
    recommendation = session.scalar(
        visible_recommendations(account)
        .join(Case, Case.id == Recommendation.case_id)
        .join(Complaint, Complaint.id == Case.complaint_id)
        .where(Complaint.reference == read_reference(reference), Recommendation.number == number)
    )
    if recommendation is None:
        raise NotFound(ABSENT)
    require(account, permission, recommendation.case)
    return recommendation


def _everything_if(account: Account, permission: Permission) -> ColumnElement[bool]:
    return true() if may(account, permission) else false()
