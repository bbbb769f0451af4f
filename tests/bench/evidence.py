"""How fast evidence comes in: images received and read, and one gigabyte in parts, each beside the plain way.

Everything is a ratio in one run. The plain way to receive files is to write and sync them; to read what images
say of themselves, pydicom alone in one process; to take in a gigabyte, `cp` and `sha256sum`.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from threading import Event, Thread

import pydicom
from flask import Flask
from pydicom.data import get_testdata_files
from pydicom.uid import generate_uid
from sqlalchemy import ColumnElement, func, select

from app import create_app
from app.accounts import passwords
from app.accounts.models import Role
from app.accounts.queries import by_email
from app.cases.models import Case, CaseStage
from app.cli.database import alembic_config
from app.cli.evidence import AT_ONCE
from app.complaints.models import Complaint
from app.core import clock
from app.core.memory import keep_what_is_here
from app.core.work import UNFINISHED
from app.database import db
from app.evidence.models import CopyKind, Document, Supplier, Way
from app.examining.models import Examination
from app.receiving import actions as receiving
from app.receiving import arriving, folders
from app.receiving.models import Delivery
from app.worker import consumer
from config import Config, Office, queue_beside
from tests.bench.measure import Client, resident, token_in, workers_of
from tests.bench.serving import PROJECT, address_of, folder_of, served, settings
from tests.factories import Make

IMAGES, WARM_UPS = 500, 20
LARGE, PART = 1024 * 1024 * 1024, 8 * 1024 * 1024
REAL = PROJECT.parent / "shared/data/dicom"
EMAIL, PASSWORD = "sender@office.example", "a second pair of eyes"
#: At least this share of the plain rate; at most so many times the plain time; MiB that a worker may grow by.
RECEIVED, READ, TAKEN, MEANWHILE, GROWN = 0.25, 5, 0.5, 2, 64
GIVEN_UP = 300.0
#: Seconds between two pages of whoever reads meanwhile: twenty times as busy as a person.
BETWEEN = 0.1


@dataclass(frozen=True)
class Told:
    """One figure, how it was come by, and whether it is within the budget."""

    name: str
    figure: str
    how: str
    within: bool


def measured(database: str) -> list[str]:
    """Measure on that database, print the figures, and say which are beyond the budget."""
    shutil.rmtree(folder_of("evidence"))
    folder = folder_of("evidence")
    try:
        with address_of(database, "evidence", anew=True) as url:
            told = [*_images(url, folder), *_a_gigabyte(url, folder)]
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(f"\nEvidence on {database}")
    for one in told:
        print(f"  {one.name:<44}{one.figure:>9}  {one.how}{'' if one.within else '  <-'}")
    return [f"{database}, {one.name}: {one.figure}" for one in told if not one.within]


def _images(url: str, folder: Path) -> Iterator[Told]:
    """Receive a disc of images, then have the worker read what they say of themselves; each way twice."""
    disc = folder / "disc"
    paths = list(_repeated(disc))
    keep_what_is_here()  # as `wsgi.py` does for the command; and the plain ways have the good of it too
    warm_ups, rounds = paths[:WARM_UPS], (paths[WARM_UPS : WARM_UPS + IMAGES], paths[WARM_UPS + IMAGES :])
    alone = min(map(_read_alone, rounds))
    with _office(url, folder) as (app, reference):
        _received(reference, disc, warm_ups)  # the plain ways are not timed from a cold start either
        _until(app, Examination.id.is_not(None))
        took = []
        for some in rounds:
            plain = _written(some, folder / "plain")  # right before: disks have moods
            took.append((plain, _received(reference, disc, some), _until(app, Examination.kind == "dicom")))
            _until(app, Examination.id.is_not(None))  # what is drawn of them is not in the way of the next
    plain, received, _read = max(took, key=lambda one: one[0] / one[1])
    read = min(one[2] for one in took)
    yield Told(
        f"receiving {IMAGES} images, share of the plain rate",
        f"{plain / received:.0%}",
        f"{received:.2f} s; written and synced in {plain:.2f} s",
        plain / received >= RECEIVED,
    )
    yield Told(
        "what they say of themselves, times pydicom",
        f"{read / alone:.1f}",
        f"{read:.2f} s; pydicom alone {alone:.2f} s",
        read <= READ * alone,
    )


def _a_gigabyte(url: str, folder: Path) -> Iterator[Told]:
    """Send one file of 1 GiB in parts while somebody else reads pages."""
    large = folder / "large.bin"
    with large.open("wb") as file:
        for _ in range(LARGE // PART):
            file.write(os.urandom(PART))
    plain = min(_copied_and_hashed(large) for _ in range(2))
    with _office(url, folder) as (_app, reference):
        delivery = _delivery(reference)
    with served(url, "evidence") as (port, pid):
        sender, reader = Client(port, EMAIL, PASSWORD), Client(port, EMAIL, PASSWORD)
        idle = [_asked(reader, after=BETWEEN) for _ in range(100)]
        before, most, over = max(_held(pid)), [0.0], Event()
        busy: list[float] = []

        def read_on() -> None:
            while not over.is_set():
                busy.append(_asked(reader, after=BETWEEN))
                most[0] = max(most[0], *_held(pid))

        thread = Thread(target=read_on)
        thread.start()
        start = time.perf_counter()
        digest = _send(sender, f"/cases/{reference}/deliveries/{delivery}", large)
        took = time.perf_counter() - start
        over.set()
        thread.join()
    assert digest == hashlib.file_digest(large.open("rb"), "sha256").hexdigest()
    yield Told(
        "1 GiB in parts, share of the rate of cp and sha256",
        f"{plain / took:.0%}",
        f"{took:.1f} s; cp and sha256 {plain:.1f} s",
        plain / took >= TAKEN,
    )
    yield Told(
        "pages of others meanwhile, times their median",
        f"{median(busy) / median(idle):.1f}",
        f"{median(busy):.1f} ms; idle {median(idle):.1f} ms",
        median(busy) <= MEANWHILE * median(idle),
    )
    grown = most[0] - before
    yield Told("growth of a web process, MiB", f"{grown:.0f}", f"from {before:.0f}", grown <= GROWN)


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
    delivery = _delivery(reference)
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


@contextmanager
def _office(url: str, folder: Path) -> Iterator[tuple[Flask, str]]:
    """The application, and the reference of a case of its own without documents."""
    from alembic import command

    config = settings() | {"QUEUE": queue_beside(url, folder)}
    app = create_app(Config(OFFICE=Office.TRIAL, DATA_DIR=folder, DATABASE_URL=url, **config))
    with app.app_context():
        command.upgrade(alembic_config(), "head")
        with db.unit_of_work() as session:
            make = Make(session)
            owner = by_email(session, EMAIL)
            owner = owner or make.account(
                Role.INVESTIGATOR, email=EMAIL, password_hash=passwords.hash_of(PASSWORD)
            )
            reference = make.case(
                CaseStage.DETAILED_INVESTIGATION, whole=False, owner=owner
            ).complaint.reference
        db.close()
        yield app, reference
        db.close()
        db.dispose()


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


def _copied_and_hashed(large: Path) -> float:
    copy = large.with_suffix(".copy")
    start = time.perf_counter()
    subprocess.run(["cp", str(large), str(copy)], check=True)
    subprocess.run(["sync", str(copy)], check=True)
    subprocess.run(["sha256sum", str(copy)], check=True, stdout=subprocess.DEVNULL)
    took = time.perf_counter() - start
    copy.unlink()
    return took


def _delivery(reference: str) -> str:
    """The key of a delivery of that case, into which files can be sent."""
    with db.unit_of_work() as session:
        case = session.scalars(
            select(Case).join(Case.complaint).where(Complaint.reference == reference)
        ).one()
        begun = receiving.begin(
            session,
            case,
            actor=case.owner,
            label="One file",
            supplier=Supplier.THIRD_PARTY,
            supplied_on=clock.today(),
            way=Way.TRANSFER,
            copy_kind=CopyKind.COPY,
        )
        return begun.key


def _send(client: Client, delivery: str, large: Path) -> str:
    """Send the file as our script does: announced, then part by part. Its hash, as the service has it."""
    token = token_in(client.send("GET", f"{delivery}/files")[2].decode())
    announced = {"place": large.name, "bytes": f"{LARGE}", "type": "video/mp4", "modified": "1"}
    said = json.loads(client.send("POST", f"{delivery}/uploads", announced | {"csrf_token": token})[2])
    headers = {"Cookie": client.cookie, "X-CSRFToken": token, "Content-Type": "application/octet-stream"}
    part = bytearray(PART)
    with large.open("rb") as file:
        for number in range(LARGE // PART):
            file.readinto(part)
            client.connection.request("POST", f"{said['parts']}{number}", part, headers)
            said = json.loads(client.connection.getresponse().read())
    assert said["state"] == "entered", said
    return str(said["sha256"])


def _asked(client: Client, *, after: float) -> float:
    """Milliseconds of one page of the caseload, after a pause of so many seconds."""
    time.sleep(after)
    start = time.perf_counter()
    status, _headers, _body = client.send("GET", "/caseload/")
    assert status == 200, status
    return (time.perf_counter() - start) * 1000


def _held(server: int) -> list[float]:
    """MiB that each web process holds."""
    return [resident([pid]) for pid in workers_of(server)]
