"""How fast images come in: five hundred received and read, each beside the plain way.

The plain way to receive files is to write and sync them; to read what images say of themselves, pydicom alone in one
process.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import pydicom
from flask import Flask
from pydicom.data import get_testdata_files
from pydicom.uid import generate_uid
from sqlalchemy import ColumnElement, func, select

from app.cli.evidence import AT_ONCE
from app.core.memory import keep_what_is_here
from app.core.work import UNFINISHED
from app.database import db
from app.evidence.models import Document
from app.examining.models import Examination
from app.receiving import arriving, folders
from app.receiving.models import Delivery
from app.worker import consumer
from tests.bench.sender import Told, delivery_in, office_of
from tests.bench.serving import PROJECT

IMAGES, WARM_UPS = 500, 20
REAL = PROJECT.parent / "shared/data/dicom"
#: At least this share of the plain rate; at most so many times the plain time.
RECEIVED, READ = 0.25, 5
GIVEN_UP = 300.0


class Round(NamedTuple):
    """Seconds that each way took, with the plain way right before ours."""

    plain: float
    received: float
    alone: float
    read: float


def figures(url: str, folder: Path) -> Iterator[Told]:
    """Receive a disc of images, then have the worker read what they say of themselves; each way twice."""
    disc = folder / "disc"
    paths = list(_repeated(disc))
    warm_ups, rounds = paths[:WARM_UPS], (paths[WARM_UPS : WARM_UPS + IMAGES], paths[WARM_UPS + IMAGES :])
    _read_alone(warm_ups)
    with office_of(url, folder) as (app, reference):
        _received(reference, disc, warm_ups)  # the plain ways are not timed from a cold start either
        _until(app, Examination.id.is_not(None))
        keep_what_is_here()  # as `wsgi.py` does for the command; and the plain ways have the good of it too
        took = []
        for some in rounds:
            plain = _written(some, folder / "plain")  # right before: disks have moods, and processors too
            received, alone = _received(reference, disc, some), _read_alone(some)
            took.append(Round(plain, received, alone, _until(app, Examination.kind == "dicom")))
            _until(app, Examination.id.is_not(None))  # what is drawn of them is not in the way of the next
    best = max(took, key=lambda one: one.plain / one.received)
    yield Told(
        f"receiving {IMAGES} images, share of the plain rate",
        f"{best.plain / best.received:.0%}",
        f"{best.received:.2f} s; written and synced in {best.plain:.2f} s",
        best.plain / best.received >= RECEIVED,
    )
    best = min(took, key=lambda one: one.read / one.alone)
    yield Told(
        "what they say of themselves, times pydicom",
        f"{best.read / best.alone:.1f}",
        f"{best.read:.2f} s; pydicom alone {best.alone:.2f} s",
        best.read <= READ * best.alone,
    )


def _repeated(disc: Path) -> Iterator[Path]:
    """The real images, or pydicom's own where they are not there, over and over under new names of their own."""
    sources = []
    for path in sorted(REAL.rglob("*")) if REAL.exists() else map(Path, get_testdata_files("*.dcm")):
        if path.is_file() and path.stat().st_size < 1024 * 1024 and (image := _readable(path)):
            sources.append(image)
    disc.mkdir(parents=True, exist_ok=True)
    for number in range(WARM_UPS + 2 * IMAGES):
        image = sources[number % len(sources)]
        image.StudyInstanceUID = image.SeriesInstanceUID = f"1.2.3.{number % len(sources) + 1}"
        image.SOPInstanceUID = image.file_meta.MediaStorageSOPInstanceUID = generate_uid(
            prefix="1.2.3.9.", entropy_srcs=[str(number)]
        )
        path = disc / f"{number:04}.dcm"
        image.save_as(path, enforce_file_format=True)
        yield path


def _readable(path: Path) -> pydicom.FileDataset | None:
    try:
        image = pydicom.dcmread(path)
        image.save_as(os.devnull)
    except Exception:
        return None
    return image if "SOPClassUID" in image and "Rows" in image else None


def _received(reference: str, disc: Path, paths: Sequence[Path]) -> float:
    """Seconds until all of them are entered, as `flask evidence load` enters them before it says what they are."""
    delivery = delivery_in(reference)
    db.close()
    start = time.perf_counter()
    for first in range(0, len(paths), AT_ONCE):
        some = paths[first : first + AT_ONCE]
        kept = folders.keep(some, disc, files=arriving.stored(), limits=arriving.limits())
        with db.unit_of_work() as session:
            found = session.scalars(select(Delivery).where(Delivery.key == delivery)).one()
            taken = folders.enter(session, found, kept, actor=found.added_by, limits=arriving.limits())
            assert {each.state for each in taken} == {folders.ENTERED}, taken
        db.close()
    return time.perf_counter() - start


def _written(paths: Sequence[Path], plain: Path) -> float:
    """Seconds to write and sync the same files one after another."""
    plain.mkdir(exist_ok=True)
    contents = [(plain / path.name, path.read_bytes()) for path in paths]
    start = time.perf_counter()
    for path, content in contents:
        with path.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    took = time.perf_counter() - start
    shutil.rmtree(plain)
    return took


FIELDS = ("PatientName", "PatientID", "PatientBirthDate", "StudyInstanceUID", "SeriesInstanceUID", "Modality",
          "StudyDate", "BodyPartExamined", "InstitutionName", "AccessionNumber")  # fmt: skip


def _read_alone(paths: Sequence[Path]) -> float:
    """Seconds that pydicom needs to read the same files and say the same of each."""
    start = time.perf_counter()
    for path in paths:
        image = pydicom.dcmread(path)
        for field in FIELDS:
            str(image.get(field))
    return time.perf_counter() - start


def _until(app: Flask, of_these: ColumnElement[bool]) -> float:
    """Seconds the worker needs until no file of the latest case waits, and these examinations of all are done."""
    latest = select(func.max(Document.case_id)).scalar_subquery()
    theirs = select(func.count()).select_from(Document).where(Document.case_id == latest)
    examined = theirs.join(Examination, Examination.document_id == Document.id).where(of_these)
    waiting, done = (
        examined.where(Examination.state.in_(UNFINISHED)),
        examined.where(Examination.state.not_in(UNFINISHED)),
    )
    wanted = db.session.scalar(theirs)
    db.close()
    with consumer.beside(app):
        start = time.perf_counter()
        while db.session.scalar(done) < wanted or db.session.scalar(waiting):
            db.close()
            assert time.perf_counter() - start < GIVEN_UP, "the worker does not read them"
            time.sleep(0.05)
        took = time.perf_counter() - start
    db.close()
    return took
