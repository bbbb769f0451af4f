"""Signing in by a passkey alone: it is had, and it has made sure who holds it, so it is two factors at once.

Nobody is signed in yet, so the challenge waits, locked, in the cookie of whoever asked for it; only one that
was signed is written down, so that strangers can ask as often as they like and fill no table.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.accounts.models import Account
from app.core import clock, sealing
from app.core.dialect.asking import insert_unless_there
from app.factors.models import Passkey, UsedChallenge
from app.factors.passkeys import PATIENCE, Site, read_answer, times_used


def ask(site: Site) -> tuple[str, str]:
    """What the browser is to ask any key it has of ours, in JSON; and the challenge, locked, to be kept by it."""
    from webauthn import generate_authentication_options, options_to_json
    from webauthn.helpers.structs import UserVerificationRequirement

    options = generate_authentication_options(
        rp_id=site.host, user_verification=UserVerificationRequirement.REQUIRED
    )
    return options_to_json(options), sealing.lock(f"passkey alone {options.challenge.hex()}")


def whose(session: Session, *, answer: str, locked: str, site: Site) -> Account | None:
    """The account whose key has signed the challenge and made sure who holds it; None if there is none.

    The same challenge counts once, however many send it at the same time.
    """
    given, challenge = read_answer(answer), _unlocked(locked)
    wanted = select(Passkey).where(Passkey.credential == str(given.get("id", "") if given else "")[:1000])
    passkey = session.scalar(wanted) if given and challenge else None
    if given is None or challenge is None or passkey is None or not passkey.account.is_active:
        return None
    used = times_used(passkey, given, challenge, site, made_sure=True)
    if used is None or _holder_in(given) != passkey.account.key.encode() or not _use(session, challenge):
        return None
    passkey.sign_count, passkey.last_used_at = used, clock.now()
    return passkey.account


def _holder_in(given: dict[str, Any]) -> bytes | None:
    """Whose key it is, as the answer says; None where it does not."""
    from webauthn.helpers import base64url_to_bytes

    try:
        return base64url_to_bytes(str(given["response"]["userHandle"]))
    except (ValueError, KeyError, TypeError):
        return None


def _unlocked(locked: str) -> bytes | None:
    words = sealing.unlock(locked, seconds=int(PATIENCE.total_seconds())) if locked else None
    if words is None or not words.startswith("passkey alone "):
        return None
    return bytes.fromhex(words.removeprefix("passkey alone "))


def _use(session: Session, challenge: bytes) -> bool:
    """Whether this challenge is used for the first time, from now on no more."""
    now = clock.wall()
    session.execute(delete(UsedChallenge).where(UsedChallenge.used_at < now - 2 * PATIENCE))
    hashed = sealing.hash_of(challenge.hex())
    return insert_unless_there(session, UsedChallenge, challenge_hash=hashed, used_at=now)
