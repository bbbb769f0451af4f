from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from app import policy
from app.accounts.models import Account
from app.audit.changes import change
from app.audit.record import record
from app.core import clock
from app.core.errors import RuleBroken
from app.core.references import new_code
from app.core.text import searchable
from app.organisations.events import (
    ArrangementChanged,
    ArrangementRecorded,
    OrganisationAdded,
    OrganisationChanged,
)
from app.organisations.models import Arrangement, Organisation, OrganisationKind, Source
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


def change_by_hand(
    session: Session,
    organisation: Organisation,
    *,
    actor: Account | None,
    drawn_from: int | None = None,
    kind: OrganisationKind,
    address: str = "",
    postcode: str = "",
    opened_on: date | None = None,
    closed_on: date | None = None,
    known_from: str,
) -> None:
    """Mend what was entered by hand, or say that it has closed. Checks that rested on it are asked for again."""
    policy.require(actor, Permission.ORGANISATION_ADD)
    organisation.agree(drawn_from)
    if organisation.source is not Source.BY_HAND:
        raise RuleBroken("What the register says of an organisation is changed by the register alone.")
    if opened_on and closed_on and closed_on < opened_on:
        raise RuleBroken("It cannot close before it opens.", field="closed_on")
    if closed_on and closed_on > clock.today():
        raise RuleBroken("The day it closed must not be in the future.", field="closed_on")
    answers = {
        "kind": kind,
        "address": address,
        "postcode": postcode,
        "opened_on": opened_on,
        "closed_on": closed_on,
    }
    if changes := change(organisation, **answers):
        told = OrganisationChanged(organisation=organisation.known_as, known_from=known_from, changes=changes)
        record(session, told, actor=actor)


def record_arrangement(
    session: Session,
    organisation: Organisation,
    *,
    actor: Account | None,
    with_whom: str,
    began_on: date,
    ended_on: date | None = None,
    source: str,
) -> Arrangement:
    """Write down a period in which a provider provided for the NHS: it is in remit for that (s.2B)."""
    policy.require(actor, Permission.ORGANISATION_ADD)
    if not organisation.is_provider:
        raise RuleBroken("Only providers are in remit by arrangement; this organisation is not one.")
    _check_period(began_on, ended_on)
    made = Arrangement(with_whom=with_whom, began_on=began_on, ended_on=ended_on, source=source)
    organisation.arrangements.append(made)
    told = ArrangementRecorded(
        organisation=organisation.known_as, with_whom=with_whom, began_on=began_on, ended_on=ended_on
    )
    record(session, told, actor=actor)
    return made


def change_arrangement(
    session: Session,
    arrangement: Arrangement,
    *,
    actor: Account | None,
    drawn_from: int | None = None,
    with_whom: str,
    began_on: date,
    ended_on: date | None = None,
    source: str,
) -> None:
    """Mend a period, or say when it ended. Checks that rested on it are asked for again."""
    policy.require(actor, Permission.ORGANISATION_ADD)
    arrangement.agree(drawn_from)
    _check_period(began_on, ended_on)
    answers = {"with_whom": with_whom, "began_on": began_on, "ended_on": ended_on, "source": source}
    if changes := change(arrangement, **answers):
        told = ArrangementChanged(organisation=arrangement.organisation.known_as, changes=changes)
        record(session, told, actor=actor)


def _check_period(began_on: date, ended_on: date | None) -> None:
    if ended_on and ended_on < began_on:
        raise RuleBroken("It cannot end before it begins.", field="ended_on")
