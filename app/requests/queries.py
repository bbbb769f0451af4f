from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from app.accounts.models import Account
from app.cases.models import Case
from app.complaints.models import Complaint
from app.core.errors import NotFound
from app.evidence.models import Document
from app.policy import visible_requests
from app.policy.visibility import ABSENT
from app.receiving.models import Delivery
from app.requests.models import (
    MISSING,
    STANDING,
    WANTED,
    WITH_THE_BODY,
    DocumentAnswer,
    EvidenceRequest,
    RequestItem,
    RequestStep,
)

#: How many requests of a case a page shows, and how many rows a page of the register has.
MOST_SHOWN, PAGE = 100, 25


def of_case(session: Session, case: Case) -> Sequence[EvidenceRequest]:
    """The requests of a case, the latest first, with their items."""
    requests = select(EvidenceRequest).where(EvidenceRequest.case_id == case.id)
    requests = requests.options(joinedload(EvidenceRequest.organisation), selectinload(EvidenceRequest.items))
    return session.scalars(requests.order_by(EvidenceRequest.number.desc()).limit(MOST_SHOWN)).all()


def running_in(session: Session, case: Case) -> Sequence[EvidenceRequest]:
    """Those of which something is wanted still, the first due first; in one statement."""
    requests = (
        select(EvidenceRequest)
        .where(EvidenceRequest.case_id == case.id, EvidenceRequest.state.in_(WITH_THE_BODY))
        .options(joinedload(EvidenceRequest.organisation), joinedload(EvidenceRequest.items))
    )
    found = session.scalars(requests.order_by(EvidenceRequest.due_on, EvidenceRequest.id)).unique()
    return found.fetchmany(MOST_SHOWN)


def numbered(session: Session, case: Case, number: int) -> EvidenceRequest:
    """The request of that number in the case. Raises `NotFound`."""
    wanted = EvidenceRequest.case_id == case.id, EvidenceRequest.number == number
    found = session.scalar(
        select(EvidenceRequest)
        .where(*wanted)
        .options(
            selectinload(EvidenceRequest.items)
            .selectinload(RequestItem.answers)
            .options(joinedload(DocumentAnswer.document), joinedload(DocumentAnswer.delivery))
        )
    )
    if found is None:
        raise NotFound("There is no request of that number in this case.")
    return found


def item_numbered(session: Session, case: Case, number: int, item: int) -> RequestItem:
    """An item by its number in a request. Raises `NotFound`."""
    for one in numbered(session, case, number).items:
        if one.number == item:
            return one
    raise NotFound("There is no item of that number in this request.")


def answer_numbered(session: Session, case: Case, number: int, item: int, answer: int) -> DocumentAnswer:
    """The first, second … answer that was written down for an item. Raises `NotFound`."""
    answers = item_numbered(session, case, number, item).answers
    if answer > len(answers):
        raise NotFound("There is no answer of that number.")
    return answers[answer - 1]


def step_numbered(session: Session, case: Case, number: int, step: int) -> RequestStep:
    """A letter by its number in a request. Raises `NotFound`."""
    for one in numbered(session, case, number).steps:
        if one.number == step:
            return one
    raise NotFound("There is no letter of that number in this request.")


def answerable(session: Session, case: Case) -> dict[str, RequestItem]:
    """The items of a case that something may come in answer to, by their places, those wanted first."""
    items = (
        select(RequestItem)
        .join(RequestItem.request)
        .where(
            EvidenceRequest.case_id == case.id,
            RequestItem.state.in_(WANTED | MISSING),
            EvidenceRequest.state.in_(STANDING),
        )
        .options(contains_eager(RequestItem.request).joinedload(EvidenceRequest.organisation))
    )
    order = EvidenceRequest.number.desc(), RequestItem.number
    found = session.scalars(items.order_by(*order).limit(MOST_SHOWN)).all()
    return {item.place: item for item in sorted(found, key=lambda item: item.state in MISSING)}


def answered_by(session: Session, document: Document) -> Sequence[DocumentAnswer]:
    """What a document is in answer to, by itself or as part of its delivery."""
    by = DocumentAnswer.document_id == document.id
    if document.delivery_id is not None:
        by = or_(by, DocumentAnswer.delivery_id == document.delivery_id)
    return session.scalars(_standing().where(by)).all()


def answered_by_delivery(session: Session, delivery: Delivery) -> Sequence[DocumentAnswer]:
    """What a delivery is in answer to."""
    return session.scalars(_standing().where(DocumentAnswer.delivery_id == delivery.id)).all()


def missing(session: Session, account: Account, *, after: int = 0, size: int = PAGE) -> Sequence[RequestItem]:
    """The register: what organisations say they do not hold or refuse, the latest first, from before the item of
    id `after`; so many, and one more if there is."""
    found = _missing(visible_requests(account))
    if after:
        found = found.where(RequestItem.id < after)
    return session.scalars(found.limit(size + 1)).all()


def count_missing(session: Session, account: Account) -> int:
    """How many items the register has for this account."""
    found = _missing(visible_requests(account)).with_only_columns(RequestItem.id).order_by(None)
    return session.scalar(select(func.count()).select_from(found.subquery())) or 0


def missing_in(session: Session, case: Case) -> Sequence[RequestItem]:
    """The same of one case."""
    of_it = select(EvidenceRequest).where(EvidenceRequest.case_id == case.id)
    return session.scalars(_missing(of_it).limit(MOST_SHOWN)).all()


def asked_of(session: Session, account: Account, *, size: int) -> Sequence[EvidenceRequest]:
    """What a liaison officer's own organisation is asked for now, the first due first, and one more if there is."""
    theirs = visible_requests(account).join(EvidenceRequest.case)
    theirs = theirs.where(EvidenceRequest.state.in_(WITH_THE_BODY), Case.closed_at.is_(None)).options(
        contains_eager(EvidenceRequest.case),
        joinedload(EvidenceRequest.organisation),
        selectinload(EvidenceRequest.items),
    )
    return session.scalars(theirs.order_by(EvidenceRequest.due_on, EvidenceRequest.id).limit(size + 1)).all()


def asked_in(session: Session, account: Account, reference: str) -> Sequence[EvidenceRequest]:
    """What a liaison officer's own organisation was asked for in one case, the latest first."""
    theirs = _of_complaint(account, reference).options(joinedload(EvidenceRequest.organisation))
    return session.scalars(theirs.order_by(EvidenceRequest.number.desc()).limit(MOST_SHOWN)).all()


def asked(session: Session, account: Account, reference: str, number: int) -> EvidenceRequest:
    """One of these by its number. Raises `NotFound`, also for what was asked of somebody else."""
    found = session.scalar(_of_complaint(account, reference).where(EvidenceRequest.number == number))
    if found is None:
        raise NotFound(ABSENT)
    return found


def _of_complaint(account: Account, reference: str) -> Select[EvidenceRequest]:
    theirs = visible_requests(account).join(Case, Case.id == EvidenceRequest.case_id)
    return theirs.join(Complaint, Complaint.id == Case.complaint_id).where(Complaint.reference == reference)


def _missing(requests: Select[EvidenceRequest]) -> Select[RequestItem]:
    of_these = requests.with_only_columns(EvidenceRequest.id)
    found = (
        select(RequestItem)
        .join(RequestItem.request)
        .join(EvidenceRequest.case)
        .where(
            RequestItem.state.in_(MISSING),
            EvidenceRequest.state.in_(STANDING),
            EvidenceRequest.id.in_(of_these),
        )
        .options(
            contains_eager(RequestItem.request).options(
                contains_eager(EvidenceRequest.case), joinedload(EvidenceRequest.organisation)
            )
        )
    )
    return found.order_by(RequestItem.id.desc())


def _standing() -> Select[DocumentAnswer]:
    """What was received in answer to something and was not taken back, with its item."""
    item = joinedload(DocumentAnswer.item).joinedload(RequestItem.request)
    given = select(DocumentAnswer).where(DocumentAnswer.ended_at.is_(None))
    given = given.options(item.joinedload(EvidenceRequest.organisation))
    return given.order_by(DocumentAnswer.id).limit(MOST_SHOWN)
