"""Which organisation came from which. That two records are one is in `merging`."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from app import policy
from app.accounts.models import Account
from app.audit.changes import change
from app.audit.record import record
from app.core import clock
from app.core.errors import RuleBroken
from app.lineage.events import (
    PortalClosed,
    PortalOpened,
    SuccessionCorrected,
    SuccessionRecorded,
    SuccessionWithdrawn,
)
from app.lineage.models import Succession, SuccessionKind
from app.lineage.queries import is_descended, successors_of
from app.organisations.models import Organisation
from app.policy import Permission


def record_succession(
    session: Session,
    was: Organisation,
    *,
    actor: Account,
    to: Organisation,
    kind: SuccessionKind,
    happened_on: date,
    source: str,
    words: str = "",
) -> Succession:
    """Write down what became of an organisation. It moves no allegation and opens nothing to anybody."""
    policy.require(actor, Permission.ORGANISATION_ADD)
    _check_day(happened_on)
    if is_descended(session, was, to):
        raise RuleBroken(f"{was.name} came from {to.name}, or is the same: nothing comes from itself.")
    was.touch()  # of two who record opposite things at the same instant, one is refused
    to.touch()
    if any(one.to_id == to.id for one in successors_of(session, [was])):
        raise RuleBroken(f"It is recorded already that {to.name} came from {was.name}. Correct that instead.")
    made = Succession(
        was=was, to=to, kind=kind, happened_on=happened_on, source=source, words=words, recorded_by=actor
    )
    session.add(made)
    session.flush()
    told = SuccessionRecorded(
        **_between(made), kind=kind.label, happened_on=happened_on, source=source, words=words
    )
    record(session, told, actor=actor)
    return made


def correct_succession(
    session: Session,
    succession: Succession,
    *,
    actor: Account,
    drawn_from: int | None = None,
    kind: SuccessionKind,
    happened_on: date,
    source: str,
    words: str = "",
) -> None:
    """Mend a wrong day or a wrong kind. If it is of the wrong organisations, it is withdrawn instead."""
    policy.require(actor, Permission.ORGANISATION_ADD)
    succession.agree(drawn_from)
    _check_stands(succession)
    _check_day(happened_on)
    answers = {"kind": kind, "happened_on": happened_on, "source": source, "words": words}
    if changes := change(succession, **answers):
        record(session, SuccessionCorrected(**_between(succession), changes=changes), actor=actor)


def withdraw_succession(session: Session, succession: Succession, *, actor: Account, reasons: str) -> None:
    """Say that this never was. It counts no more, and what it opened is closed at once."""
    policy.require(actor, Permission.ORGANISATION_ADD)
    _check_stands(succession)
    succession.withdrawn_at, succession.withdrawn_because = clock.now(), reasons
    record(session, SuccessionWithdrawn(**_between(succession), reasons=reasons), actor=actor)


def open_portal(session: Session, succession: Succession, *, actor: Account, reasons: str) -> None:
    """Let the liaison officers of the successor see and answer what is the predecessor's."""
    policy.require(actor, Permission.SUCCESSION_OPEN)
    _check_stands(succession)
    if succession.opened_at is not None:
        raise RuleBroken("The portal is open to them already.")
    succession.opened_at, succession.opened_by_id = clock.now(), actor.id
    succession.opened_because = reasons
    record(session, PortalOpened(**_between(succession), reasons=reasons), actor=actor)


def close_portal(session: Session, succession: Succession, *, actor: Account) -> None:
    """Let them see what is the predecessor's no longer, from their next request on."""
    policy.require(actor, Permission.SUCCESSION_OPEN)
    if succession.opened_at is None:
        raise RuleBroken("The portal is not open to them.")
    succession.opened_at, succession.opened_by_id, succession.opened_because = None, None, ""
    record(session, PortalClosed(**_between(succession)), actor=actor)


def _between(succession: Succession) -> dict[str, str]:
    return {
        "succession": succession.key,
        "was": succession.was.known_as,
        "to": succession.to.known_as,
    }


def _check_stands(succession: Succession) -> None:
    if succession.withdrawn_at is not None:
        raise RuleBroken("This has been withdrawn already.")


def _check_day(happened_on: date) -> None:
    if happened_on > clock.today():
        raise RuleBroken(
            "Record it once it has happened: the day must not be in the future.", field="happened_on"
        )
