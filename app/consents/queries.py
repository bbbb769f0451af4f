from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session, aliased, joinedload

from app.accounts.models import Account
from app.caseload.models import Line
from app.complaints.models import Complaint
from app.consents.models import SOON, Consent
from app.core.dialect.asking import beside_the_index, exists_for_each, is_among
from app.core.errors import NotFound
from app.evidence.models import Document
from app.policy import visible_documents, visible_lines

#: How many rows one page of the list shows, and how many documents a form offers.
PAGE, MOST_OFFERED = 25, 200


def of_complaint(session: Session, complaint: Complaint) -> Sequence[Consent]:
    """All consents of a complaint, the newest first, with what shows them and who recorded them."""
    found = select(Consent).where(Consent.complaint_id == complaint.id)
    found = found.options(
        joinedload(Consent.giver),
        joinedload(Consent.to),
        joinedload(Consent.document),
        joinedload(Consent.recorded_by),
        joinedload(Consent.withdrawn_by),
    )
    return session.scalars(found.order_by(Consent.number.desc())).all()


def numbered(session: Session, complaint: Complaint, number: int) -> Consent:
    """The consent of that number in the complaint. Raises `NotFound`."""
    wanted = Consent.complaint_id == complaint.id, Consent.number == number
    if consent := session.scalar(select(Consent).where(*wanted)):
        return consent
    raise NotFound("There is no consent of that number here.")


def documents_of(session: Session, account: Account, complaint: Complaint) -> dict[str, Document]:
    """The documents of the case that this person may read, by key: what can show a consent or a basis."""
    if complaint.case is None:
        return {}
    mine = visible_documents(account).where(Document.case_id == complaint.case.id)
    found = session.scalars(mine.order_by(Document.id.desc()).limit(MOST_OFFERED))
    return {document.key: document for document in found}


def ending(session: Session, account: Account, day: date, after: int = 0) -> Sequence[Consent]:
    """Consents that end soon or have ended, of open complaints, the earliest first: a page, and one more if there is.

    Not those that were withdrawn, nor those given again since. `after` is the id of the last one shown.
    """
    later = aliased(Consent)
    again = select(later.id).where(
        later.complaint_id == Consent.complaint_id,
        later.giver_id == Consent.giver_id,
        func.coalesce(later.to_id, 0) == func.coalesce(Consent.to_id, 0),
        later.number > Consent.number,
    )
    lines = visible_lines(account).where(Line.consent_until.between(date.min, day + SOON))
    found = select(Consent.id).where(
        Consent.complaint_id.in_(lines.with_only_columns(Line.complaint_id)),
        beside_the_index(Consent.withdrawn_on).is_(None),
        beside_the_index(Consent.until_on) <= day + SOON,
        ~exists_for_each(Consent, again),
    )
    if after and (last := session.get(Consent, after)):
        found = found.where(
            or_(
                Consent.until_on > last.until_on,
                and_(Consent.until_on == last.until_on, Consent.id > last.id),
            )
        )
    order = Consent.until_on, Consent.id
    shown = select(Consent).where(is_among(Consent.id, found.order_by(*order).limit(PAGE + 1)))
    shown = shown.options(joinedload(Consent.giver), joinedload(Consent.to), joinedload(Consent.complaint))
    return session.scalars(shown.order_by(*order)).all()
