"""`flask backup` and `flask restore`: the whole office in a folder. See docs/backups.md."""

from __future__ import annotations

from pathlib import Path

import click
from flask import current_app

from app.core.errors import CaseworkError
from app.database import db
from app.integrity import backups

FOLDER = click.Path(file_okay=False, path_type=Path)


@click.command(epilog="Example: flask --app wsgi backup /backups/2026-11-25")
@click.argument("folder", type=FOLDER)
def backup(folder: Path) -> None:
    """Copy the database and every file into an empty FOLDER, while people work."""
    try:
        label = backups.take(db.engine, backups.stores_of(current_app.extensions), folder)
    except CaseworkError as refusal:
        raise click.ClickException(str(refusal)) from None
    click.echo(f"Backed up as of {label.taken_at}: {_said(label)}.")
    click.echo("SECRET_KEY is not in it. Keep that somewhere else.")
    if label.damaged:
        click.echo(f"{len(label.damaged)} files were missing or changed already, and are not in it:")
        click.echo("\n".join(label.damaged))
        raise click.ClickException("Run flask evidence verify, and look for them in an earlier backup.")


@click.command(epilog="Example: flask --app wsgi restore /backups/2026-11-25")
@click.argument("folder", type=FOLDER)
def restore(folder: Path) -> None:
    """Put the backup in FOLDER back into an empty office, and verify all of it. Fails if anything is not as
    it was."""
    try:
        label = backups.restore(db.engine, backups.stores_of(current_app.extensions), folder)
    except CaseworkError as refusal:
        raise click.ClickException(str(refusal)) from None
    troubles = list(backups.troubles(db.engine, current_app.extensions["files"], label))
    for trouble in troubles:
        click.echo(trouble)
    if troubles:
        raise click.ClickException("It was put back, and is not what was backed up.")
    click.echo(f"Put back as it was at {label.taken_at}, and verified: {_said(label)}.")


def _said(label: backups.Label) -> str:
    files = f"{label.files[backups.EVIDENCE]} files of evidence"
    return f"{sum(label.counts.values())} rows, {label.record_length} entries of the record, {files}"
