"""`flask accounts`: the first administrator, and the accounts nobody is left to make."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from app.accounts import actions, queries
from app.accounts.models import Role
from app.cli.actor import acting, as_option
from app.core.errors import CaseworkError
from app.database import db
from app.factors.actions import forget
from app.organisations.queries import by_code

accounts = AppGroup("accounts", help="Create and suspend the accounts of people who sign in.")


@accounts.command(
    epilog='Example: flask --app wsgi accounts create ada@office.example --name "Ada Byron" --role administrator'
)
@click.argument("address")
@click.option("--name", required=True)
@click.option("--role", "roles", multiple=True, required=True, type=click.Choice([r.value for r in Role]))
@click.option("--organisation", "code", help="For a liaison officer: the code of their organisation.")
@click.password_option(help="Asked for when it is not given, which is better.")
@as_option
def create(
    address: str, name: str, roles: tuple[str, ...], code: str | None, password: str, email: str | None
) -> None:
    """Create an account for ADDRESS."""
    try:
        with db.unit_of_work() as session:
            made = actions.create(
                session,
                actor=acting(email),
                email=address,
                name=name,
                password=password,
                roles=[Role(role) for role in roles],
                organisation=by_code(session, code) if code else None,
            )
            click.echo(f"{made.name} can sign in as {made.email}.")
    except CaseworkError as refusal:
        raise click.ClickException(str(refusal)) from refusal


@accounts.command(epilog="Example: flask --app wsgi accounts suspend ada@office.example")
@click.argument("address")
@as_option
def suspend(address: str, email: str | None) -> None:
    """Let ADDRESS sign in no longer, and end what they have open, at once."""
    try:
        with db.unit_of_work() as session:
            account = queries.by_email(session, address)
            if account is None:
                raise click.ClickException(f"There is no account for {address}.")
            actions.suspend(session, account, actor=acting(email))
            click.echo(f"{account.name} cannot sign in any more.")
    except CaseworkError as refusal:
        raise click.ClickException(str(refusal)) from refusal


@accounts.command(
    "remove-second-factor",
    epilog="Example: flask --app wsgi accounts remove-second-factor ada@office.example",
)
@click.argument("address")
@as_option
def remove_second_factor(address: str, email: str | None) -> None:
    """Remove the second factors of ADDRESS, who has lost them, and sign them out everywhere. They are told."""
    try:
        with db.unit_of_work() as session:
            account = queries.by_email(session, address)
            if account is None:
                raise click.ClickException(f"There is no account for {address}.")
            forget(session, account, actor=acting(email))
            click.echo(f"{account.name} sets up another second factor at their next sign-in.")
    except CaseworkError as refusal:
        raise click.ClickException(str(refusal)) from refusal
