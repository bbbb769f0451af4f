"""Browsers from which somebody has signed in before: their tries are counted apart from those of strangers.

So nobody can keep somebody else from signing in by failing at their account. Knowing a device opens
nothing: the password and the second factor are asked for all the same.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from app.accounts.events import DeviceForgotten
from app.accounts.models import Account, KnownDevice
from app.audit.record import record
from app.core import clock, sealing
from app.core.errors import NotFound

#: How long a device stays known that is not used, and how many an account has at most: the latest.
KNOWN_FOR = timedelta(days=365)
MOST = 20
#: What a token of ours looks like; see `new_token`.
TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


def new_token() -> str:
    """256 random bits, which only the browser keeps."""
    return secrets.token_urlsafe(32)


def remember(session: Session, account: Account, token: str, *, browser: str) -> None:
    """Know this browser from now on: somebody has wholly signed in from it. Beyond `MOST` the oldest goes."""
    there = session.scalar(select(KnownDevice).where(KnownDevice.token_hash == _hash(account, token)))
    if there is None:
        there = KnownDevice(account_id=account.id, token_hash=_hash(account, token))
        session.add(there)
    there.browser, there.last_seen_at, there.ended_at = browser[:200], clock.wall(), None
    session.flush()
    kept = [device.id for device in of_account(session, account)]
    others = KnownDevice.account_id == account.id, KnownDevice.ended_at.is_(None), KnownDevice.id.not_in(kept)
    session.execute(update(KnownDevice).where(*others).values(ended_at=clock.wall()))


def knows(session: Session, account: Account | None, token: str) -> bool:
    """Whether this browser is known to have signed in to this account; looked up also for nobody's."""
    mine = select(KnownDevice.id).where(*_living(), KnownDevice.token_hash == _hash(account, token))
    return bool(token) and session.scalar(mine) is not None and account is not None


def of_account(session: Session, account: Account) -> Sequence[KnownDevice]:
    """The devices an account is known from, last used first."""
    mine = select(KnownDevice).where(*_living(), KnownDevice.account_id == account.id)
    return session.scalars(
        mine.order_by(KnownDevice.last_seen_at.desc(), KnownDevice.id.desc()).limit(MOST)
    ).all()


def forget(session: Session, number: int, *, actor: Account) -> None:
    """Know one of one's own devices no longer. Raises `NotFound`."""
    device = session.get(KnownDevice, number)
    if device is None or device.account_id != actor.id or device.ended_at is not None:
        raise NotFound("There is no such device.")
    device.ended_at = clock.wall()
    record(session, DeviceForgotten(account=actor.key), actor=actor)


def forget_all(session: Session, account: Account) -> None:
    """Know no device of this account any more: its password is another, or it is suspended."""
    mine = KnownDevice.account_id == account.id, KnownDevice.ended_at.is_(None)
    session.execute(update(KnownDevice).where(*mine).values(ended_at=clock.wall()))


def _living() -> tuple[ColumnElement[bool], ...]:
    return KnownDevice.ended_at.is_(None), KnownDevice.last_seen_at > clock.wall() - KNOWN_FOR


def _hash(account: Account | None, token: str) -> str:
    return sealing.hash_of(f"device of {account.key if account else 'nobody'}: {token}")
