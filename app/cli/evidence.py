"""`flask evidence`: taking in a folder or a disc."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup
from sqlalchemy.orm import Session

from app import policy
from app.accounts.models import Account
from app.cases.models import Case
from app.cli.actor import acting, as_option
from app.core import clock
from app.core.errors import CaseworkError
from app.core.kinds import DICOM
from app.core.text import clean
from app.database import db
from app.evidence.models import CopyKind, Supplier, Way
from app.examining import sandbox
from app.imaging.actions import day_of
from app.imaging.identity import Likeness, Patient, compare
from app.organisations.queries import by_code
from app.policy import Permission
from app.receiving import actions, arriving, folders
from app.receiving import queries as deliveries
from app.receiving.folders import REFUSED, Taken

#: How many files are entered in one transaction, which others wait for: half a second. Each is on the disk before.
AT_ONCE = 500

evidence = AppGroup("evidence", help="Look after the stored documents.")


@evidence.command(
    epilog="Example: flask --app wsgi evidence load SR-4F7K-92MC /media/disc --as ada@office.example"
)
@click.argument("reference")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--label", help="What came. Without it: the name of the folder.")
@click.option(
    "--supplier", type=click.Choice([s.value for s in Supplier]), default=Supplier.THIRD_PARTY.value
)
@click.option("--organisation", "code", help="If an organisation supplied it: its code.")
@click.option("--way", type=click.Choice([w.value for w in Way]), default=Way.DISC.value, help="How it came.")
@click.option(
    "--copy", "copy_kind", type=click.Choice([c.value for c in CopyKind]), default=CopyKind.COPY.value
)
@click.option("--on", "supplied_on", type=click.DateTime(["%Y-%m-%d"]), help="When. Without it: today.")
@as_option
def load(
    reference: str,
    folder: Path,
    label: str | None,
    supplier: str,
    code: str | None,
    way: str,
    copy_kind: str,
    supplied_on: datetime | None,
    email: str | None,
) -> None:
    """Enter every file of FOLDER, a folder or a disc, as evidence of the case CASE_REFERENCE.

    Prints a line of JSON for each file. Run twice, it adds nothing; after a crash it goes on.
    Fails if a file was refused: all others are in.
    """
    label = clean(label or folder.resolve().name)[:200]
    asked = {
        "supplier": Supplier(supplier),
        "way": Way(way),
        "copy_kind": CopyKind(copy_kind),
        "supplied_on": supplied_on.date() if supplied_on else clock.today(),
    }
    paths, refused = folders.files_in(folder), 0
    with click.progressbar(length=len(paths), label=reference, file=sys.stderr) as bar:
        for start in range(0, len(paths), AT_ONCE):
            try:
                taken = _take_in(reference, email, label, code, asked, folder, paths[start : start + AT_ONCE])
            except CaseworkError as refusal:
                raise click.ClickException(str(refusal)) from refusal
            for told in taken:
                click.echo(json.dumps(told))
                refused += told["state"] == REFUSED
            bar.update(len(taken))
    sandbox.close_all()
    if refused:
        raise SystemExit(1)


def _take_in(
    reference: str,
    email: str | None,
    label: str,
    code: str | None,
    asked: dict[str, Any],
    folder: Path,
    paths: list[Path],
) -> list[dict[str, Any]]:
    """Enter some of the files, in one transaction, and say what became of each."""
    _whose(db.session, reference, email)  # before anything is kept
    db.close()
    limits = arriving.limits()
    kept = folders.keep(paths, folder, files=arriving.stored(), limits=limits)
    with db.unit_of_work() as session:
        actor, case = _whose(session, reference, email)
        organisation = by_code(session, code) if code else None
        delivery = deliveries.open_one(session, case, label) or actions.begin(
            session, case, actor=actor, label=label, organisation=organisation, **asked
        )
        taken = folders.enter(session, delivery, kept, actor=actor, limits=limits)
    return [_told(each, folder, case) for each in taken]


def _whose(session: Session, reference: str, email: str | None) -> tuple[Account, Case]:
    """Who enters it, and the case it is entered in. Raises `CaseworkError` if they may not."""
    actor = acting(email)
    if actor is None:
        raise click.ClickException("Say who enters it: --as EMAIL.")
    return actor, policy.access_case(session, actor, reference.upper(), Permission.DOCUMENT_ADD)


def _told(taken: Taken, folder: Path, case: Case) -> dict[str, Any]:
    """One file in a line. What an image does not say of itself is null, as it is for what is none."""
    arrived = taken.arrived
    told = {
        "name": taken.place,
        "sha256": arrived.kept.sha256 if arrived else None,
        "bytes": arrived.kept.size if arrived else None,
        "type": arrived.media_type if arrived else None,
        "state": taken.state,
        "problem": taken.problem or None,
        "modality": None,
        "study_date": None,
        "study_uid": None,
        "patient_matches": None,
    }
    if arrived and arrived.media_type == DICOM and taken.state != REFUSED:
        told |= _said(folder / taken.place, case)
    return told


def _said(path: Path, case: Case) -> dict[str, Any]:
    """What the header of an image says; why not, if it cannot be read. `patient_matches` is null if it says too little.

    The file on the disc is read, in a child that has little. The worker reads what was kept of it for itself.
    """
    try:
        said = sandbox.read("dicom.header", path)
    except sandbox.Unreadable as why:
        return {"problem": str(why)}
    born_on = day_of(said["born_on"])
    patient = Patient(said["patient_name"], said["patient_numbers"], born_on)
    likeness = compare(patient, case.complaint).likeness
    return {
        "modality": said["modality"] or None,
        "study_date": said["studied_on"] or None,
        "study_uid": said["study_uid"] or None,
        "patient_matches": None if likeness is Likeness.CANNOT_SAY else likeness is Likeness.MATCHES,
    }
