from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app import policy
from app.accounts.models import Account
from app.audit.record import record
from app.cases.models import Case
from app.core import clock
from app.core.errors import NotPermitted, RuleBroken
from app.core.files import Files, Kept
from app.core.text import file_size
from app.evidence import actions as evidence
from app.evidence.actions import Arrived
from app.evidence.models import CopyKind, Document, Supplier, Way
from app.organisations.models import Organisation
from app.policy import Permission
from app.receiving import queries
from app.receiving.events import DeliveryBegun, DeliveryClosed
from app.receiving.models import Delivery, Unit, Upload, UploadState

MB = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """How large one file may be, and all of a case together, in bytes."""

    file: int
    case: int


@dataclass
class Room:
    """What a case may hold, and how much it holds, with what has been given a place here."""

    limits: Limits
    held: int

    def take(self, filename: str, size: int) -> None:
        """Give a file a place. Raises `RuleBroken` if it is too large, or the case would be."""
        if size > self.limits.file:
            raise RuleBroken(
                f"{filename} is larger than {file_size(self.limits.file)}, and was not kept. Ask for it in parts."
            )
        if self.held + size > self.limits.case:
            raise RuleBroken(
                f"With {filename} this case would hold more than {file_size(self.limits.case)}. It was not kept:"
                " ask whoever looks after the service for more."
            )
        self.held += size


def begin(
    session: Session,
    case: Case,
    *,
    actor: Account,
    label: str,
    supplier: Supplier,
    organisation: Organisation | None = None,
    supplied_on: date,
    way: Way,
    copy_kind: CopyKind,
    declared: int | None = None,
    unit: Unit | None = None,
    supplements: Delivery | None = None,
) -> Delivery:
    """Say that something came: from whom, when, how, and what it says is in it."""
    policy.require(actor, Permission.DOCUMENT_ADD, case)
    evidence.came_from(case, supplier=supplier, organisation=organisation, supplied_on=supplied_on)
    if (declared is None) != (unit is None):
        raise RuleBroken(
            "Enter how many its label says are in it, and of what; or leave both empty.",
            field="declared" if declared is None else "unit",
        )
    delivery = Delivery(
        case=case,
        label=label,
        supplier=supplier,
        organisation=organisation,
        supplied_on=supplied_on,
        way=way,
        copy_kind=copy_kind,
        declared=declared,
        unit=unit,
        supplements=supplements,
        added_by=actor,
    )
    session.add(delivery)
    session.flush()
    begun = DeliveryBegun(
        delivery=delivery.key,
        label=label,
        supplier=supplier,
        organisation=organisation.known_as if organisation else None,
        supplied_on=supplied_on,
        way=way,
        declared=declared,
        unit=unit,
    )
    record(session, begun, actor=actor, complaint=case.complaint)
    return delivery


def close(session: Session, delivery: Delivery, *, actor: Account) -> None:
    """Say that all of it is in. What was found then stands beside what was declared, whatever comes later."""
    policy.require(actor, Permission.DOCUMENT_ADD, delivery.case)
    _is_open(delivery)
    if any(each.state is UploadState.ARRIVING for each in queries.under_way(session, delivery)):
        raise RuleBroken("Files of it are on their way still. Wait until they are in, or give them up.")
    found = queries.found_in(session, delivery)
    delivery.found, delivery.closed_at = found, clock.now()
    closed = DeliveryClosed(
        delivery=delivery.key,
        label=delivery.label,
        declared=delivery.declared,
        found=found,
        unit=delivery.unit,
        documents=len(delivery.documents),
    )
    record(session, closed, actor=actor, complaint=delivery.case.complaint)


def add(
    session: Session, delivery: Delivery, *, actor: Account, arrived: Arrived, limits: Limits
) -> Document:
    """Enter a file of the delivery that is kept already."""
    [document] = add_all(session, delivery, actor=actor, arrived=[arrived], limits=limits)
    return document


def add_all(
    session: Session, delivery: Delivery, *, actor: Account, arrived: Sequence[Arrived], limits: Limits
) -> list[Document]:
    """Enter files of the delivery that are kept already. Raises `RuleBroken`: none of them is entered then."""
    _is_open(delivery)
    room = room_in(session, delivery.case, limits)
    for each in arrived:
        room.take(each.filename, each.kept.size)
    return _enter(session, delivery, arrived, actor=actor)


def room_in(session: Session, case: Case, limits: Limits) -> Room:
    return Room(limits, queries.bytes_of(session, case))


def announce(
    session: Session,
    delivery: Delivery,
    *,
    actor: Account,
    files: Files,
    limits: Limits,
    filename: str,
    path: str,
    media_type: str,
    modified: str,
    size: int,
) -> Upload:
    """The upload of a file that will come in parts; the one that was begun before, if the same one was."""
    policy.require(actor, Permission.DOCUMENT_ADD, delivery.case)
    place = f"{path}/{filename}" if path else filename
    if begun := _begun(session, delivery, actor, place, size, modified):
        return begun
    _is_open(delivery)
    if size == 0:
        raise RuleBroken(f"{filename} is empty. Choose the file you mean.")
    room_in(session, delivery.case, limits).take(filename, size)
    upload = Upload(
        case_id=delivery.case_id,
        delivery=delivery,
        account=actor,
        filename=filename,
        path=path,
        place=place,
        media_type=media_type,
        modified=modified,
        size=size,
        arriving=files.begin(),
    )
    session.add(upload)
    session.flush()
    return upload


def acknowledge(session: Session, upload: Upload, *, offset: int, reached: int) -> None:
    """Say that a part is safe on disk, if no other process has said so of a later one meanwhile."""
    mine = update(Upload).where(
        Upload.id == upload.id, Upload.received == offset, Upload.state == UploadState.ARRIVING
    )
    session.execute(mine.values(received=reached, touched_at=clock.wall()))
    session.refresh(upload)


def enter(session: Session, upload: Upload, kept: Kept) -> Document | None:
    """Enter what has come whole as a document; the one it is already, if another process was faster.

    None if it cannot be entered any more: the upload says why.
    """
    session.refresh(upload)
    if upload.state is not UploadState.ARRIVING:
        return upload.document
    if kept.size != upload.size:
        _refuse(upload, "It is not as long as was announced. Send it again.")
        return None
    arrived = Arrived(kept=kept, filename=upload.filename, media_type=upload.media_type, path=upload.path)
    try:
        with session.begin_nested():
            [upload.document] = _enter(session, upload.delivery, [arrived], actor=upload.account)
    except (RuleBroken, NotPermitted) as refusal:
        _refuse(upload, str(refusal))
        return None
    upload.state = UploadState.ENTERED
    return upload.document


def lose(session: Session, upload: Upload) -> None:
    """Say that nothing is left of it on the disk, unless it has been entered meanwhile."""
    session.refresh(upload)
    if upload.state is UploadState.ARRIVING:
        _refuse(upload, "What had come of it is gone. Send it again.")


def give_up(upload: Upload) -> None:
    """Let go of what came in part only. Its place in the store is the caller's to forget, after the commit."""
    if upload.state is UploadState.ARRIVING:
        upload.state = UploadState.ABANDONED


def _enter(
    session: Session, delivery: Delivery, arrived: Sequence[Arrived], *, actor: Account
) -> list[Document]:
    return evidence.receive_all(
        session,
        delivery.case,
        actor=actor,
        arrived=arrived,
        supplier=delivery.supplier,
        organisation=delivery.organisation,
        supplied_on=delivery.supplied_on,
        copy_kind=delivery.copy_kind,
        way=delivery.way,
        delivery=delivery,
    )


def _begun(
    session: Session, delivery: Delivery, actor: Account, place: str, size: int, modified: str
) -> Upload | None:
    """An upload of the same file: gone on with, or entered already when it was last changed at the same time."""
    same = select(Upload).where(
        Upload.delivery_id == delivery.id,
        Upload.place == place,
        Upload.account_id == actor.id,
        Upload.size == size,
        Upload.modified == modified,
        Upload.state.in_([UploadState.ARRIVING, *([UploadState.ENTERED] if modified else [])]),
    )
    return session.scalars(same.order_by(Upload.id.desc())).first()


def _is_open(delivery: Delivery) -> None:
    if delivery.closed_at is not None:
        raise RuleBroken("All of this delivery is in, somebody said. Begin another for what came later.")


def _refuse(upload: Upload, problem: str) -> None:
    upload.state, upload.problem = UploadState.REFUSED, problem
