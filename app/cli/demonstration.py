"""`flask demonstration`: the invented office, and its clock."""

from __future__ import annotations

from datetime import UTC, datetime

import click
from flask import current_app
from flask.cli import AppGroup

from app.cli.actor import acting, as_option
from app.core.errors import CaseworkError
from app.database import db
from app.demonstration import clock as moved
from config import Office

demonstration = AppGroup("demonstration", help="The demonstration office: load it, move its clock.")


def only_here() -> None:
    """Raise a click error unless this is a demonstration office."""
    if current_app.config["OFFICE"] is not Office.DEMONSTRATION:
        raise click.ClickException("This is not a demonstration office. Set OFFICE=demonstration.")


@demonstration.command(epilog="Example: OFFICE=demonstration flask --app wsgi demonstration load")
def load() -> None:
    """Fill an empty demonstration office with invented organisations, people and cases."""
    from app.demonstration.office import fill

    only_here()
    try:
        with db.unit_of_work() as session:
            fill(session, current_app.extensions["files"])
    except CaseworkError as refusal:
        raise click.ClickException(str(refusal)) from refusal
    click.echo("The demonstration office is open.")


@demonstration.command(
    "move-clock",
    epilog="Example: OFFICE=demonstration flask --app wsgi demonstration move-clock 2026-12-24T09:00",
)
@click.argument("to", type=click.DateTime(["%Y-%m-%dT%H:%M", "%Y-%m-%d"]))
@as_option
def move_clock(to: datetime, email: str | None) -> None:
    """Let the office's time, in UTC, be TO now, for all its processes; it runs on from there."""
    only_here()
    try:
        with db.unit_of_work() as session:
            moved.move(session, actor=acting(email), to=to.replace(tzinfo=UTC))
    except CaseworkError as refusal:
        raise click.ClickException(str(refusal)) from refusal
    click.echo(f"It is {to:%d %B %Y, %H:%M} now, in UTC.")
