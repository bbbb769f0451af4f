"""Delegating what one holds oneself, and withdrawing it."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import policy
from app.accounts.models import Account
from app.audit.record import record
from app.core import clock
from app.core.errors import NotPermitted, RuleBroken
from app.delegations.events import DelegationMade, DelegationWithdrawn
from app.delegations.models import Delegation
from app.duties.queries import CASEWORK
from app.policy import DELEGABLE, Permission


def delegate(
    session: Session,
    *,
    actor: Account,
    permission: Permission,
    to: Account,
    from_on: date,
    until_on: date | None = None,
    instrument: str,
) -> Delegation:
    """Let somebody take a kind of decision that one may take oneself, by one's own role.

    What is delegated is not delegated on. Conflicts of interest and the rule of the second person hold for
    whoever acts, as for everybody.
    """
    policy.require(actor, Permission.DELEGATION_MAKE)
    if permission not in DELEGABLE:
        raise RuleBroken("This is not a decision that can be delegated.", field="permission")
    if not policy.holds_by_role(actor, permission):
        raise NotPermitted("Nobody delegates what their own role does not give them.")
    if to is actor:
        raise RuleBroken("Nobody delegates to themselves.", field="to")
    if not to.is_active or to.roles.isdisjoint(CASEWORK):
        raise RuleBroken(f"{to.name} does not work on complaints.", field="to")
    if policy.holds_by_role(to, permission):
        raise RuleBroken(f"{to.name} may do this already, by their own role.", field="to")
    if from_on < clock.today():
        raise RuleBroken(
            "It must not begin in the past: it makes nothing right that was done.", field="from_on"
        )
    if until_on and until_on < from_on:
        raise RuleBroken("The last day must not be before the first.", field="until_on")
    _check_not_there_yet(session, actor, to, permission, from_on, until_on)
    made = Delegation(
        permission=permission.value,
        giver=actor,
        to=to,
        from_on=from_on,
        until_on=until_on,
        instrument=instrument,
    )
    session.add(made)
    session.flush()
    told = DelegationMade(**_what(made), from_on=from_on, until_on=until_on, instrument=instrument)
    record(session, told, actor=actor)
    session.expire(to, ["delegated"])
    return made


def withdraw(session: Session, delegation: Delegation, *, actor: Account, reasons: str) -> None:
    """End it at once. Whoever may delegate may do so, not only who did."""
    policy.require(actor, Permission.DELEGATION_MAKE)
    if delegation.withdrawn_at is not None:
        raise RuleBroken("This has been withdrawn already.")
    delegation.withdrawn_at, delegation.withdrawn_by_id = clock.now(), actor.id
    delegation.withdrawn_because = reasons
    record(session, DelegationWithdrawn(**_what(delegation), reasons=reasons), actor=actor)
    session.expire(delegation.to, ["delegated"])


def _check_not_there_yet(
    session: Session,
    actor: Account,
    to: Account,
    permission: Permission,
    from_on: date,
    until_on: date | None,
) -> None:
    there = select(Delegation).where(
        Delegation.giver_id == actor.id,
        Delegation.to_id == to.id,
        Delegation.permission == permission.value,
        Delegation.withdrawn_at.is_(None),
    )
    if any(one.overlaps(from_on, until_on) for one in session.scalars(there)):
        raise RuleBroken(f"You have delegated this to {to.name} for some of these days already.", field="to")


def _what(delegation: Delegation) -> dict[str, str]:
    return {
        "delegation": delegation.key,
        "permission": delegation.permission,
        "what": DELEGABLE[Permission(delegation.permission)],
        "giver": delegation.giver.name,
        "to": delegation.to.name,
    }
