from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.cases.models import Case
from app.core.errors import NotFound, NotPermitted
from app.evidence.models import Document
from app.examining.models import Examination, Quarantine, Safety

#: How many examinations the page of a case shows.
MOST_SHOWN = 500
ABOUT = {
    Safety.INFECTED: "A virus was found in this file, so it is given to nobody. Send it again from a clean copy.",
    Safety.UNREADABLE: "The office cannot read this file at the moment. It has been told.",
    Safety.NOT_SCANNED: "This file has not been scanned for viruses, so it is not given out yet. Ask the office.",
}
NOT_YET = "This file is still being scanned for viruses. Try again in a few minutes."


def quarantine_of(session: Session, document: Document) -> Quarantine | None:
    return session.scalar(select(Quarantine).where(Quarantine.document_id == document.id))


def require_to_go_out(session: Session, document: Document) -> None:
    """Raises `NotPermitted`, with a word for people outside, unless they may be given the file."""
    quarantine = quarantine_of(session, document)
    if quarantine is None or not quarantine.may_go_out:
        raise NotPermitted(ABOUT.get(quarantine.state, NOT_YET) if quarantine else NOT_YET)


def require_not_infected(session: Session, document: Document) -> None:
    """Raises `NotPermitted` if the file is infected: the office itself is not given it either."""
    quarantine = quarantine_of(session, document)
    if quarantine and quarantine.state is Safety.INFECTED:
        raise NotPermitted(f"{quarantine.infection} was found in this file. It is kept, and given to nobody.")


def of_case(session: Session, case: Case) -> Sequence[Examination]:
    """What is being done with the files of the case, the latest first."""
    theirs = select(Examination).join(Examination.document).where(Document.case_id == case.id)
    theirs = theirs.options(joinedload(Examination.document))
    return session.scalars(theirs.order_by(Examination.id.desc()).limit(MOST_SHOWN)).all()


def in_case(session: Session, case: Case, number: int) -> Examination:
    """The examination of that number in the case. Raises `NotFound`."""
    theirs = select(Examination).join(Examination.document)
    found = session.scalar(theirs.where(Document.case_id == case.id, Examination.id == number))
    if found is None:
        raise NotFound("There is nothing of that kind to be done in this case.")
    return found
