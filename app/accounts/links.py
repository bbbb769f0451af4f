"""Links by which people choose a password themselves: nobody else ever knows one.

A link works once and not for long. A newer one ends it, as do a password, a suspension and another
e-mail address. Looking at it does nothing: programs that read letters look at every link.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload

from app import policy
from app.accounts import devices, limits, passwords, sessions
from app.accounts.events import PasswordChosen, PasswordLinkSent
from app.accounts.models import Account, LinkPurpose, PasswordLink
from app.accounts.queries import by_email
from app.audit.record import record
from app.core import clock, sealing
from app.core.errors import RuleBroken
from app.outbox.actions import post
from app.policy import Permission

#: How long a link can be used, by why it was sent.
LASTS: Mapping[LinkPurpose, timedelta] = {
    LinkPurpose.INVITATION: timedelta(hours=24),
    LinkPurpose.FORGOTTEN: timedelta(minutes=15),
}
LEADS_TO = "/choose-password/"
OVER = "This link does not work any more. It works once and for a short time, and only the newest one does."
_LETTERS: Mapping[LinkPurpose, tuple[str, str]] = {
    LinkPurpose.INVITATION: (
        "Choose your password",
        "You have been given an account at our casework service. Choose your password here, within 24 hours.\n"
        "If you do not expect this, you need do nothing.",
    ),
    LinkPurpose.FORGOTTEN: (
        "Choose a new password",
        "Somebody, probably you, asked for a new password at our casework service. Choose it here, within 15\n"
        "minutes. If it was not you, you need do nothing: your password is as it was.",
    ),
}


def invite(session: Session, account: Account, *, actor: Account | None) -> None:
    """Send somebody who has no password yet the link to choose one."""
    policy.require(actor, Permission.ACCOUNT_MANAGE)
    if not account.is_active:
        raise RuleBroken(f"{account.name} is suspended. Let them sign in again first.")
    if account.password_hash is not None:
        raise RuleBroken(
            f"{account.name} has a password. If they have forgotten it, they ask for a new one where they sign in."
        )
    _send(session, account, LinkPurpose.INVITATION, sealing.new_seal(), actor=actor)


def ask(session: Session, *, email: str, network: str) -> bool:
    """Send the link to whoever has forgotten their password, if there is such an account.

    False if too much was asked. Nothing says whether anybody is there, and either way costs the same hash.
    """
    tries = (
        (limits.FORGOTTEN_EMAIL, email),
        (limits.FORGOTTEN_ADDRESS, network),
        (limits.FORGOTTEN_ALL, ""),
    )
    spent = [limits.spend(session, limit, subject) for limit, subject in tries]
    if not all(spent):
        return False
    seal = sealing.new_seal()
    account = by_email(session, email)
    if account and account.is_active:
        _send(session, account, LinkPurpose.FORGOTTEN, seal, actor=None)
    else:
        _hashed(seal)
    return True


def living(session: Session, token: str) -> PasswordLink | None:
    """The link of that token, if it can be used."""
    wanted = select(PasswordLink).where(
        PasswordLink.token_hash == sealing.hash_of(token),
        PasswordLink.used_at.is_(None),
        PasswordLink.ended_at.is_(None),
        PasswordLink.expires_at > clock.wall(),
    )
    link = session.scalar(wanted.options(joinedload(PasswordLink.account)))
    return link if link and link.account.is_active and link.account.email == link.email else None


def choose(session: Session, token: str, *, password: str) -> Account:
    """Choose a password by a link, and be signed out everywhere. Nobody is signed in by it."""
    link = living(session, token)
    if link is None:
        raise RuleBroken(OVER)
    account = link.account
    account.password_hash = passwords.chosen(password, about=account)
    link.used_at = clock.wall()
    end_all(session, account)
    sessions.end_all(session, account)
    devices.forget_all(session, account)
    record(session, PasswordChosen(account=account.key, by=link.purpose), actor=account)
    return account


def end_all(session: Session, account: Account) -> None:
    """Let no link of this account work any more."""
    living = PasswordLink.account_id == account.id, PasswordLink.ended_at.is_(None)
    session.execute(update(PasswordLink).where(*living).values(ended_at=clock.wall()))


def _send(
    session: Session, account: Account, purpose: LinkPurpose, seal: str, *, actor: Account | None
) -> None:
    end_all(session, account)
    session.add(
        PasswordLink(
            token_hash=_hashed(seal),
            account=account,
            purpose=purpose,
            email=account.email,
            expires_at=clock.wall() + LASTS[purpose],
        )
    )
    subject, body = _LETTERS[purpose]
    post(session, address=account.email, subject=subject, body=body, leads_to=LEADS_TO, seal=seal)
    record(session, PasswordLinkSent(account=account.key, purpose=purpose), actor=actor)


def _hashed(seal: str) -> str:
    return sealing.hash_of(sealing.token_of(seal))
