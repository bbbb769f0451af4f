"""De-identified copies of images for an adviser: asked for, and kept once they are made. Originals stay as they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from app import policy
from app.accounts.models import Account
from app.audit.record import record
from app.core.errors import NotPermitted, RuleBroken
from app.core.files import Kept
from app.core.work import Taken
from app.evidence.models import Document
from app.evidence.provenance import require_standing
from app.examining.queries import require_not_infected
from app.imaging import queries
from app.imaging.events import CopyAsked
from app.imaging.models import AdviserCopy, CopiedImage, ImagingStudy, Shows
from app.policy import Permission

#: How many images one copy holds.
MOST_IMAGES = 1000


def ask_for(
    session: Session,
    told: queries.Told,
    *,
    actor: Account,
    documents: Sequence[Document],
    made_for: str,
    reasons: str,
    boxes: Sequence[Sequence[int]] = (),
) -> AdviserCopy:
    """Have copies made of these images of a study, for one person, with these boxes blackened in each.

    A box is left, top, width and height, in points. The worker makes the copies.
    """
    study = told.study
    policy.require(actor, Permission.DOCUMENT_DISCLOSE, study.case)
    if not documents:
        raise RuleBroken("Select the images to be copied.", field="images")
    if len(documents) > MOST_IMAGES:
        raise RuleBroken(f"Select at most {MOST_IMAGES:,} images.", field="images")
    may_be = {image.document for image in images_of(study)}
    for document in documents:
        if document not in may_be:
            raise RuleBroken("Select images of this study.", field="images")
        require_standing(document)
    require_free(session, told, documents)
    copy = AdviserCopy(study=study, asked_by=actor, made_for=made_for, reasons=reasons)
    copy.images = [
        CopiedImage(document=document, boxes=[list(box) for box in boxes]) for document in documents
    ]
    session.add(copy)
    session.flush()
    asked = CopyAsked(
        copy=copy.key,
        called=study.called,
        made_for=made_for,
        reasons=reasons,
        documents=[document.key for document in documents],
        boxes=[list(box) for box in boxes],
    )
    record(session, asked, actor=actor, complaint=study.case.complaint)
    return copy


def images_of(study: ImagingStudy) -> list[queries.ImagingImage]:
    """What of a study can be copied. A report is words about somebody: it is disclosed, or not."""
    return [image for series in study.series for image in series.images if image.shows is Shows.IMAGE]


def require_free(session: Session, told: queries.Told, documents: Sequence[Document]) -> None:
    """Raises `RuleBroken` if the study is held or of somebody else, or a virus was found in one of the files."""
    if not told.may_go_out:
        raise RuleBroken(told.refusal)
    for document in documents:
        try:
            require_not_infected(session, document)
        except NotPermitted as refusal:
            raise RuleBroken(f"{document.place}: {refusal}", field="images") from refusal


def finish(
    session: Session, taken: Taken[AdviserCopy], kept: Kept | None, problems: Mapping[int, str]
) -> AdviserCopy:
    """The copy is there, but for the images that have a problem. Raises `LeaseLost`; without a file, it failed."""
    if kept is None:
        copy = taken.failed(session, "None of the images could be copied.", for_good=True)
    else:
        copy = taken.done(session)
        copy.sha256, copy.size = kept.sha256, kept.size
    for image in copy.images:
        image.problem = problems.get(image.document_id, "")
    return copy
