"""Sign-ins, kept on the server: each can be ended at once, and ends by itself when idle or old.

Idle and old are measured by the machine's clock: moving the office's clock is not being away.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session, joinedload

from app.accounts.models import Account, AccountSession
from app.core import clock
from app.core.errors import NotFound
from app.delegations.models import Delegation
from app.organisations.models import Organisation

#: For how long what was shown counts, for acts that are sensitive.
FRESH = timedelta(minutes=5)
IDLE, IDLE_OUTSIDE = timedelta(minutes=20), timedelta(minutes=15)
LONGEST = timedelta(hours=10)
SEEN_EVERY = timedelta(seconds=60)
MOST_SHOWN = 50


def start(session: Session, account: Account, *, address: str | None, browser: str, is_whole: bool) -> str:
    """Begin a sign-in and give its token, 256 random bits, which only the browser keeps.

    One that is not whole waits for the second factor, and opens nothing until then.
    """
    token, now = secrets.token_urlsafe(32), clock.wall()
    begun = AccountSession(token_hash=_hashed(token), account=account, address=address, browser=browser[:200])
    begun.started_at = begun.last_seen_at = begun.proved_at = now
    begun.whole_at = now if is_whole else None
    session.add(begun)
    return token


def renew(session: Session, signed_in_id: int, *, is_whole: bool) -> str:
    """Give a sign-in another token, now that its holder has shown more. The old one opens nothing.

    One that has ended meanwhile stays ended, and its new token opens nothing either.
    """
    token, now = secrets.token_urlsafe(32), clock.wall()
    values: dict[str, object] = {"token_hash": _hashed(token), "proved_at": now, "last_seen_at": now}
    if is_whole:
        values["whole_at"] = func.coalesce(AccountSession.whole_at, now)
    session.execute(update(AccountSession).where(*_living(signed_in_id)).values(**values))
    return token


def is_fresh(signed_in: AccountSession) -> bool:
    """Whether its holder has shown lately that it is them."""
    return clock.wall() - signed_in.proved_at <= FRESH


def recognise(session: Session, token: str) -> AccountSession | None:
    """The sign-in of that token, if it is alive and its account is."""
    wanted = select(AccountSession).where(AccountSession.token_hash == _hashed(token))
    whose = joinedload(AccountSession.account)
    theirs = (Account.held, Account.conflicts, Account.covering)
    opened = whose.joinedload(Account.organisation).joinedload(Organisation.opened)
    delegated = whose.joinedload(Account.delegated).joinedload(Delegation.giver).joinedload(Account.held)
    wanted = wanted.options(opened, delegated, *(whose.joinedload(each) for each in theirs))
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
    session.execute(update(AccountSession).where(*_living(signed_in_id)).values(last_seen_at=clock.wall()))


def end(session: Session, signed_in_id: int) -> None:
    """End one sign-in. It cannot be revived."""
    session.execute(update(AccountSession).where(*_living(signed_in_id)).values(ended_at=clock.wall()))


def end_all(session: Session, account: Account, *, but: int | None = None) -> None:
    """Sign an account out everywhere, but for one sign-in if that is named."""
    alive = AccountSession.account_id == account.id, AccountSession.ended_at.is_(None)
    others = [AccountSession.id != but] if but is not None else []
    session.execute(update(AccountSession).where(*alive, *others).values(ended_at=clock.wall()))


def of_account(session: Session, account: Account, number: int) -> AccountSession:
    """That sign-in of this account. Raises `NotFound`."""
    found = session.get(AccountSession, number)
    if found is None or found.account_id != account.id:
        raise NotFound("There is no such sign-in.")
    return found


def alive_of(session: Session, account: Account) -> Sequence[AccountSession]:
    """Where the account is signed in now, last used first."""
    alive = select(AccountSession).where(
        AccountSession.account_id == account.id, AccountSession.ended_at.is_(None)
    )
    found = session.scalars(alive.order_by(AccountSession.last_seen_at.desc()).limit(MOST_SHOWN)).all()
    return [signed_in for signed_in in found if is_alive(signed_in)]


def _living(signed_in_id: int) -> tuple[ColumnElement[bool], ...]:
    return AccountSession.id == signed_in_id, AccountSession.ended_at.is_(None)


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
