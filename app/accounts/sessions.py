"""Sign-ins, kept on the server: each can be ended at once, and ends by itself when idle or old.

Idle and old are measured by the machine's clock: moving the office's clock is not being away.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload

from app.accounts.models import Account, AccountSession
from app.core import clock

IDLE, IDLE_OUTSIDE = timedelta(minutes=20), timedelta(minutes=15)
LONGEST = timedelta(hours=10)
SEEN_EVERY = timedelta(seconds=60)
MOST_SHOWN = 50


def start(session: Session, account: Account, *, address: str | None, browser: str) -> str:
    """Begin a sign-in and give its token, 256 random bits, which only the browser keeps."""
    token = secrets.token_urlsafe(32)
    session.add(
        AccountSession(token_hash=_hashed(token), account=account, address=address, browser=browser[:200])
    )
    return token


def recognise(session: Session, token: str) -> AccountSession | None:
    """The sign-in of that token, if it is alive and its account is."""
    wanted = select(AccountSession).where(AccountSession.token_hash == _hashed(token))
    whose = joinedload(AccountSession.account)
    theirs = (Account.organisation, Account.held, Account.conflicts, Account.covering)
    wanted = wanted.options(*(whose.joinedload(each) for each in theirs))
    found = session.scalars(wanted).unique().one_or_none()
    return found if found and is_alive(found) else None


def is_alive(signed_in: AccountSession) -> bool:
    now, account = clock.wall(), signed_in.account
    idle = IDLE_OUTSIDE if account.is_liaison else IDLE
    return (
        signed_in.ended_at is None
        and account.is_active
        and now - signed_in.last_seen_at <= idle
        and now - signed_in.started_at <= LONGEST
    )


def see(session: Session, signed_in_id: int) -> None:
    """Note that the sign-in was just used, unless it has been ended meanwhile."""
    alive = AccountSession.id == signed_in_id, AccountSession.ended_at.is_(None)
    session.execute(update(AccountSession).where(*alive).values(last_seen_at=clock.wall()))


def end(session: Session, signed_in_id: int) -> None:
    """End one sign-in. It cannot be revived."""
    alive = AccountSession.id == signed_in_id, AccountSession.ended_at.is_(None)
    session.execute(update(AccountSession).where(*alive).values(ended_at=clock.wall()))


def end_all(session: Session, account: Account) -> None:
    """Sign an account out everywhere."""
    alive = AccountSession.account_id == account.id, AccountSession.ended_at.is_(None)
    session.execute(update(AccountSession).where(*alive).values(ended_at=clock.wall()))


def alive_of(session: Session, account: Account) -> Sequence[AccountSession]:
    """Where the account is signed in now, last used first."""
    alive = select(AccountSession).where(
        AccountSession.account_id == account.id, AccountSession.ended_at.is_(None)
    )
    found = session.scalars(alive.order_by(AccountSession.last_seen_at.desc()).limit(MOST_SHOWN)).all()
    return [signed_in for signed_in in found if is_alive(signed_in)]


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
