"""Writing what the headers of images say, and whose a study is that differs from the person affected."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import policy
from app.accounts.models import Account
from app.audit.record import record
from app.core import clock
from app.core.errors import RuleBroken
from app.evidence.models import Document
from app.imaging import queries
from app.imaging.events import StudyDecided, StudyFiled
from app.imaging.models import ImagingImage, ImagingSeries, ImagingStudy, Shows, Whose
from app.policy import Permission

#: What no image says and what names the files of a disc: it belongs to no study.
DIRECTORY = "directory"


def file_image(session: Session, document: Document, said: dict[str, Any]) -> ImagingImage | None:
    """Put an image where its header says it belongs. What was put there before stays: a header never changes."""
    there = session.scalar(select(ImagingImage).where(ImagingImage.document_id == document.id))
    if there is not None or said["shows"] == DIRECTORY:
        return there
    series = _series(session, _study(session, document, said), said)
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


def _study(session: Session, document: Document, said: dict[str, Any]) -> ImagingStudy:
    """The study it belongs to, made now if it is the first. A file that names no study is one of its own."""
    patient = [said["patient_name"], said["patient_numbers"], said["born_on"]]
    told_apart = json.dumps([said["study_uid"] or document.key, *patient])
    digest = hashlib.sha256(told_apart.encode()).hexdigest()
    of_it = (ImagingStudy.case_id == document.case_id, ImagingStudy.told_apart == digest)
    study = session.scalar(select(ImagingStudy).where(*of_it))
    if study is None:
        study = ImagingStudy(
            case=document.case,
            told_apart=digest,
            uid=said["study_uid"],
            patient_name=said["patient_name"],
            patient_numbers=said["patient_numbers"],
            born_on=day_of(said["born_on"]),
            studied_on=day_of(said["studied_on"]),
            description=said["study_description"],
            accession_number=said["accession_number"],
            institution=said["institution"],
        )
        session.add(study)
        session.flush()
        _series(session, study, said)
        filed = StudyFiled(
            study=study.key, called=study.called, likeness=queries.told(study).compared.likeness
        )
        record(session, filed, actor=None, complaint=document.case.complaint)
    return study


def _series(session: Session, study: ImagingStudy, said: dict[str, Any]) -> ImagingSeries:
    of_it = (ImagingSeries.study_id == study.id, ImagingSeries.uid == said["series_uid"])
    series = session.scalar(select(ImagingSeries).where(*of_it))
    if series is None:
        series = ImagingSeries(
            study=study,
            uid=said["series_uid"],
            number=said["series_number"],
            modality=said["modality"],
            body_part=said["body_part"],
            description=said["series_description"],
        )
        session.add(series)
        session.flush()
    return series


def day_of(said: str) -> date | None:
    """The day, if there is such a day."""
    try:
        return date.fromisoformat(said)
    except ValueError:
        return None
