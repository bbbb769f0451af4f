from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import policy
from app.accounts import passwords, sessions
from app.accounts.events import (
    AccountCreated,
    AccountRestored,
    AccountSuspended,
    PasswordChanged,
    RolesChanged,
)
from app.accounts.models import STAFF, Account, AccountRole, Role
from app.audit.record import record
from app.core.errors import RuleBroken
from app.organisations.models import Organisation
from app.policy import Permission


def create(
    session: Session,
    *,
    actor: Account | None,
    email: str,
    name: str,
    password: str,
    roles: Collection[Role],
    organisation: Organisation | None = None,
    team: str = "",
) -> Account:
    """Create an account. Whoever has it changes the password at their first sign-in if they are wise."""
    policy.require(actor, Permission.ACCOUNT_MANAGE)
    email = email.strip().lower()
    if session.scalar(select(Account).where(Account.email == email)):
        raise RuleBroken(f"There is already an account for {email}.", field="email")
    _check_roles(roles, organisation)

    account = Account(
        email=email,
        name=name,
        password_hash=passwords.hash_of(password),
        organisation=organisation,
        team=team,
    )
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
    return account


def change_roles(
    session: Session,
    account: Account,
    *,
    actor: Account | None,
    drawn_from: int | None = None,
    roles: Collection[Role],
    organisation: Organisation | None = None,
    team: str = "",
) -> None:
    """Say what somebody is in the office's work, in which team, or for whom they answer. Signs them out everywhere."""
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
    was_in, account.team = account.team, team
    account.touch()
    sessions.end_all(session, account)
    changed = RolesChanged(
        account=account.key,
        roles=sorted(roles),
        were=were,
        organisation=organisation.known_as if organisation else None,
        was_at=was_at,
        team=team,
        was_in=was_in,
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
    record(session, AccountSuspended(account=account.key), actor=actor)


def restore(session: Session, account: Account, *, actor: Account | None) -> None:
    """Let somebody sign in again."""
    policy.require(actor, Permission.ACCOUNT_MANAGE)
    if account.is_active:
        raise RuleBroken(f"{account.name} is not suspended.")
    account.is_active = True
    record(session, AccountRestored(account=account.key), actor=actor)


def change_password(
    session: Session, account: Account, *, actor: Account, current: str, password: str
) -> None:
    """Change one's own password. Signs the account out everywhere, this browser included."""
    if account is not actor:
        raise RuleBroken("Only the person whose password it is can change it.")
    if not passwords.fits(current, account.password_hash):
        raise RuleBroken("This is not your current password.", field="current")
    account.password_hash = passwords.hash_of(password)
    sessions.end_all(session, account)
    record(session, PasswordChanged(account=account.key), actor=actor)


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
