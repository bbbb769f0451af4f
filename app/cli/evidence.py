"""`flask evidence`: whether what is stored is what was received."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import AppGroup

from app.database import db
from app.evidence import queries
from app.papers import queries as papers

evidence = AppGroup("evidence", help="Look after the stored documents.")


@evidence.command(epilog="Example: flask --app wsgi evidence verify")
def verify() -> None:
    """Hash every stored document again and compare it with what was received. Fails if any differs."""
    seen = wrong = 0
    for document, trouble in queries.verify(db.session, current_app.extensions["files"]):
        seen += 1
        if trouble:
            wrong += 1
            click.echo(f"{document.case.reference}, “{document.title}” ({document.key}): {trouble}.")
    for paper, trouble in papers.verify(db.session, current_app.extensions["files"]):
        seen += 1
        if trouble:
            wrong += 1
            click.echo(f"{paper.complaint.reference}, “{paper.filename}” ({paper.key}): {trouble}.")
    click.echo(f"{seen} documents looked at, {wrong} wrong.")
    if wrong:
        raise SystemExit(1)
