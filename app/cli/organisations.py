"""`flask organisations`: the national register."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click
from flask.cli import AppGroup

from app.cli.actor import acting, as_option
from app.core.errors import CaseworkError
from app.database import db
from app.organisations import register

organisations = AppGroup("organisations", help="Load the national register of organisations.")


@organisations.command(epilog="Example: flask --app wsgi organisations load etr.csv --as-at 2025-07-01")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--as-at", required=True, type=click.DateTime(["%Y-%m-%d"]), help="The day the file is true for."
)
@as_option
def load(file: Path, as_at: datetime, email: str | None) -> None:
    """Load FILE, an ODS `etr` file of NHS trusts, all of it or nothing."""
    try:
        with db.unit_of_work() as session:
            loaded = register.load(session, file.read_bytes(), as_at=as_at.date(), actor=acting(email))
    except CaseworkError as refusal:
        raise click.ClickException(str(refusal)) from refusal
    if loaded.already:
        click.echo("This very file has been loaded before. Nothing has changed.")
        return
    click.echo(
        f"{loaded.listed} organisations listed: {loaded.new} new, {loaded.changed} changed."
        f" {loaded.missing} are no longer listed in the newest file."
    )
