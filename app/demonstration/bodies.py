"""What became of the organisations of the demonstration office, whom to write to there, and what is delegated."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy.orm import Session

from app.contacts import actions as contacts
from app.contacts.models import ContactKind
from app.core import clock
from app.delegations import actions as delegations
from app.demonstration.cast import Cast
from app.lineage import actions as lineage
from app.lineage import merging
from app.lineage.models import SuccessionKind
from app.organisations import actions as organisations
from app.organisations.models import Organisation, OrganisationKind
from app.policy import Permission


def give_a_past(session: Session, cast: Cast) -> None:
    """Successors, a duplicate and contacts, by the people of the office."""
    _successors(session, cast)
    _duplicate(session, cast)
    for trust in cast.trusts:
        officer = cast.liaisons[trust.code]
        _contact(session, cast, trust, ContactKind.LINK_OFFICER, officer.name, email=officer.email)
        _contact(session, cast, trust, ContactKind.CHIEF_EXECUTIVE, "The chief executive’s office")
    provider = cast.others[1]
    _contact(
        session, cast, provider, ContactKind.RADIOLOGY_LEAD, "Dr Ines Okonjo-Marsh", telephone="01632 960417"
    )


def delegate_some(session: Session, cast: Cast) -> None:
    """One delegation in force, and one that was withdrawn."""
    until_on = clock.today() + timedelta(days=60)
    for permission, to in (
        (Permission.DISCRETION_DECIDE, cast.caseworker),
        (Permission.TIME_EXTEND, cast.investigators[0]),
    ):
        made = delegations.delegate(
            session,
            actor=cast.manager,
            permission=permission,
            to=to,
            from_on=clock.today(),
            until_on=until_on,
            instrument="Scheme of delegation, paragraph 4",
        )
    delegations.withdraw(session, made, actor=cast.manager, reasons="It was needed for one week only.")


def _successors(session: Session, cast: Cast) -> None:
    trust, provider = cast.trusts[0], cast.others[1]
    for name, to, kind, closed_on in (
        ("Eastmarch Infirmary NHS Trust", trust, OrganisationKind.NHS_TRUST, date(2019, 3, 31)),
        ("Brightwater Scans LLP", provider, OrganisationKind.INDEPENDENT_PROVIDER, date(2018, 12, 31)),
    ):
        was = organisations.add_by_hand(session, actor=cast.caseworker, name=name, kind=kind)
        session.flush()
        organisations.change_by_hand(
            session, was, actor=cast.caseworker, kind=kind, closed_on=closed_on, known_from="Its last report"
        )
        lineage.record_succession(
            session,
            was,
            actor=cast.caseworker,
            to=to,
            kind=SuccessionKind.MERGED if to is trust else SuccessionKind.RENAMED,
            happened_on=closed_on + timedelta(days=1),
            source="Its last report",
        )


def _duplicate(session: Session, cast: Cast) -> None:
    name, kind = "Brightwater Teleradiology Ltd", OrganisationKind.INDEPENDENT_PROVIDER
    twice = organisations.add_by_hand(session, actor=cast.caseworker, name=name, kind=kind)
    session.flush()
    why = "The same address and the same company number."
    merging.merge(session, twice, actor=cast.manager, into=cast.others[1], reasons=why)


def _contact(
    session: Session, cast: Cast, at: Organisation, kind: ContactKind, name: str, **more: Any
) -> None:
    from_on = clock.today() - timedelta(days=500)
    contacts.add_contact(session, at, actor=cast.caseworker, kind=kind, name=name, from_on=from_on, **more)
