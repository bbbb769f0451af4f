from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.models import Account
from app.core.errors import NotFound
from app.factors.models import Authenticator, Passkey, RecoveryCode

#: How many passkeys an account may have, which is how many are ever shown.
MOST_PASSKEYS = 20


def has_one(session: Session, account: Account) -> bool:
    """Whether the account has a second factor. Recovery codes are none: they stand in for one."""
    mine = (select(kind.id).where(kind.account_id == account.id) for kind in (Authenticator, Passkey))
    return any(session.scalar(wanted.limit(1)) for wanted in mine)


def authenticator_of(session: Session, account: Account) -> Authenticator | None:
    return session.scalar(select(Authenticator).where(Authenticator.account_id == account.id))


def passkeys_of(session: Session, account: Account) -> Sequence[Passkey]:
    """The passkeys of an account, in the order in which they were added."""
    mine = select(Passkey).where(Passkey.account_id == account.id).order_by(Passkey.id)
    return session.scalars(mine.limit(MOST_PASSKEYS)).all()


def passkey_of(session: Session, account: Account, number: int) -> Passkey:
    """That passkey of this account. Raises `NotFound`."""
    found = session.scalar(select(Passkey).where(Passkey.account_id == account.id, Passkey.id == number))
    if found is None:
        raise NotFound("There is no such passkey.")
    return found


def recovery_codes_left(session: Session, account: Account) -> int:
    left = RecoveryCode.account_id == account.id, RecoveryCode.used_at.is_(None)
    return session.scalar(select(func.count()).select_from(RecoveryCode).where(*left)) or 0
