"""`flask evidence`, what is asked of the store: whether it holds what was received."""

from __future__ import annotations

import click
from flask import current_app
from sqlalchemy.orm import Session

from app.cli.evidence import evidence
from app.database import db
from app.integrity import queries


@evidence.command(epilog="Example: flask --app wsgi evidence verify")
def verify() -> None:
    """Hash every stored file again and compare it with what was received. Fails if any differs, is missing,
    or is there and was never received."""
    looked_at = wrong = 0
    for seen in queries.verify(_anew, current_app.extensions["files"]):
        looked_at += 1
        if seen.trouble:
            wrong += 1
            click.echo(seen.words)
    click.echo(f"{looked_at} files looked at, {wrong} wrong.")
    if wrong:
        raise SystemExit(1)


def _anew() -> Session:
    """A session that sees what has been committed by now."""
    db.close()
    return db.session
