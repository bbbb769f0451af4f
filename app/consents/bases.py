"""By what right a party acts for another: said, then accepted by a named person. A later one replaces it."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from app import policy
from app.accounts.models import Account
from app.audit.record import record
from app.complaints.models import Part, Party
from app.consents.actions import check_document
from app.consents.events import BasisAccepted, BasisSaid
from app.consents.models import Basis, BasisKind
from app.consents.rights import acts_for_another, are_of_age
from app.core import clock
from app.core.errors import RuleBroken
from app.evidence.models import Document
from app.people.models import Person
from app.policy import Permission


def say(
    session: Session,
    party: Party,
    *,
    actor: Account,
    kind: BasisKind,
    words: str = "",
    document: Document | None = None,
    evidence: str = "",
) -> Basis:
    """Say by what right a party acts for the person affected, and what shows it: s.9(3).

    Raises `RuleBroken` for a right that nobody has, by what is known of the person affected.
    """
    complaint = party.complaint
    policy.require(actor, Permission.CONSENT_RECORD, complaint)
    if not acts_for_another(party, complaint.parties):
        raise RuleBroken(f"{party.person.name} acts for nobody else here.")
    _check(kind, complaint.people_as(Part.PERSON_AFFECTED), words, clock.today())
    check_document(complaint, document)
    basis = Basis(
        number=len(party.bases) + 1,
        kind=kind,
        words=words,
        document=document,
        evidence=evidence,
        said_by=actor,
    )
    party.bases.append(basis)
    said = BasisSaid(
        person=party.person.key,
        part=party.part,
        kind=kind,
        words=words,
        evidence=evidence,
        document=document.key if document else None,
    )
    record(session, said, actor=actor, complaint=complaint)
    return basis


def accept(session: Session, basis: Basis, *, actor: Account, reasons: str) -> None:
    """Accept what was shown for a basis. A consent needs no acceptance: it is recorded as a consent."""
    complaint = basis.party.complaint
    policy.require(actor, Permission.BASIS_ACCEPT, complaint)
    if basis is not basis.party.standing_basis:
        raise RuleBroken("Another basis has been said since. Look at that one.")
    if basis.accepted_by is not None:
        raise RuleBroken(f"{basis.accepted_by.name} has accepted this already.")
    if basis.kind is BasisKind.CONSENT:
        raise RuleBroken("Record the consent itself: while it is in force it is its own evidence.")
    _check(basis.kind, complaint.people_as(Part.PERSON_AFFECTED), basis.words, clock.today())
    basis.accepted_at, basis.accepted_by, basis.accepted_because = clock.now(), actor, reasons
    party = basis.party
    accepted = BasisAccepted(person=party.person.key, part=party.part, kind=basis.kind, because=reasons)
    record(session, accepted, actor=actor, complaint=complaint)


def _check(kind: BasisKind, affected: list[Person], words: str, day: date) -> None:
    has_died = any(person.died_on for person in affected)
    if has_died and not kind.outlives_them:
        raise RuleBroken(
            "The person affected has died. Choose the personal representative, the family, or another who is"
            " suitable to represent them.",
            field="kind",
        )
    if kind is BasisKind.PERSONAL_REPRESENTATIVE and not has_died:
        raise RuleBroken(
            "No day of death is recorded. Record it with the person affected first, or choose another right.",
            field="kind",
        )
    if kind in {BasisKind.FAMILY, BasisKind.SUITABLE} and not has_died and not words:
        raise RuleBroken("Enter why the person affected cannot act for themselves.", field="words")
    if kind is BasisKind.PARENT and are_of_age(affected, day):
        raise RuleBroken(
            "The person affected is 18 or older: they act, or consent, themselves.", field="kind"
        )
