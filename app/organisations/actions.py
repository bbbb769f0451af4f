from __future__ import annotations

from sqlalchemy.orm import Session

from app import policy
from app.accounts.models import Account
from app.audit.record import record
from app.core.references import new_code
from app.core.text import searchable
from app.organisations.events import OrganisationAdded
from app.organisations.models import Organisation, OrganisationKind, Source
from app.policy import Permission


def add_by_hand(
    session: Session,
    *,
    actor: Account | None,
    name: str,
    kind: OrganisationKind,
    address: str = "",
    postcode: str = "",
) -> Organisation:
    """Add an organisation that the register does not list, under a code of our own."""
    policy.require(actor, Permission.ORGANISATION_ADD)
    organisation = Organisation(
        code=f"X-{new_code()}",
        name=name,
        search_name=searchable(name),
        kind=kind,
        source=Source.BY_HAND,
        address=address,
        postcode=postcode,
    )
    session.add(organisation)
    added = OrganisationAdded(code=organisation.code, called=name, kind=kind)
    record(session, added, actor=actor)
    return organisation
