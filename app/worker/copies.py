"""Making de-identified copies: each image in the child, then all of them in one archive with neutral names."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from flask import current_app
from sqlalchemy.orm import Session

from app.core import sealing
from app.core.work import Taken
from app.database import db
from app.examining import sandbox
from app.imaging import copies, queries
from app.imaging.models import AdviserCopy
from app.worker.examining import stored_file
from app.worker.notes import surely

#: How long one image may take before the work is thought lost, and the seconds its copying is given.
HELD, SECONDS = timedelta(minutes=5), 120
#: The largest archive kept, in bytes.
LARGEST = 2**31 - 1


def make_copy(taken: Taken[AdviserCopy]) -> None:
    """Copy every image. One that cannot be copied is left out, and why is said; the originals stay as they are."""
    copy = db.session.get_one(AdviserCopy, taken.number)
    copies.require_free(db.session, queries.told(copy.study), [image.document for image in copy.images])
    images = [(image.document_id, image.document.sha256, image.boxes) for image in copy.images]
    secret = sealing.pseudonyms_of(copy.study.case.reference)
    db.close()
    problems: dict[int, str] = {}
    with TemporaryDirectory(prefix="copying-") as folder:
        scratch = Path(folder)
        with ZipFile(scratch / "images.zip", "w", ZIP_STORED) as archive:
            for number, (document_id, sha256, boxes) in enumerate(images, 1):
                surely(lambda session: _hold(session, taken))
                try:
                    _add(archive, f"IM{number:04}.dcm", scratch, sha256, secret, boxes)
                except (sandbox.Unreadable, FileNotFoundError) as why:
                    is_missing = isinstance(why, FileNotFoundError)
                    problems[document_id] = "Its stored file is not there." if is_missing else str(why)
        kept = None
        if len(problems) < len(images):
            with (scratch / "images.zip").open("rb") as file:
                kept = current_app.extensions["copies"].keep(file, limit=LARGEST)
    surely(lambda session: copies.finish(session, taken, kept, problems))


def _hold(session: Session, taken: Taken[AdviserCopy]) -> None:
    taken.hold(session, lease=HELD)


def _add(
    archive: ZipFile, name: str, scratch: Path, sha256: str, secret: str, boxes: list[list[int]]
) -> None:
    out = scratch / "copy.dcm"
    out.unlink(missing_ok=True)
    with stored_file(sha256, scratch) as path, sandbox.lent() as child:
        child.read("deidentify.copy", path, seconds=SECONDS, out=str(out), secret=secret, boxes=boxes)
    # The time of a file in an archive tells when: each has the first there is.
    with out.open("rb") as file, archive.open(ZipInfo(name), "w") as entry:
        while piece := file.read(1024 * 1024):
            entry.write(piece)
