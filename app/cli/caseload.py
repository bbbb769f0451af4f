"""`flask caseload`: the lines that lists show, worked out again or compared with the records."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from app.caseload import lines
from app.database import db

caseload = AppGroup("caseload", help="Look after the lines that lists show.")


@caseload.command(epilog="Example: flask --app wsgi caseload rebuild")
def rebuild() -> None:
    """Work every line out again. Harmless at any time."""
    with db.unit_of_work() as session:
        click.echo(f"{lines.rebuild(session):,} lines worked out.")


@caseload.command(epilog="Example: flask --app wsgi caseload verify")
def verify() -> None:
    """Compare every line with the records it tells of. Fails if one differs."""
    differing = list(lines.differing(db.session))
    for reference in differing:
        click.echo(f"The line of {reference} is not what its records say.")
    if differing:
        raise SystemExit(1)
    click.echo("Every line says what its records say.")
