from __future__ import annotations

import click

from app.accounts.models import Account
from app.accounts.queries import by_email
from app.database import db

#: For commands that act: who does it. Without it, the record says the operator did.
as_option = click.option("--as", "email", metavar="EMAIL", help="Who does this. Without it: the operator.")


def acting(email: str | None) -> Account | None:
    """The account that acts; None is the operator. Raises a click error for an unknown address."""
    if email is None:
        return None
    account = by_email(db.session, email)
    if account is None or not account.is_active:
        raise click.ClickException(f"Nobody with the e-mail address {email} can sign in here.")
    return account
