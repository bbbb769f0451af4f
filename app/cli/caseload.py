"""`flask caseload`: what lists and the search read, worked out again or compared with the records."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from app.caseload import lines
from app.database import db
from app.search import index, pages

caseload = AppGroup("caseload", help="Look after what lists and the search read.")


@caseload.command(epilog="Example: flask --app wsgi caseload rebuild")
def rebuild() -> None:
    """Work every line out again, and index every complaint and every page that was read. Harmless at any time."""
    with db.unit_of_work() as session:
        click.echo(f"{lines.rebuild(session):,} lines worked out.")
        click.echo(f"{index.rebuild(session):,} complaints indexed.")
    click.echo(f"{_pages_indexed():,} pages indexed.")


def _pages_indexed() -> int:
    """Each portion in a transaction of its own: there may be very many, and others write meanwhile."""
    total, last, some = 0, 0, 1
    while some:
        with db.unit_of_work() as session:
            some, last = pages.rebuild(session, after=last)
        db.close()
        total += some
    return total


@caseload.command(epilog="Example: flask --app wsgi caseload verify")
def verify() -> None:
    """Compare every line, and what is indexed, with the records they tell of. Fails if one differs."""
    differing = {*lines.differing(db.session), *index.differing(db.session)}
    for reference in sorted(differing):
        click.echo(f"What lists or the search say of {reference} is not what its records say.")
    if differing:
        raise SystemExit(1)
    click.echo("Lists and the search say what the records say.")
