"""Officials of organisations, and that there is one link officer at a time."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import policy
from app.accounts.models import Account
from app.audit.changes import change
from app.audit.record import record
from app.contacts.events import ContactAdded, ContactChanged
from app.contacts.models import Contact, ContactKind
from app.core.errors import RuleBroken
from app.organisations.models import Organisation
from app.policy import Permission


def add_contact(
    session: Session,
    organisation: Organisation,
    *,
    actor: Account | None,
    kind: ContactKind,
    name: str,
    from_on: date,
    until_on: date | None = None,
    email: str = "",
    **more: Any,
) -> Contact:
    """Add an official from a day on. `more` are post, telephone, address and note."""
    policy.require(actor, Permission.CONTACT_MANAGE)
    _check(session, organisation, None, kind, from_on, until_on)
    contact = Contact(
        organisation=organisation,
        kind=kind,
        name=name,
        from_on=from_on,
        until_on=until_on,
        email=email.lower(),
        **more,
    )
    session.add(contact)
    session.flush()
    added = ContactAdded(
        contact=contact.key,
        organisation=organisation.known_as,
        kind=kind.label,
        called=name,
        from_on=from_on,
    )
    record(session, added, actor=actor)
    return contact


def change_contact(
    session: Session,
    contact: Contact,
    *,
    actor: Account | None,
    drawn_from: int | None = None,
    kind: ContactKind,
    from_on: date,
    until_on: date | None = None,
    email: str = "",
    **more: Any,
) -> None:
    """Mend a contact, or say until when they were one. They stay on the page among the past ones."""
    policy.require(actor, Permission.CONTACT_MANAGE)
    contact.agree(drawn_from)
    _check(session, contact.organisation, contact, kind, from_on, until_on)
    answers = {"kind": kind, "from_on": from_on, "until_on": until_on, "email": email.lower(), **more}
    if changes := change(contact, **answers):
        told = ContactChanged(
            contact=contact.key,
            organisation=contact.organisation.known_as,
            called=contact.name,
            changes=changes,
        )
        record(session, told, actor=actor)


def _check(
    session: Session,
    organisation: Organisation,
    contact: Contact | None,
    kind: ContactKind,
    from_on: date,
    until_on: date | None,
) -> None:
    if until_on and until_on < from_on:
        raise RuleBroken("The last day must not be before the first.", field="until_on")
    if kind is not ContactKind.LINK_OFFICER:
        return
    officers = select(Contact).where(
        Contact.organisation_id == organisation.id, Contact.kind == ContactKind.LINK_OFFICER
    )
    organisation.touch()  # of two who name one at the same instant, one is refused
    for other in session.scalars(officers):
        if other is not contact and other.overlaps(from_on, until_on):
            raise RuleBroken(
                f"{other.name} is the link officer on some of these days, and there is one at a time. Say first"
                " until when they are.",
                field="from_on",
            )
