from __future__ import annotations

import secrets

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from app import policy
from app.accounts import limits, sessions
from app.accounts.models import Account
from app.audit.record import record
from app.core import clock, sealing
from app.core.errors import RuleBroken
from app.core.references import ALPHABET
from app.factors import codes, queries
from app.factors.events import (
    RecoveryCodesMade,
    RecoveryCodeUsed,
    SecondFactorAdded,
    SecondFactorRemoved,
)
from app.factors.models import Authenticator, Passkey, RecoveryCode
from app.outbox.actions import post
from app.policy import Permission

RECOVERY_CODES, RECOVERY_LETTERS, GROUP = 10, 16, 4  # 16 letters of 29 are 77 random bits
WRONG = "This code is not right, or it has been used. Wait for the next one your app shows."
TOO_OFTEN = "There have been too many attempts. Wait five minutes, then try again."
TOO_MANY_TODAY = "There have been too many attempts today. Try again tomorrow, or ask an administrator."
NOT_WITHOUT = "This office asks everybody for a second factor: add another one before you remove this."


def set_up_authenticator(
    session: Session, account: Account, *, actor: Account, secret: str, code: str
) -> None:
    """Take an authenticator into use that shows it has the secret; another one from before goes."""
    _for_oneself(account, actor)
    step = codes.step_of(secret, code)
    if step is None:
        raise RuleBroken("This is not the code your app shows now. Look again.", field="code")
    before = queries.authenticator_of(session, account)
    if before:
        session.delete(before)
        session.flush()
        record(session, SecondFactorRemoved(account=account.key, what="authenticator"), actor=actor)
    session.add(Authenticator(account=account, secret=sealing.lock(secret), last_step=step))
    record(session, SecondFactorAdded(account=account.key, what="authenticator"), actor=actor)


def remove_authenticator(session: Session, account: Account, *, actor: Account, is_required: bool) -> None:
    _for_oneself(account, actor)
    authenticator = queries.authenticator_of(session, account)
    if authenticator is None:
        raise RuleBroken("There is no authenticator to remove.")
    if is_required and not queries.passkeys_of(session, account):
        raise RuleBroken(NOT_WITHOUT)
    session.delete(authenticator)
    record(session, SecondFactorRemoved(account=account.key, what="authenticator"), actor=actor)
    _tidy(session, account)


def remove_passkey(session: Session, passkey: Passkey, *, actor: Account, is_required: bool) -> None:
    account = passkey.account
    _for_oneself(account, actor)
    is_last = len(queries.passkeys_of(session, account)) == 1
    if is_required and is_last and queries.authenticator_of(session, account) is None:
        raise RuleBroken(NOT_WITHOUT)
    session.delete(passkey)
    record(session, SecondFactorRemoved(account=account.key, what=f"passkey {passkey.name}"), actor=actor)
    _tidy(session, account)


def make_recovery_codes(session: Session, account: Account, *, actor: Account) -> list[str]:
    """Ten new recovery codes, to be shown once; those from before are void."""
    _for_oneself(account, actor)
    if not queries.has_one(session, account):
        raise RuleBroken("Recovery codes stand in for a second factor. Set one up first.")
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))
    made = ["".join(secrets.choice(ALPHABET) for _ in range(RECOVERY_LETTERS)) for _ in range(RECOVERY_CODES)]
    session.add_all(RecoveryCode(account_id=account.id, code_hash=_hashed(code)) for code in made)
    record(session, RecoveryCodesMade(account=account.key), actor=actor)
    return ["-".join(code[at : at + GROUP] for at in range(0, RECOVERY_LETTERS, GROUP)) for code in made]


def forget(session: Session, account: Account, *, actor: Account | None) -> None:
    """Remove every second factor of somebody who has lost them, and sign them out everywhere. They are told."""
    policy.require(actor, Permission.ACCOUNT_MANAGE)
    if account is actor:
        raise RuleBroken("Nobody removes their own second factors here: ask another administrator.")
    if not queries.has_one(session, account):
        raise RuleBroken(f"{account.name} has no second factor.")
    for kind in (Authenticator, Passkey, RecoveryCode):
        session.execute(delete(kind).where(kind.account_id == account.id))
    sessions.end_all(session, account)
    record(session, SecondFactorRemoved(account=account.key, what="all"), actor=actor)
    post(
        session,
        address=account.email,
        subject="Your second factor was removed",
        body="An administrator removed the second factor of your account at our casework service. If you did\n"
        "not ask for this, tell them at once. You set up another one when you next sign in.",
        leads_to="/sign-in",
    )


def try_code(session: Session, account: Account, code: str, *, counted_by: str = "") -> str | None:
    """Why a code is not taken, or None if it was: one an authenticator shows, or a recovery code.

    Refusals are told and not raised, so that the try counts with whatever else this transaction holds.
    Tries are counted by the account, or by what is given instead: a browser it has signed in from before.
    """
    subject = counted_by or account.key
    within_the_day = limits.spend(session, limits.CODE_DAY, subject)
    if not limits.spend(session, limits.CODE, subject):
        return TOO_OFTEN
    if not within_the_day:
        return TOO_MANY_TODAY
    is_right = (
        _use_code(session, account, code) if codes.is_one(code) else _use_recovery(session, account, code)
    )
    if not is_right:
        return WRONG
    for limit in (limits.CODE, limits.CODE_DAY):
        limits.give_back(session, limit, subject)
    return None


def _use_code(session: Session, account: Account, code: str) -> bool:
    """Take a code once: whoever is second, at the same instant or later, finds its step used."""
    authenticator = queries.authenticator_of(session, account)
    secret = sealing.unlock(authenticator.secret) if authenticator else None
    step = codes.step_of(secret, code) if secret else None
    if authenticator is None or step is None:
        return False
    unused = Authenticator.id == authenticator.id, Authenticator.last_step < step
    taken = update(Authenticator).where(*unused).values(last_step=step).returning(Authenticator.id)
    return session.scalar(taken) is not None


def _use_recovery(session: Session, account: Account, code: str) -> bool:
    unused = (
        RecoveryCode.account_id == account.id,
        RecoveryCode.code_hash == _hashed(codes.plain(code)),
        RecoveryCode.used_at.is_(None),
    )
    taken = update(RecoveryCode).where(*unused).values(used_at=clock.wall()).returning(RecoveryCode.id)
    if session.scalar(taken) is None:
        return False
    left = queries.recovery_codes_left(session, account)
    record(session, RecoveryCodeUsed(account=account.key, left=left), actor=account)
    return True


def _tidy(session: Session, account: Account) -> None:
    """Recovery codes go with the last second factor, for which they stood in."""
    session.flush()
    if not queries.has_one(session, account):
        session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))


def _for_oneself(account: Account, actor: Account) -> None:
    if account is not actor:
        raise RuleBroken("Everybody sets up their own second factor.")


def _hashed(code: str) -> str:
    return sealing.hash_of(code.upper().replace("O", "0"))
