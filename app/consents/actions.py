"""Consents: given, mended in what shows them, and withdrawn. None is ever removed."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy.orm import Session

from app import policy
from app.accounts.models import Account
from app.audit.changes import change as change_row
from app.audit.record import record
from app.complaints.models import Complaint
from app.consents.events import ConsentChanged, ConsentGiven, ConsentWithdrawn
from app.consents.models import Consent, ConsentWay
from app.core import clock
from app.core.errors import RuleBroken
from app.evidence.models import Document
from app.people.models import Person
from app.policy import Permission
from app.reference.lists import consent_scopes, version_of


def give(
    session: Session,
    complaint: Complaint,
    *,
    actor: Account,
    giver: Person,
    to: Person | None = None,
    scopes: Collection[str],
    words: str = "",
    given_on: date,
    way: ConsentWay,
    until_on: date | None = None,
    document: Document | None = None,
    evidence: str = "",
) -> Consent:
    """Record what somebody in the complaint consented to: for another who acts for them, or for us.

    `until_on` is its last day. Raises `RuleBroken` where it names nobody who could give or have it, or days
    that cannot be.
    """
    policy.require(actor, Permission.CONSENT_RECORD, complaint)
    _check_people(complaint, giver, to, given_on)
    _check_scopes(scopes, to, words)
    _check_days(given_on, until_on)
    check_document(complaint, document)
    consent = Consent(
        complaint=complaint,
        number=len(complaint.consents) + 1,
        giver=giver,
        to=to,
        scopes=[key for key in consent_scopes() if key in scopes],
        list_version=version_of("consents"),
        words=words,
        given_on=given_on,
        way=way,
        until_on=until_on,
        document=document,
        evidence=evidence,
        recorded_by=actor,
    )
    session.add(consent)
    given = ConsentGiven(
        consent=consent.number,
        giver=giver.key,
        to=to.key if to else None,
        scopes=consent.scopes,
        list_version=consent.list_version,
        words=words,
        given_on=given_on,
        way=way,
        until_on=until_on,
    )
    record(session, given, actor=actor, complaint=complaint)
    return consent


def change(
    session: Session,
    consent: Consent,
    *,
    actor: Account,
    drawn_from: int | None = None,
    until_on: date | None = None,
    document: Document | None = None,
    evidence: str = "",
) -> None:
    """Mend until when it holds, or say what shows it. What it covers is never changed: that is another consent."""
    policy.require(actor, Permission.CONSENT_RECORD, consent.complaint)
    consent.agree(drawn_from)
    if consent.withdrawn_on is not None:
        raise RuleBroken("It was withdrawn. If they consent again, record another consent.")
    _check_days(consent.given_on, until_on)
    check_document(consent.complaint, document)
    wanted = {"until_on": until_on, "document_id": document.id if document else None, "evidence": evidence}
    if changes := change_row(consent, **wanted):
        changed = ConsentChanged(consent=consent.number, changes=changes)
        record(session, changed, actor=actor, complaint=consent.complaint)


def withdraw(session: Session, consent: Consent, *, actor: Account, on: date, reasons: str) -> None:
    """Record that somebody withdrew their consent. It ends from that day; what was done before stays done."""
    policy.require(actor, Permission.CONSENT_RECORD, consent.complaint)
    if consent.withdrawn_on is not None:
        raise RuleBroken("This consent has been withdrawn already.")
    if not consent.given_on <= on <= clock.today():
        raise RuleBroken("Enter a day from when it was given until today.", field="on")
    consent.withdrawn_on, consent.withdrawn_by, consent.withdrawn_because = on, actor, reasons
    withdrawn = ConsentWithdrawn(consent=consent.number, withdrawn_on=on, because=reasons)
    record(session, withdrawn, actor=actor, complaint=consent.complaint)


def check_document(complaint: Complaint, document: Document | None) -> None:
    """Raise `RuleBroken` unless the document, if there is one, is of the case of this complaint."""
    if document is not None and document.case.complaint_id != complaint.id:
        raise RuleBroken("Select a document of this case.", field="document")


def _check_people(complaint: Complaint, giver: Person, to: Person | None, given_on: date) -> None:
    there = {party.person_id for party in complaint.parties}
    if giver.id not in there:
        raise RuleBroken("Select somebody who is in this complaint.", field="giver")
    if to is not None and to.id not in there:
        raise RuleBroken("Select somebody who is in this complaint.", field="to")
    if to is giver:
        raise RuleBroken("Nobody needs their own consent to act for themselves.", field="to")
    if giver.died_on and given_on > giver.died_on:
        raise RuleBroken(
            f"{giver.name} had died by then. Say by what other right somebody acts for them.", field="giver"
        )


def _check_scopes(scopes: Collection[str], to: Person | None, words: str) -> None:
    known = {key: one for key, one in consent_scopes().items() if not one.ended}
    if not scopes or not set(scopes) <= set(known):
        raise RuleBroken("Select what they consent to.", field="scopes")
    chosen = [known[key] for key in scopes]
    if any(one.acts for one in chosen) != (to is not None):
        raise RuleBroken("Say who acts for them, and tick that somebody does; or do neither.", field="to")
    if any(one.say_what for one in chosen) and not words:
        raise RuleBroken("Enter what else they consent to.", field="words")


def _check_days(given_on: date, until_on: date | None) -> None:
    if given_on > clock.today():
        raise RuleBroken("A consent cannot be given in the future.", field="given_on")
    if until_on and until_on < given_on:
        raise RuleBroken("Its last day must not be before the day it was given.", field="until_on")
