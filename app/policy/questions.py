from __future__ import annotations

from typing import Any

from app.accounts.models import Account
from app.core.errors import NotPermitted
from app.policy.conditions import CONDITIONS
from app.policy.grants import GRANTS
from app.policy.permissions import Permission


def refusal(account: Account, permission: Permission, record: Any = None) -> str | None:
    """Why not, in words for the person who asked; None when they may."""
    if not account.is_active or not any(permission in GRANTS[role] for role in account.roles):
        return "Your role does not allow this."
    if record is None:
        return None
    for holds, otherwise in CONDITIONS.get(permission, {}).items():
        if not holds(account, record):
            return otherwise
    return None


def may(account: Account, permission: Permission, record: Any = None) -> bool:
    return refusal(account, permission, record) is None


def require(actor: Account | None, permission: Permission, record: Any = None) -> None:
    """Raise `NotPermitted` unless they may. No actor is the operator, who may."""
    if actor and (reason := refusal(actor, permission, record)):
        raise NotPermitted(reason)
