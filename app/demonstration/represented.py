"""By what right those who write to the demonstration office act for others: shown for most, not yet for some."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from app.accounts.models import Account
from app.complaints.models import Complaint, Part
from app.consents import actions as consents
from app.consents import bases
from app.consents.models import BasisKind, ConsentWay
from app.core import clock

#: Complaints, by number, of which nothing shows yet by what right they are brought.
NOT_SHOWN = {3, 10}
#: From the day of receipt, how long the consents last that do not last until they are withdrawn.
LASTING = {6: 12, 12: 30, 18: 40}


def represented(session: Session, caseworker: Account, complaint: Complaint, number: int) -> None:
    """Record a consent for every third complaint, and for the others that a member of the family acts."""
    if number in NOT_SHOWN:
        return
    if number % 3 == 0:
        _consented(session, caseworker, complaint, number)
        return
    party = next(one for one in complaint.parties if one.part is Part.COMPLAINANT)
    words = "Too ill to write or to speak for long."
    basis = bases.say(session, party, actor=caseworker, kind=BasisKind.FAMILY, words=words)
    bases.accept(session, basis, actor=caseworker, reasons="The letter of their practice says so.")


def _consented(session: Session, caseworker: Account, complaint: Complaint, number: int) -> None:
    [complainant], [affected] = (
        complaint.people_as(Part.COMPLAINANT),
        complaint.people_as(Part.PERSON_AFFECTED),
    )
    lasting = LASTING.get(number)
    consents.give(
        session,
        complaint,
        actor=caseworker,
        giver=affected,
        to=complainant,
        scopes=["act", "records", "share_organisations"],
        given_on=clock.today(),
        way=ConsentWay.FORM,
        until_on=clock.today() + timedelta(days=lasting) if lasting else None,
        evidence="The signed form came with the complaint",
    )
