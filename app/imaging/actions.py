"""Writing what the headers of images say, and whose a study is that differs from the person affected."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app import policy
from app.accounts.models import Account
from app.audit.record import record, record_all
from app.cases.models import Case
from app.core import clock
from app.core.errors import RuleBroken
from app.evidence.models import Document
from app.imaging import queries
from app.imaging.events import StudyDecided, StudyFiled
from app.imaging.models import ImagingImage, ImagingSeries, ImagingStudy, Shows, Whose
from app.policy import Permission

#: What no image says and what names the files of a disc: it belongs to no study.
DIRECTORY = "directory"


#: A document and what the header of its file says.
Read = tuple[Document, dict[str, Any]]


def file_images(session: Session, read: Sequence[Read]) -> list[ImagingImage]:
    """Put images where their headers say they belong. What was put there before stays: a header never changes.

    Hundreds are of one study, so each study and series is looked for once.
    """
    ids = [document.id for document, _said in read]
    there = select(ImagingImage.document_id).where(ImagingImage.document_id.in_(ids))
    filed = set(session.scalars(there))
    new = [
        (document, said) for document, said in read if document.id not in filed and said["shows"] != DIRECTORY
    ]
    places = _Places(session, new)
    return [_image(session, places.series_of(document, said), document, said) for document, said in new]


def _image(session: Session, series: ImagingSeries, document: Document, said: dict[str, Any]) -> ImagingImage:
    image = ImagingImage(
        series=series,
        document=document,
        uid=said["image_uid"],
        number=said["image_number"],
        shows=Shows(said["shows"]),
        rows=said["rows"],
        columns=said["columns"],
        frames=max(said["frames"] or 1, 1),
        packed=said["packed"],
        unread=said["unread"],
    )
    session.add(image)
    return image


def decide(session: Session, told: queries.Told, *, actor: Account, whose: Whose, reasons: str) -> None:
    """Say whose study it is although its patient differs from the person affected, or is said to."""
    study = told.study
    policy.require(actor, Permission.DOCUMENT_DISCLOSE, study.case)
    if study.whose is whose:
        raise RuleBroken("That has been decided already.", field="whose")
    study.whose, study.decided_because = whose, reasons
    study.decided_at, study.decided_by = clock.now(), actor
    decided = StudyDecided(
        study=study.key,
        called=study.called,
        whose=whose,
        differing=list(told.compared.differing),
        reasons=reasons,
    )
    record(session, decided, actor=actor, complaint=study.case.complaint)


class _Places:
    """The studies and series in which some images belong, read at once, and made at once where none is there."""

    def __init__(self, session: Session, read: Sequence[Read]) -> None:
        self.session = session
        digests = {_told_apart(document, said) for document, said in read}
        cases = {document.case_id: document.case for document, _said in read}
        found = select(ImagingStudy).where(
            ImagingStudy.case_id.in_(cases), ImagingStudy.told_apart.in_(digests)
        )
        studies = session.scalars(found.options(selectinload(ImagingStudy.series)))
        self.studies = {(study.case_id, study.told_apart): study for study in studies}
        for case in cases.values():
            self._make(case, [each for each in read if each[0].case_id == case.id])

    def series_of(self, document: Document, said: dict[str, Any]) -> ImagingSeries:
        """The series it belongs to, made now if it is the first of it."""
        study = self.studies[document.case_id, _told_apart(document, said)]
        known = next((series for series in study.series if series.uid == said["series_uid"]), None)
        return known or _series(study, said)

    def _make(self, case: Case, read: Sequence[Read]) -> None:
        """The studies of which these images are the first in the case."""
        new: list[ImagingStudy] = []
        for document, said in read:
            place = case.id, _told_apart(document, said)
            if place not in self.studies:
                self.studies[place] = _study(document, said)
                new.append(self.studies[place])
        if not new:
            return
        self.session.add_all(new)
        self.session.flush()
        filed = [
            StudyFiled(study=study.key, called=study.called, likeness=queries.told(study).compared.likeness)
            for study in new
        ]
        record_all(self.session, filed, actor=None, complaint=case.complaint)


def _told_apart(document: Document, said: dict[str, Any]) -> str:
    """What tells its study apart in the case. A file that names no study is one of its own."""
    patient = [said["patient_name"], said["patient_numbers"], said["born_on"]]
    told = json.dumps([said["study_uid"] or document.key, *patient])
    return hashlib.sha256(told.encode()).hexdigest()


def _study(document: Document, said: dict[str, Any]) -> ImagingStudy:
    """The study as the first of its images tells of it, with the series of that image."""
    study = ImagingStudy(
        case=document.case,
        told_apart=_told_apart(document, said),
        uid=said["study_uid"],
        patient_name=said["patient_name"],
        patient_numbers=said["patient_numbers"],
        born_on=day_of(said["born_on"]),
        studied_on=day_of(said["studied_on"]),
        description=said["study_description"],
        accession_number=said["accession_number"],
        institution=said["institution"],
    )
    _series(study, said)
    return study


def _series(study: ImagingStudy, said: dict[str, Any]) -> ImagingSeries:
    return ImagingSeries(
        study=study,
        uid=said["series_uid"],
        number=said["series_number"],
        modality=said["modality"],
        body_part=said["body_part"],
        description=said["series_description"],
    )


def day_of(said: str) -> date | None:
    """The day, if there is such a day."""
    try:
        return date.fromisoformat(said)
    except ValueError:
        return None
