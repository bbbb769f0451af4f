"""Files on their way: the steps between the disk and the record, for pages and for the worker.

Each step is safe to take again. A part is on the disk before it is acknowledged, and acknowledged in a
transaction of its own; what has come whole is kept under its hash, entered, and only then forgotten where
it arrived. No lock of the database is held while the disk works.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from io import BytesIO
from typing import IO

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.errors import RuleBroken
from app.core.files import Files, Gap, TooLarge
from app.core.model import Model
from app.database import db
from app.receiving import actions
from app.receiving.actions import MB, Limits
from app.receiving.models import Upload, UploadState

#: How much one part holds, but for the last.
PART = 8 * MB
#: How much of a part is read at once.
PIECE = 256 * 1024
#: How long what has come whole may wait for whoever sent it to ask for it again, before the worker enters it.
LEFT = timedelta(minutes=2)
#: How long a file may be without its row: longer than any request takes.
ARRIVING = timedelta(hours=2)
#: How many uploads one sweep looks after.
SWEPT = 200


def limits() -> Limits:
    """What this office allows."""
    config = current_app.config
    return Limits(config["EVIDENCE_FILE_MB"] * MB, config["EVIDENCE_CASE_MB"] * MB)


def read_part(body: IO[bytes]) -> BytesIO:
    """The body of a request as far as a part may reach, and a byte more if there is more.

    In pieces: asked for the whole, servers and libraries copy it several times on its way.
    """
    content = BytesIO()
    while piece := body.read(min(PIECE, PART + 1 - content.tell())):
        content.write(piece)
    return content


def take_part(upload: Upload, number: int, content: BytesIO) -> None:
    """Write a part of the upload to the disk, and acknowledge it. Raises `RuleBroken`: nothing of it counts then."""
    offset, upload_id = number * PART, upload.id
    if offset > upload.received or upload.state is not UploadState.ARRIVING:
        raise RuleBroken("This part does not come next. Ask how much is there, and go on from that.")
    if content.tell() != min(PART, upload.size - offset):
        raise RuleBroken("This part is not whole, or longer than was announced. Send it again.")
    name, size = upload.arriving, upload.size
    db.close()
    try:
        content.seek(0)
        reached = stored().append(name, offset, content, limit=size)
    except (Gap, TooLarge, FileNotFoundError):
        raise RuleBroken("This part cannot be taken. Ask how much is there, and go on from that.") from None
    with db.unit_of_work() as session:
        actions.acknowledge(session, session.get_one(Upload, upload_id), offset=offset, reached=reached)


def finish(upload: Upload) -> None:
    """Keep what has come whole, and enter it as a document, once whoever else does the same."""
    upload_id, name = upload.id, upload.arriving
    db.close()
    try:
        kept = stored().finish(name)
    except FileNotFoundError:
        kept = None  # another process was faster, or nothing is left of it
    with db.unit_of_work() as session:
        row = session.get_one(Upload, upload_id)
        if kept is None:
            actions.lose(session, row)
        else:
            actions.enter(session, row, kept)
    stored().forget(name)


def sweep() -> None:
    """Enter what came whole and was left, give up what nobody goes on with, and remove what no row speaks of."""
    whole = select(Upload.id).where(Upload.state == UploadState.ARRIVING, Upload.received == Upload.size)
    for number in db.session.scalars(whole.where(Upload.touched_at < clock.wall() - LEFT).limit(SWEPT)).all():
        finish(db.session.get_one(Upload, number))
    db.close()  # what writes begins a transaction of its own
    _give_up_what_is_old()
    _forget_what_no_row_names()
    take_away_strays()
    db.close()


def stored() -> Files:
    """The store of this office."""
    files: Files = current_app.extensions["files"]
    return files


def _give_up_what_is_old() -> None:
    old = clock.wall() - timedelta(days=current_app.config["UPLOAD_DAYS"])
    with db.unit_of_work() as session:
        silent = select(Upload).where(Upload.state == UploadState.ARRIVING, Upload.touched_at < old)
        for upload in session.scalars(silent.limit(SWEPT)).all():
            actions.give_up(upload)


def _forget_what_no_row_names() -> None:
    """What arrives, is old, and belongs to no upload that is still coming: a crash left it, or it was given up."""
    before = clock.wall() - ARRIVING
    for name, touched_at in list(stored().arriving()):
        if touched_at < before and not _is_coming(db.session, name):
            stored().forget(name)


def _is_coming(session: Session, name: str) -> bool:
    coming = select(Upload.id).where(Upload.arriving == name, Upload.state == UploadState.ARRIVING)
    return session.scalar(coming) is not None


def take_away_strays(prefix: str | None = None) -> None:
    """Of one folder of 256 each minute: what a crash left there between the disk and the commit."""
    if prefix is None:
        prefix = f"{int(clock.wall().timestamp()) // 60 % 256:02x}"
    before = clock.wall() - ARRIVING
    old = [sha256 for sha256, kept_at in stored().listed(prefix) if kept_at < before]
    for sha256 in sorted(set(old) - named(db.session, old)):
        stored().take_away_stray(sha256, before=before)


def named(session: Session, hashes: Sequence[str]) -> set[str]:
    """Which of these contents any row speaks of. Whatever column names content of the store is called
    something that ends in sha256, and is asked, so that no table is forgotten.
    """
    columns = [column for table in Model.metadata.sorted_tables for column in table.c]
    return {
        found
        for start in range(0, len(hashes), 500)
        for column in columns
        if column.name.endswith("sha256")
        for found in session.scalars(select(column).where(column.in_(hashes[start : start + 500])))
    }
