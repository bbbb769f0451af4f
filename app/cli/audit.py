"""`flask audit`: whether the record is what was written."""

from __future__ import annotations

import click
from flask.cli import AppGroup
from sqlalchemy import select

from app.audit import record
from app.audit.models import AuditHead
from app.database import db

audit = AppGroup("audit", help="Look after the record.")


@audit.command(epilog="Example: flask --app wsgi audit verify")
def verify() -> None:
    """Read the whole record back and check every link of its chain. Fails at the first that is broken."""
    troubles = list(record.verify(db.session))
    for trouble in troubles:
        click.echo(trouble)
    if troubles:
        raise SystemExit(1)
    head = db.session.scalars(select(AuditHead)).one()
    click.echo(f"The record is whole: {head.length} entries, the last {head.hash}.")
