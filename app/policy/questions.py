from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, or_, select

from app.accounts.models import Account, AccountRole
from app.audit import authority
from app.core import clock
from app.core.errors import NotPermitted
from app.delegations.models import Delegation
from app.policy.conditions import CONDITIONS, PERSONAL
from app.policy.grants import DELEGABLE, GRANTS
from app.policy.permissions import Permission


def refusal(account: Account, permission: Permission, record: Any = None) -> str | None:
    """Why not, in words for the person who asked; None when they may."""
    by_role = holds_by_role(account, permission)
    if not account.is_active or not (by_role or delegated_to(account, permission)):
        return "Your role does not allow this."
    if record is None:
        return None
    for holds, otherwise in CONDITIONS.get(permission, {}).items():
        if not holds(account, record):
            return otherwise
    if not by_role and not delegated_to(account, permission, record):
        return "Whoever delegated this to you may not do it here themselves: somebody else has to do this."
    return None


def may(account: Account, permission: Permission, record: Any = None) -> bool:
    return refusal(account, permission, record) is None


def require(actor: Account | None, permission: Permission, record: Any = None) -> None:
    """Raise `NotPermitted` unless they may. No actor is the operator, who may.

    What is then done in this transaction by who may only because it was delegated is recorded as that.
    """
    if not actor:
        return
    if reason := refusal(actor, permission, record):
        raise NotPermitted(reason)
    if not holds_by_role(actor, permission) and (delegation := delegated_to(actor, permission, record)):
        words = DELEGABLE[permission]
        authority.act_under(actor, f"delegation by {delegation.giver.name}: {words[:1].lower()}{words[1:]}")


def holds_by_role(account: Account, permission: Permission) -> bool:
    """Whether one of their roles grants it, whatever was delegated to them."""
    return any(permission in GRANTS[role] for role in account.roles)


def delegated_to(account: Account, permission: Permission, record: Any = None) -> Delegation | None:
    """The delegation by which they hold it today: as long as who gave it still holds it by a role.

    Of a record, one by somebody who may decide about it themselves: no conflict of interest, no author.
    """
    if permission not in DELEGABLE or account.is_liaison:
        return None
    today = clock.today()
    standing = (one for one in account.delegated if one.permission == permission and one.holds_on(today))
    return next((one for one in standing if _confers(one.giver, permission, record)), None)


def holders(permission: Permission, day: date) -> ColumnElement[bool]:
    """The accounts that hold it on a day, by role or by delegation, for lists of whom to ask."""
    roles = [role for role, granted in GRANTS.items() if permission in granted]
    by_role = select(AccountRole.account_id).where(AccountRole.role.in_(roles))
    giver = select(Account.id).where(Account.is_active, Account.id.in_(by_role))
    delegated = select(Delegation.to_id).where(
        Delegation.permission == permission.value,
        Delegation.withdrawn_at.is_(None),
        Delegation.from_on <= day,
        or_(Delegation.until_on.is_(None), Delegation.until_on >= day),
        Delegation.giver_id.in_(giver),
    )
    way = Account.id.in_(by_role)
    return or_(way, Account.id.in_(delegated)) if permission in DELEGABLE else way


def _confers(giver: Account, permission: Permission, record: Any) -> bool:
    if not giver.is_active or not holds_by_role(giver, permission):
        return False
    personal = PERSONAL.intersection(CONDITIONS.get(permission, ()))
    return record is None or all(holds(giver, record) for holds in personal)
