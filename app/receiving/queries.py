from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from app.accounts.models import Account
from app.cases.models import Case
from app.core.errors import NotFound
from app.evidence.models import Document
from app.receiving.models import Delivery, Unit, Upload, UploadState

#: How many deliveries, and documents of one, a page shows.
MOST_SHOWN = 200


def of_case(session: Session, case: Case) -> Sequence[Delivery]:
    """What came to the case together, the latest first."""
    deliveries = select(Delivery).where(Delivery.case_id == case.id).order_by(Delivery.id.desc())
    return session.scalars(deliveries.options(joinedload(Delivery.organisation)).limit(MOST_SHOWN)).all()


def in_case(session: Session, case: Case, key: str) -> Delivery:
    """The delivery of that key in the case. Raises `NotFound`."""
    found = session.scalar(select(Delivery).where(Delivery.case_id == case.id, Delivery.key == key))
    if found is None:
        raise NotFound("There is no such delivery in this case.")
    return found


def open_one(session: Session, case: Case, label: str) -> Delivery | None:
    """The latest delivery with this label of which not all is in; or of which all is, for what adds nothing."""
    called = select(Delivery).where(Delivery.case_id == case.id, Delivery.label == label)
    return session.scalars(called.order_by(Delivery.closed_at.is_not(None), Delivery.id.desc())).first()


def documents_of(session: Session, delivery: Delivery) -> Sequence[Document]:
    """What came with it, the latest first."""
    theirs = select(Document).where(Document.delivery_id == delivery.id).order_by(Document.id.desc())
    return session.scalars(theirs.limit(MOST_SHOWN)).all()


def under_way(session: Session, delivery: Delivery) -> Sequence[Upload]:
    """What was announced with it and is not in: on its way still, or refused."""
    theirs = select(Upload).where(
        Upload.delivery_id == delivery.id, Upload.state.in_([UploadState.ARRIVING, UploadState.REFUSED])
    )
    return session.scalars(theirs.order_by(Upload.id).limit(MOST_SHOWN)).all()


def upload_of(session: Session, case: Case, account: Account, key: str) -> Upload:
    """The upload of that key that this person began in the case. Raises `NotFound`."""
    found = session.scalar(
        select(Upload).where(Upload.case_id == case.id, Upload.account_id == account.id, Upload.key == key)
    )
    if found is None:
        raise NotFound("There is no such upload in this case, or somebody else began it.")
    return found


def bytes_of(session: Session, case: Case) -> int:
    """How many bytes the case holds, with what is on its way to it."""
    held = select(func.sum(Document.size)).where(Document.case_id == case.id)
    coming = select(func.sum(Upload.size)).where(
        Upload.case_id == case.id, Upload.state == UploadState.ARRIVING
    )
    return (session.scalar(held) or 0) + (session.scalar(coming) or 0)


def found_in(session: Session, delivery: Delivery) -> int | None:
    """How many of what its label counts are in it so far; None if nobody can say yet, or it counts nothing."""
    if delivery.closed_at is not None:
        return delivery.found
    count = COUNTED.get(delivery.unit) if delivery.unit else None
    return count(session, delivery) if count else None


def _documents(session: Session, delivery: Delivery) -> int:
    return session.scalar(select(func.count()).where(Document.delivery_id == delivery.id)) or 0


def _pages(session: Session, delivery: Delivery) -> int | None:
    """None while the pages of one of them are not known."""
    pages = select(func.sum(Document.pages), func.count() - func.count(Document.pages))
    found, unknown = session.execute(pages.where(Document.delivery_id == delivery.id)).one()
    return None if unknown else found or 0


#: How to count what is found. Whoever reads images adds studies and images.
COUNTED: Mapping[Unit, Callable[[Session, Delivery], int | None]] = {
    Unit.DOCUMENTS: _documents,
    Unit.PAGES: _pages,
}
