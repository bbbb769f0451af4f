from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.cases.models import Case
from app.core.errors import NotFound, NotPermitted, RuleBroken
from app.core.work import WorkState
from app.evidence.models import Document
from app.examining.kinds import MOST_FRAMES
from app.examining.models import Examination, Quarantine, Rendition, Safety
from app.imaging.identity import Compared, Likeness, Patient, compare
from app.imaging.models import (
    AdviserCopy,
    CopiedImage,
    ImagingImage,
    ImagingSeries,
    ImagingStudy,
    Whose,
)

#: How many studies the page of a case shows.
MOST_SHOWN = 100
HELD = "This image is held: its patient differs from the person this case is about, and nobody has decided whose it is."
KINDS = {
    "people": "people",
    "numbers": "numbers",
    "birth": "birth",
    "addresses": "addresses and telephone numbers",
    "institutions": "institutions and places",
    "words": "what somebody wrote",
    "dates": "dates",
}
#: What is known of words in the picture itself.
BURNT_IN = {
    "said": "Its header says that words are burnt into the picture: look at it.",
    "likely": "Words are often burnt into pictures of this kind, and its header does not deny it: look at it.",
    "unknown": "Its header does not say whether words are burnt into the picture: look at it.",
    "denied": "Its header says that no words are burnt into the picture. It may be wrong: look at it.",
}
ANOTHERS = "This image is of somebody else, as was decided. It is given to nobody outside."


_WITH_FILES = (
    selectinload(ImagingStudy.series).selectinload(ImagingSeries.images).joinedload(ImagingImage.document),
)


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


@dataclass(frozen=True)
class Identifying:
    """What in an image tells who somebody is, or where: by kind in words, the elements and what they say."""

    elements: Mapping[str, Sequence[tuple[str, str]]]
    private: int
    overlays: int
    burnt_in: str

    @classmethod
    def read(cls, result: Mapping[str, Any]) -> Identifying:
        elements: dict[str, list[tuple[str, str]]] = {}
        for each in result["identifying"]:
            elements.setdefault(KINDS[each["kind"]], []).append((_spaced(each["name"]), each["value"]))
        return cls(elements, result["private"], result["overlays"], BURNT_IN[result["burnt_in"]])

    @property
    def sentence(self) -> str:
        """All of it in a sentence, for whoever is about to give the image to somebody."""
        named = [
            f"{kind} ({', '.join(dict.fromkeys(name for name, _ in each))})"
            for kind, each in self.elements.items()
        ]
        named += [f"{self.private} private elements of its maker"] if self.private else []
        named += [f"{self.overlays} planes that lie over the picture"] if self.overlays else []
        return (
            f"The header of this image names {'; '.join(named) or 'nothing that identifies'}. {self.burnt_in}"
        )


@dataclass(frozen=True)
class Drawn:
    """The frames of one image: what the worker said of each that is drawn, of how many, and why there are no more."""

    frames: Sequence[Mapping[str, Any]]
    in_all: int
    problem: str
    is_waiting: bool

    @classmethod
    def of(cls, examination: Examination) -> Drawn:
        result = examination.result if examination.state is WorkState.DONE else {}
        frames = result.get("frames", [])
        problem = result.get("ended", "") or examination.problem
        return cls(frames, result.get("in_all", 0), problem, examination.is_unfinished)

    @property
    def sentence(self) -> str:
        """What has to be said about what is missing; nothing if nothing is."""
        if self.is_waiting:
            return "It is still to be drawn. Come back in a few minutes."
        if len(self.frames) < self.in_all:
            why = self.problem or f"No more than {MOST_FRAMES} are drawn of one file."
            return f"{len(self.frames)} of its {self.in_all} frames are drawn. {why}"
        return self.problem


def told(study: ImagingStudy) -> Told:
    patient = Patient(study.patient_name, study.patient_numbers, study.born_on)
    return Told(study, compare(patient, study.case.complaint))


def of_case(session: Session, case: Case) -> Sequence[Told]:
    """The studies of a case, the patient's together, in the order in which they were made."""
    found = select(ImagingStudy).where(ImagingStudy.case_id == case.id)
    found = found.options(
        joinedload(ImagingStudy.decided_by),
        *_WITH_FILES,
    )
    ordered = found.order_by(ImagingStudy.patient_name, ImagingStudy.studied_on, ImagingStudy.id)
    return [told(study) for study in session.scalars(ordered.limit(MOST_SHOWN))]


def in_case(session: Session, case: Case, key: str) -> Told:
    """The study of that key in the case. Raises `NotFound`."""
    found = select(ImagingStudy).where(ImagingStudy.case_id == case.id, ImagingStudy.key == key)
    found = found.options(*_WITH_FILES)
    study = session.scalar(found)
    if study is None:
        raise NotFound("There is no such study in this case.")
    return told(study)


def image_of(session: Session, document: Document) -> ImagingImage:
    """The image a document is. Raises `NotFound` for what is none."""
    image = session.scalar(select(ImagingImage).where(ImagingImage.document_id == document.id))
    if image is None:
        raise NotFound("This document is no image, or its header has not been read yet.")
    return image


def identifying(session: Session, document: Document) -> Identifying | None:
    """What in an image identifies somebody; None for what is no image, or has not been read yet."""
    result = _results(session, "dicom", [document.id]).get(document.id, {})
    return Identifying.read(result) if "identifying" in result else None


def drawn(session: Session, document_ids: Collection[int]) -> dict[int, Drawn]:
    """By document, which frames of it are drawn, or why there are none."""
    theirs = select(Examination).where(
        Examination.document_id.in_(document_ids), Examination.kind == "frames"
    )
    return {each.document_id: Drawn.of(each) for each in session.scalars(theirs)}


def first_drawn(session: Session, images: Sequence[ImagingImage]) -> ImagingImage | None:
    """The first of these images whose first frame can be shown, and which says how large it is."""
    of_these = Rendition.document_id.in_([image.document_id for image in images])
    frames = select(Rendition.document_id).where(of_these, Rendition.kind == "frame", Rendition.page == 1)
    infected = select(Quarantine.document_id).where(Quarantine.state == Safety.INFECTED)
    ready = set(session.scalars(frames.where(Rendition.document_id.not_in(infected))))
    return next((each for each in images if each.document_id in ready and each.rows and each.columns), None)


def picture_of(session: Session, document: Document, kind: str, number: int) -> Rendition:
    """The picture of a frame of an image. Raises `NotFound`."""
    this = (Rendition.document_id == document.id, Rendition.kind == kind, Rendition.page == number)
    picture = session.scalar(select(Rendition).where(*this))
    if picture is None:
        raise NotFound("There is no such picture: it is still being drawn, or cannot be.")
    return picture


def others_of_patient(session: Session, study: ImagingStudy) -> Sequence[ImagingStudy]:
    """The other studies of the case that are of the same patient, as their headers say, the latest first."""
    others = select(ImagingStudy).where(ImagingStudy.case_id == study.case_id, ImagingStudy.id != study.id)
    ordered = others.order_by(ImagingStudy.studied_on.desc(), ImagingStudy.id).limit(MOST_SHOWN)
    return [other for other in session.scalars(ordered) if _is_same_patient(study, other)]


def copies_of(session: Session, study: ImagingStudy) -> Sequence[AdviserCopy]:
    """The de-identified copies that were asked for of a study, the latest first."""
    theirs = select(AdviserCopy).where(AdviserCopy.study_id == study.id)
    theirs = theirs.options(
        joinedload(AdviserCopy.asked_by), selectinload(AdviserCopy.images).joinedload(CopiedImage.document)
    )
    return session.scalars(theirs.order_by(AdviserCopy.id.desc()).limit(MOST_SHOWN)).all()


def copy_in_case(session: Session, case: Case, key: str) -> AdviserCopy:
    """The copy of that key in the case. Raises `NotFound`."""
    theirs = select(AdviserCopy).join(AdviserCopy.study)
    copy = session.scalar(theirs.where(ImagingStudy.case_id == case.id, AdviserCopy.key == key))
    if copy is None:
        raise NotFound("There is no such copy in this case.")
    return copy


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


def _results(session: Session, kind: str, document_ids: Collection[int]) -> dict[int, Mapping[str, Any]]:
    of_them = (Examination.document_id.in_(document_ids), Examination.kind == kind)
    return {each.document_id: each.result for each in session.scalars(select(Examination).where(*of_them))}


def _is_same_patient(one: ImagingStudy, other: ImagingStudy) -> bool:
    """Whether two headers name one patient: by a number they share, or by the same name and day of birth."""
    if set(one.patient_numbers) & set(other.patient_numbers):
        return True
    named = one.patient_name and one.born_on
    return bool(named) and (one.patient_name, one.born_on) == (other.patient_name, other.born_on)


def _spaced(keyword: str) -> str:
    """PatientBirthDate, as people write it."""
    words = re.sub("(?<=[a-z])(?=[A-Z])", " ", keyword).split()
    return (
        " ".join([words[0], *(word if word.isupper() else word.lower() for word in words[1:])])
        if words
        else ""
    )
