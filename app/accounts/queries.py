from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Select, func, select, tuple_
from sqlalchemy.orm import Session, joinedload, selectinload

from app.accounts.models import Account, AccountRole, Role
from app.core.dialect.asking import matches
from app.core.errors import NotFound

PAGE = 50


def by_email(session: Session, email: str) -> Account | None:
    return session.scalar(select(Account).where(Account.email == email.strip().lower()))


def by_key(session: Session, key: str) -> Account:
    """The account of that key. Raises `NotFound`."""
    account = session.scalar(
        select(Account).where(Account.key == key).options(joinedload(Account.organisation))
    )
    if account is None:
        raise NotFound("There is no such account.")
    return account


def everyone(session: Session, after: str) -> Sequence[Account]:
    """One page of accounts by name, those after the account of that key, and one more if there is one."""
    whole = joinedload(Account.organisation), selectinload(Account.held)
    accounts = select(Account).options(*whole).order_by(Account.name, Account.id)
    last = session.execute(select(Account.name, Account.id).where(Account.key == after)).first()
    if last:
        accounts = accounts.where(tuple_(Account.name, Account.id) > tuple_(*last))
    return session.scalars(accounts.limit(PAGE + 1)).all()


def investigators(session: Session) -> Sequence[Account]:
    """Whom a case can be given to, by name."""
    holders = select(AccountRole.account_id).where(AccountRole.role == Role.INVESTIGATOR)
    able = select(Account).where(Account.is_active, Account.id.in_(holders))
    return session.scalars(able.order_by(Account.name).limit(500)).all()


def names_of_investigators(session: Session, *, near: Account, most: int) -> dict[str, str]:
    """Names of those a case can be given to, by the key of their account: `most` of them, `near`'s team first."""
    theirs = Account.team != near.team, Account.name
    return dict(session.execute(_able().order_by(*theirs).limit(most)).all())


def investigators_called(session: Session, words: str) -> dict[str, str]:
    """Names of investigators that hold these words, by the key of their account; two of them, if several do."""
    named = _able().where(matches(Account.name, words)).order_by(Account.name)
    return dict(session.execute(named.limit(2)).all())


def _able() -> Select[str, str]:
    holders = select(AccountRole.account_id).where(AccountRole.role == Role.INVESTIGATOR)
    return select(Account.key, Account.name).where(Account.is_active, Account.id.in_(holders))


def count(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Account)) or 0
