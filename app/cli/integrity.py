"""`flask evidence`, what is asked of the store: whether it holds what was received, and a case's as a bag."""

from __future__ import annotations

from pathlib import Path

import click
from flask import current_app
from sqlalchemy.orm import Session

from app import policy
from app.cli.actor import acting, as_option
from app.cli.evidence import evidence
from app.core.errors import CaseworkError
from app.database import db
from app.integrity import bags, queries
from app.policy import Permission


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


@evidence.command(epilog="Example: flask --app wsgi evidence bag SR-ABCD-1234 /media/disc/bag")
@click.argument("reference")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@as_option
def bag(reference: str, folder: Path, *, email: str | None) -> None:
    """Write all evidence of the case into an empty FOLDER, as a BagIt bag that others can validate."""
    try:
        with db.unit_of_work() as session:
            actor = acting(email)
            if actor is not None:
                policy.access_case(session, actor, reference, Permission.DOCUMENT_READ)
            how = {"actor": actor, "office": current_app.config["OFFICE_NAME"]}
            number = bags.write(session, reference, current_app.extensions["files"], folder, **how)
    except CaseworkError as refusal:
        raise click.ClickException(str(refusal)) from None
    click.echo(f"{number} documents are in the bag {folder}.")


def _anew() -> Session:
    """A session that sees what has been committed by now."""
    db.close()
    return db.session
