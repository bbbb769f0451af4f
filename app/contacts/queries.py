from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.accounts.models import Account
from app.contacts.models import Contact, ContactKind
from app.core.errors import NotFound
from app.organisations.models import Organisation

#: How many contacts the page of an organisation shows, those now and those before.
MOST = 100

#: In which order kinds are shown.
ORDER = list(ContactKind)


@dataclass(frozen=True)
class Known:
    """Whom we know at an organisation, and who of its liaison officers signs in with which address."""

    now: Sequence[Contact]
    past: Sequence[Contact]
    officers: Mapping[str, Account]


def known_at(session: Session, organisation: Organisation, day: date) -> Known:
    """Its contacts on a day, and those before and after: the link officer first, of each kind the latest."""
    found = select(Contact).where(Contact.organisation_id == organisation.id)
    latest = session.scalars(found.order_by(Contact.from_on.desc(), Contact.id.desc()).limit(MOST)).all()
    by_kind = sorted(latest, key=lambda one: ORDER.index(one.kind))
    return Known(
        now=[one for one in by_kind if one.holds_on(day)],
        past=[one for one in by_kind if not one.holds_on(day)],
        officers=_officers_by_email(session, organisation) if latest else {},
    )


def contact_of(session: Session, key: str) -> Contact:
    """The contact of that key. Raises `NotFound`."""
    contact = session.scalar(
        select(Contact).where(Contact.key == key).options(joinedload(Contact.organisation))
    )
    if contact is None:
        raise NotFound("There is no such contact.")
    return contact


def _officers_by_email(session: Session, organisation: Organisation) -> Mapping[str, Account]:
    theirs = select(Account).where(Account.organisation_id == organisation.id).limit(MOST)
    return {account.email: account for account in session.scalars(theirs)}


def contact_of_account(session: Session, account: Account) -> Contact | None:
    """The contact of the organisation a liaison officer answers for that has their address; the latest."""
    if account.organisation_id is None:
        return None
    same = Contact.organisation_id == account.organisation_id, Contact.email == account.email
    return session.scalar(
        select(Contact).where(*same).order_by(Contact.from_on.desc(), Contact.id.desc()).limit(1)
    )
