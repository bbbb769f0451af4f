from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from app import policy
from app.accounts.models import Account
from app.allegations.models import Allegation
from app.audit.record import record, record_all
from app.cases import corrections
from app.cases.models import Case
from app.consents import scopes
from app.consents.scopes import Act
from app.core import clock
from app.core.errors import RuleBroken
from app.core.files import Kept
from app.evidence import linking, provenance
from app.evidence.events import DisclosureWithdrawn, DocumentDisclosed, DocumentReceived
from app.evidence.models import CopyKind, Disclosure, Document, Supplier, Way
from app.organisations.models import Organisation
from app.policy import Permission

if TYPE_CHECKING:
    from app.receiving.models import Delivery


@dataclass(frozen=True, kw_only=True)
class Arrived:
    """A file that is kept already, and what its sender said of it."""

    kept: Kept
    filename: str
    media_type: str
    path: str = ""


#: Whoever enters a document may say at once what it bears upon.
link = linking.link


def receive(
    session: Session,
    case: Case,
    *,
    actor: Account,
    kept: Kept,
    filename: str,
    media_type: str,
    title: str,
    supplier: Supplier,
    organisation: Organisation | None = None,
    supplied_on: date,
    copy_kind: CopyKind,
    document_on: date | None = None,
    pages: int | None = None,
    way: Way | None = None,
    delivery: Delivery | None = None,
    path: str = "",
) -> Document:
    """Enter a document whose file is `kept` already: where it came from, and when.

    A document an organisation supplied is disclosed to that organisation from the start.
    """
    policy.require(actor, Permission.DOCUMENT_ADD, case)
    came_from(case, supplier=supplier, organisation=organisation, supplied_on=supplied_on)
    if document_on and document_on > supplied_on:
        raise RuleBroken("Its own date must not be after the day it reached us.", field="document_on")
    return enter(
        session,
        case,
        actor=actor,
        kept=kept,
        filename=filename,
        media_type=media_type,
        title=title,
        supplier=supplier,
        organisation=organisation,
        supplied_on=supplied_on,
        copy_kind=copy_kind,
        document_on=document_on,
        pages=pages,
        way=way,
        delivery=delivery,
        path=path,
    )


def receive_all(
    session: Session,
    case: Case,
    *,
    actor: Account,
    arrived: Sequence[Arrived],
    supplier: Supplier,
    organisation: Organisation | None,
    supplied_on: date,
    copy_kind: CopyKind,
    way: Way | None,
    delivery: Delivery | None = None,
) -> list[Document]:
    """Enter many documents that came together, each under the name of its file."""
    policy.require(actor, Permission.DOCUMENT_ADD, case)
    came_from(case, supplier=supplier, organisation=organisation, supplied_on=supplied_on)
    told = {
        "supplier": supplier,
        "supplied_by_organisation": organisation,
        "supplied_on": supplied_on,
        "copy_kind": copy_kind,
        "way": way,
        "delivery": delivery,
    }
    documents = [_document(case, each, actor=actor, title=each.filename, **told) for each in arrived]
    _enter(session, case, documents, actor=actor)
    return documents


def came_from(
    case: Case, *, supplier: Supplier, organisation: Organisation | None, supplied_on: date
) -> None:
    """Raise `RuleBroken` unless this may be said of something that came to the case."""
    if (supplier is Supplier.ORGANISATION) != (organisation is not None):
        raise RuleBroken("Select which organisation supplied it, if one did.", field="organisation")
    if organisation is not None and organisation not in parties_of(case):
        raise RuleBroken("Select an organisation that is party to this case.", field="organisation")
    if supplied_on > clock.today():
        raise RuleBroken("The day it reached us must not be in the future.", field="supplied_on")


def enter(
    session: Session,
    case: Case,
    *,
    actor: Account,
    kept: Kept,
    filename: str,
    media_type: str,
    title: str,
    supplier: Supplier,
    organisation: Organisation | None,
    supplied_on: date,
    copy_kind: CopyKind,
    document_on: date | None = None,
    pages: int | None = None,
    way: Way | None = None,
    delivery: Delivery | None = None,
    path: str = "",
) -> Document:
    """Enter a document on behalf of an action that has asked whether it may: `receive`, or a submission."""
    document = _document(
        case,
        Arrived(kept=kept, filename=filename, media_type=media_type, path=path),
        actor=actor,
        title=title,
        supplier=supplier,
        supplied_by_organisation=organisation,
        supplied_on=supplied_on,
        copy_kind=copy_kind,
        document_on=document_on,
        pages=pages,
        way=way,
        delivery=delivery,
    )
    _enter(session, case, [document], actor=actor)
    return document


def _document(case: Case, arrived: Arrived, *, actor: Account, **told: Any) -> Document:
    """What arrived, as a document of the case; `told` is what was said of where it came from."""
    return Document(
        case=case,
        added_by=actor,
        filename=arrived.filename,
        media_type=arrived.media_type,
        path=arrived.path,
        sha256=arrived.kept.sha256,
        size=arrived.kept.size,
        **told,
    )


def disclose(
    session: Session,
    document: Document,
    *,
    actor: Account,
    organisation: Organisation,
    original_is_meant: bool = False,
) -> None:
    """Let an organisation that is party to the case see the document through its own door."""
    policy.require(actor, Permission.DOCUMENT_DISCLOSE, document.case)
    provenance.require_standing(document)
    if organisation not in parties_of(document.case):
        raise RuleBroken("Select an organisation that is party to this case.", field="organisation")
    if document.is_disclosed_to(organisation.id):
        raise RuleBroken(f"{organisation.name} can see this document already.", field="organisation")
    provenance.require_meant(document, original_is_meant)
    scopes.require(document.case.complaint, Act.GIVE_TO_ORGANISATION, field="organisation")
    document.disclosures.append(Disclosure(organisation=organisation, disclosed_by_id=actor.id))
    told = DocumentDisclosed(document=document.key, title=document.title, organisation=organisation.known_as)
    record(session, told, actor=actor, complaint=document.case.complaint)


def withdraw_disclosure(
    session: Session, document: Document, *, actor: Account, organisation: Organisation
) -> None:
    """End an organisation's sight of a document, from the next request on."""
    policy.require(actor, Permission.DOCUMENT_DISCLOSE, document.case)
    if not document.is_disclosed_to(organisation.id):
        raise RuleBroken(f"{organisation.name} cannot see this document now.")
    if document.supplied_by_organisation is organisation and organisation in parties_of(document.case):
        raise RuleBroken(f"{organisation.name} supplied this document itself.")
    _withdraw(session, document, organisation, actor=actor)


def correct_organisation(
    session: Session,
    case: Case,
    allegation: Allegation,
    *,
    actor: Account,
    organisation: Organisation,
    reasons: str,
) -> None:
    """Lay an allegation at another door, and end what the wrong one could see if it is party no more."""
    wrong = allegation.organisation
    corrections.correct_organisation(
        session, case, allegation, actor=actor, organisation=organisation, reasons=reasons
    )
    if wrong not in parties_of(case):
        for document in case.documents:
            if document.is_disclosed_to(wrong.id):
                _withdraw(session, document, wrong, actor=actor)


def parties_of(case: Case) -> list[Organisation]:
    """The organisations that are party to the case, each once, in the order of the allegations."""
    return list(dict.fromkeys(allegation.organisation for allegation in case.allegations))


def _withdraw(session: Session, document: Document, organisation: Organisation, *, actor: Account) -> None:
    for disclosure in document.disclosures:
        if disclosure.organisation_id == organisation.id and disclosure.withdrawn_at is None:
            disclosure.withdrawn_at = clock.now()
    told = DisclosureWithdrawn(
        document=document.key, title=document.title, organisation=organisation.known_as
    )
    record(session, told, actor=actor, complaint=document.case.complaint)


def _enter(session: Session, case: Case, documents: Sequence[Document], *, actor: Account) -> None:
    """Add what was made of files that are kept, with an entry of the record for each."""
    session.add_all(documents)
    for document in documents:
        if document.supplied_by_organisation is not None:
            document.disclosures.append(
                Disclosure(organisation=document.supplied_by_organisation, disclosed_by_id=actor.id)
            )
    session.flush()
    record_all(
        session, [_received(document) for document in documents], actor=actor, complaint=case.complaint
    )


def _received(document: Document) -> DocumentReceived:
    organisation = document.supplied_by_organisation
    return DocumentReceived(
        document=document.key,
        title=document.title,
        sha256=document.sha256,
        size=document.size,
        supplier=document.supplier,
        organisation=organisation.known_as if organisation else None,
        supplied_on=document.supplied_on,
    )
