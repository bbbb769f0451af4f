from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import policy
from app.accounts import devices, links, passwords, sessions
from app.accounts.events import (
    AccountCreated,
    AccountRestored,
    AccountSuspended,
    PasswordChanged,
    RolesChanged,
    SignInsEnded,
)
from app.accounts.models import STAFF, Account, AccountRole, AccountSession, Role
from app.audit.record import record
from app.core.errors import RuleBroken
from app.core.text import looks_like_an_address
from app.organisations.models import Organisation
from app.policy import Permission


def create(
    session: Session,
    *,
    actor: Account | None,
    email: str,
    name: str,
    password: str | None = None,
    roles: Collection[Role],
    organisation: Organisation | None = None,
) -> Account:
    """Create an account. Without a password, whoever has it is sent the link to choose one."""
    policy.require(actor, Permission.ACCOUNT_MANAGE)
    email = email.strip().lower()
    if not looks_like_an_address(email):
        raise RuleBroken("Enter an e-mail address, such as name@office.example.", field="email")
    if session.scalar(select(Account).where(Account.email == email)):
        raise RuleBroken(f"There is already an account for {email}.", field="email")
    _check_roles(roles, organisation)

    account = Account(
        email=email,
        name=name,
        organisation=organisation,
        team="",
    )
    if password is not None:
        account.password_hash = passwords.chosen(password, about=account)
    account.held = [AccountRole(role=role) for role in sorted(set(roles))]
    session.add(account)
    session.flush()
    created = AccountCreated(
        account=account.key,
        email=email,
        roles=sorted(roles),
        organisation=organisation.known_as if organisation else None,
    )
    record(session, created, actor=actor)
    if password is None:
        links.invite(session, account, actor=actor)
    return account


def change_roles(
    session: Session,
    account: Account,
    *,
    actor: Account | None,
    drawn_from: int | None = None,
    roles: Collection[Role],
    organisation: Organisation | None = None,
) -> None:
    """Say what somebody is in the office's work, or for whom they answer. Signs them out everywhere."""
    policy.require(actor, Permission.ACCOUNT_MANAGE)
    account.agree(drawn_from)
    if account is actor:
        raise RuleBroken("Nobody changes their own roles: ask another administrator.")
    _check_roles(roles, organisation)

    were, was_at = (
        sorted(map(str, account.roles)),
        account.organisation.known_as if account.organisation else None,
    )
    held = {role.role: role for role in account.held}
    account.held = [held.get(role) or AccountRole(role=role) for role in sorted(set(roles))]
    account.organisation = organisation
    account.touch()
    sessions.end_all(session, account)
    changed = RolesChanged(
        account=account.key,
        roles=sorted(roles),
        were=were,
        organisation=organisation.known_as if organisation else None,
        was_at=was_at,
    )
    record(session, changed, actor=actor)


def suspend(session: Session, account: Account, *, actor: Account | None) -> None:
    """Let somebody sign in no longer, and end what they have open, at once."""
    policy.require(actor, Permission.ACCOUNT_MANAGE)
    if account is actor:
        raise RuleBroken("Nobody suspends themselves: ask another administrator.")
    if not account.is_active:
        raise RuleBroken(f"{account.name} is suspended already.")
    account.is_active = False
    sessions.end_all(session, account)
    devices.forget_all(session, account)
    links.end_all(session, account)
    record(session, AccountSuspended(account=account.key), actor=actor)


def restore(session: Session, account: Account, *, actor: Account | None) -> None:
    """Let somebody sign in again."""
    policy.require(actor, Permission.ACCOUNT_MANAGE)
    if account.is_active:
        raise RuleBroken(f"{account.name} is not suspended.")
    account.is_active = True
    record(session, AccountRestored(account=account.key), actor=actor)


def change_password(session: Session, account: Account, *, actor: Account, password: str) -> None:
    """Change one's own password. Signs the account out everywhere, this browser included."""
    if account is not actor:
        raise RuleBroken("Only the person whose password it is can change it.")
    account.password_hash = passwords.chosen(password, about=account)
    sessions.end_all(session, account)
    devices.forget_all(session, account)
    links.end_all(session, account)
    record(session, PasswordChanged(account=account.key), actor=actor)


def end_sign_in(session: Session, signed_in: AccountSession, *, actor: Account) -> None:
    """End one sign-in of one's own, at once."""
    if signed_in.account_id != actor.id:
        raise RuleBroken("Only the person whose sign-in it is can end it alone.")
    sessions.end(session, signed_in.id)
    record(session, SignInsEnded(account=actor.key, which="one"), actor=actor)


def end_sign_ins(
    session: Session, account: Account, *, actor: Account | None, but: int | None = None
) -> None:
    """End every sign-in of an account, one's own or, for an administrator, anybody's; `but` the one named."""
    if account is not actor:
        policy.require(actor, Permission.ACCOUNT_MANAGE)
    sessions.end_all(session, account, but=but)
    record(
        session, SignInsEnded(account=account.key, which="all" if but is None else "all but one"), actor=actor
    )


def _check_roles(roles: Collection[Role], organisation: Organisation | None) -> None:
    if not roles:
        raise RuleBroken("Select at least one role.", field="roles")
    if Role.LIAISON in roles and STAFF & set(roles):
        raise RuleBroken(
            "A liaison officer answers for an organisation and cannot also be staff of the office.",
            field="roles",
        )
    if Role.LIAISON in roles and organisation is None:
        raise RuleBroken("Choose the organisation the liaison officer answers for.", field="organisation")
    if Role.LIAISON not in roles and organisation is not None:
        raise RuleBroken("Staff of the office answer for no organisation.", field="organisation")
