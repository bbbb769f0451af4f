from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.cases.models import Case
from app.core.errors import NotFound, NotPermitted, RuleBroken
from app.evidence.models import Document
from app.imaging.identity import Compared, Likeness, Patient, compare
from app.imaging.models import ImagingImage, ImagingSeries, ImagingStudy, Whose

#: How many studies the page of a case shows.
MOST_SHOWN = 100
HELD = "This image is held: its patient differs from the person this case is about, and nobody has decided whose it is."
ANOTHERS = "This image is of somebody else, as was decided. It is given to nobody outside."


@dataclass(frozen=True)
class Told:
    """A study, and what its patient is to the person affected."""

    study: ImagingStudy
    compared: Compared

    @property
    def is_held(self) -> bool:
        """Whether it waits for somebody to decide whose it is."""
        return self.study.whose is None and self.compared.likeness is Likeness.DIFFERS

    @property
    def may_go_out(self) -> bool:
        return not self.is_held and self.study.whose is not Whose.ANOTHER

    @property
    def refusal(self) -> str:
        """Why it goes nowhere."""
        return HELD if self.is_held else ANOTHERS


def told(study: ImagingStudy) -> Told:
    patient = Patient(study.patient_name, study.patient_numbers, study.born_on)
    return Told(study, compare(patient, study.case.complaint))


def of_case(session: Session, case: Case) -> Sequence[Told]:
    """The studies of a case, the patient's together, in the order in which they were made."""
    found = select(ImagingStudy).where(ImagingStudy.case_id == case.id)
    found = found.options(
        joinedload(ImagingStudy.decided_by),
        selectinload(ImagingStudy.series)
        .selectinload(ImagingSeries.images)
        .joinedload(ImagingImage.document),
    )
    ordered = found.order_by(ImagingStudy.patient_name, ImagingStudy.studied_on, ImagingStudy.id)
    return [told(study) for study in session.scalars(ordered.limit(MOST_SHOWN))]


def in_case(session: Session, case: Case, key: str) -> Told:
    """The study of that key in the case. Raises `NotFound`."""
    study = session.scalar(
        select(ImagingStudy).where(ImagingStudy.case_id == case.id, ImagingStudy.key == key)
    )
    if study is None:
        raise NotFound("There is no such study in this case.")
    return told(study)


def of_document(session: Session, document: Document) -> Told | None:
    """The study a document belongs to; None for what is no image, or has not been read yet."""
    theirs = select(ImagingStudy).join(ImagingStudy.series).join(ImagingSeries.images)
    study = session.scalar(theirs.where(ImagingImage.document_id == document.id))
    return told(study) if study else None


def require_to_go_out(session: Session, document: Document) -> None:
    """Raises `NotPermitted`, with a word for people outside, if an image is held or is of somebody else."""
    found = of_document(session, document)
    if found and not found.may_go_out:
        raise NotPermitted(
            "The office is looking whose image this is, so it is not given out now. Ask the office."
        )


def require_settled(session: Session, document: Document) -> None:
    """Raises `RuleBroken` if the document is an image whose patient is, or may be, somebody else."""
    found = of_document(session, document)
    if found and not found.may_go_out:
        raise RuleBroken(found.refusal)
