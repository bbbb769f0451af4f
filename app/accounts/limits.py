"""How often something may be tried. Counted in the database, so limits hold across processes and restarts."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import IPv6Address, ip_address

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from app.accounts.models import AttemptCount
from app.core import clock
from app.core.dialect.asking import count_up


@dataclass(frozen=True)
class Limit:
    """At most `most` tries in each window of time, which begins at multiples of its length."""

    name: str
    most: int
    window: timedelta

    def window_start(self) -> datetime:
        seconds = int(self.window.total_seconds())
        return datetime.fromtimestamp(clock.wall().timestamp() // seconds * seconds, UTC)


SIGN_IN_EMAIL = Limit("sign_in_email", 10, timedelta(minutes=5))
#: From a browser that has signed in to the account before: what strangers try there is not counted with it.
SIGN_IN_DEVICE = Limit("sign_in_device", 10, timedelta(minutes=5))
SIGN_IN_ADDRESS = Limit("sign_in_address", 50, timedelta(minutes=5))
SIGN_IN_ALL = Limit("sign_in_all", 1000, timedelta(minutes=5))
#: Whoever has a living sign-in and shows again that it is them; and the current password of a change.
CONFIRM = Limit("confirm", 5, timedelta(minutes=5))
#: Codes of an authenticator and recovery codes: a guess has three chances in a million.
CODE = Limit("code", 5, timedelta(minutes=5))
CODE_DAY = Limit("code_day", 50, timedelta(days=1))
#: Answers of passkeys that are to sign somebody in alone. They cannot be guessed; this keeps the work small.
PASSKEY_ADDRESS = Limit("passkey_address", 50, timedelta(minutes=5))
FORGOTTEN_EMAIL = Limit("forgotten_email", 3, timedelta(hours=1))
FORGOTTEN_ADDRESS = Limit("forgotten_address", 20, timedelta(hours=1))
FORGOTTEN_ALL = Limit("forgotten_all", 500, timedelta(hours=1))
KEPT_FOR = timedelta(days=1)


def spend(session: Session, limit: Limit, subject: str) -> bool:
    """Count one try and say whether it is within the limit."""
    key = {"limit_name": limit.name, "subject": _hashed(subject), "window_start": limit.window_start()}
    count = count_up(session, AttemptCount, AttemptCount.count, **key)
    if count == 1:
        session.execute(delete(AttemptCount).where(AttemptCount.window_start < clock.wall() - KEPT_FOR))
    return count <= limit.most


def give_back(session: Session, limit: Limit, subject: str) -> None:
    """Uncount a try that succeeded: only failures are limited."""
    session.execute(
        update(AttemptCount)
        .where(
            AttemptCount.limit_name == limit.name,
            AttemptCount.subject == _hashed(subject),
            AttemptCount.window_start == limit.window_start(),
            AttemptCount.count > 0,
        )
        .values(count=AttemptCount.count - 1)
    )


def network_of(address: str | None) -> str:
    """What an address counts as: itself, or for IPv6 its /64, of which one household has billions."""
    try:
        parsed = ip_address(address or "")
    except ValueError:
        return "unknown"
    return parsed.exploded[:19] if isinstance(parsed, IPv6Address) else str(parsed)


def _hashed(subject: str) -> str:
    return hashlib.sha256(subject.strip().lower().encode("utf-8", "replace")).hexdigest()
