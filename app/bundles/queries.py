from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.accounts.models import Account
from app.bundles.models import Bundle, BundlePart, Whom
from app.cases.models import Case
from app.core.errors import NotFound
from app.evidence.models import Document
from app.examining.kinds import LEAVES, TEXTS
from app.examining.models import PageText, Quarantine, Safety
from app.imaging.models import ImagingImage, ImagingSeries
from app.imaging.queries import told
from app.organisations.models import Organisation

#: Bundles one page shows, and documents that can be chosen for one.
MOST_SHOWN, MOST_DOCUMENTS = 50, 500


def of_case(session: Session, case: Case) -> Sequence[Bundle]:
    """The bundles that were asked for, the latest first."""
    asked = select(Bundle).where(Bundle.case_id == case.id)
    asked = asked.options(
        joinedload(Bundle.account), joinedload(Bundle.organisation), selectinload(Bundle.parts)
    )
    return session.scalars(asked.order_by(Bundle.number.desc()).limit(MOST_SHOWN)).all()


def access_bundle(session: Session, account: Account, case: Case, key: str) -> Bundle:
    """The bundle of that key, if this person asked for it. Raises `NotFound`."""
    mine = (Bundle.case_id == case.id, Bundle.key == key, Bundle.account_id == account.id)
    bundle = session.scalar(select(Bundle).where(*mine))
    if bundle is None:
        raise NotFound("There is no bundle of yours here. Bundles are kept for two days.")
    return bundle


def candidates(session: Session, case: Case) -> Sequence[tuple[Document, Quarantine | None]]:
    """The documents that stand, in the order of their dates, each with what is known of its safety."""
    found = select(Document, Quarantine).outerjoin(Quarantine, Quarantine.document_id == Document.id)
    found = found.where(Document.case_id == case.id, Document.withdrawn_at.is_(None))
    found = found.options(
        selectinload(Document.disclosures),
        selectinload(Document.shown_to_complainant),
        joinedload(Document.supplied_by_organisation),
    )
    rows = session.execute(found.order_by(Document.id).limit(MOST_DOCUMENTS))
    return sorted(
        ((document, quarantine) for document, quarantine in rows),
        key=lambda row: (row[0].document_on or row[0].supplied_on, row[0].id),
    )


def held(session: Session, case: Case) -> frozenset[int]:
    """The documents of the case that are images whose patient is, or may be, somebody else."""
    found = select(ImagingImage).join(ImagingImage.document).where(Document.case_id == case.id)
    found = found.options(joinedload(ImagingImage.series).joinedload(ImagingSeries.study))
    images = session.scalars(found)
    return frozenset(image.document_id for image in images if not told(image.series.study).may_go_out)


def can_be_bound(quarantine: Quarantine | None) -> bool:
    """Whether it has pages or words; else it can only be supplied separately."""
    return quarantine is not None and quarantine.media_type in LEAVES | TEXTS


def refusals(
    session: Session, case: Case, whom: Whom, organisation: Organisation | None
) -> Mapping[int, str]:
    """By document, why it may not be in a bundle for these; nothing of those that may."""
    anothers = held(session, case)
    told_of: dict[int, str] = {}
    for document, quarantine in candidates(session, case):
        if document.id in anothers:
            told_of[document.id] = "it is an image that is, or may be, of somebody else"
        elif quarantine is not None and quarantine.state is Safety.INFECTED:
            told_of[document.id] = "a virus was found in it"
        elif why := _not_for_a_party(document, quarantine, whom, organisation):
            told_of[document.id] = why
    return told_of


def words_of(session: Session, document_id: int) -> Sequence[str]:
    """The words of its pages, in their order."""
    words = select(PageText.words).where(PageText.document_id == document_id)
    return session.scalars(words.order_by(PageText.page)).all()


def parts_of(session: Session, bundle_id: int) -> Sequence[tuple[BundlePart, Quarantine | None]]:
    """Its documents in their order, each with what is known of its file."""
    parts = select(BundlePart, Quarantine).where(BundlePart.bundle_id == bundle_id)
    parts = parts.outerjoin(Quarantine, Quarantine.document_id == BundlePart.document_id)
    parts = parts.options(joinedload(BundlePart.document).joinedload(Document.supplied_by_organisation))
    return [(part, quarantine) for part, quarantine in session.execute(parts.order_by(BundlePart.position))]


def _not_for_a_party(
    document: Document, quarantine: Quarantine | None, whom: Whom, organisation: Organisation | None
) -> str:
    if whom is Whom.ADVISER:
        return ""
    seen = document.is_seen_by_complainant if whom is Whom.COMPLAINANT else False
    if organisation is not None:
        seen = document.is_disclosed_to(organisation.id)
    if not seen:
        return "it is not disclosed to them"
    return "" if quarantine and quarantine.may_go_out else "it may not go out before it is scanned and clean"
