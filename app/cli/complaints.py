"""`flask complaints`: complaints from files, and files from what others have published."""

from __future__ import annotations

import csv
from pathlib import Path

import click
from flask.cli import AppGroup

from app.cli.actor import acting, as_option
from app.complaints import loading, rows
from app.complaints.published import KINDS
from app.core.errors import CaseworkError
from app.database import db

complaints = AppGroup("complaints", help="Load complaints from a file.")


class DryRun(Exception):
    """All went well, and nothing of it is to be kept."""


@complaints.command(epilog="Example: flask --app wsgi complaints load complaints.csv --dry-run")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Do everything, say what was done, and undo it.")
@as_option
def load(file: Path, *, dry_run: bool, email: str | None) -> None:
    """Load the complaints in FILE, a CSV as docs/importing.md describes it, all of them or none."""
    with file.open("rb") as opened:
        content = opened.read(rows.MOST_BYTES + 1)
    try:
        with db.unit_of_work() as session:
            loaded = loading.load(session, rows.read(content), actor=acting(email))
            if dry_run:
                raise DryRun
    except DryRun:
        click.echo("This was a dry run. Nothing has been kept of it:")
    except CaseworkError as refusal:
        raise click.ClickException(f"Nothing was loaded.\n{refusal}") from refusal
    click.echo(
        f"Rows in: {loaded.rows}. Allegations made: {loaded.allegations}."
        f" Organisations named: {loaded.matched} matched, {loaded.to_match} to be matched."
        f"{f' Word for word as an earlier one: {loaded.repeated}.' if loaded.repeated else ''}"
    )


@complaints.command(epilog="Example: flask --app wsgi complaints convert pfd reports.json complaints.csv")
@click.argument("kind", type=click.Choice(["pfd", "decisions"]))
@click.argument("source", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path))
def convert(kind: str, source: Path, target: Path) -> None:
    """Write what SOURCE has published as a file that can be loaded, TARGET.

    KIND is what it holds: pfd, coroners' reports to prevent future deaths, in JSON; or decisions, those
    of other ombudsmen, in CSV. Read TARGET before you load it.
    """
    try:
        written = KINDS[kind](source.read_text(encoding="utf-8-sig"))
        with target.open("x", encoding="utf-8", newline="") as opened:
            writer = csv.DictWriter(opened, rows.COLUMNS, restval="")
            writer.writeheader()
            writer.writerows(written)
    except FileExistsError as error:
        raise click.ClickException(f"{target} is there already. Name another file.") from error
    except (ValueError, KeyError, TypeError) as error:
        raise click.ClickException(
            f"{source} does not hold {kind}, as far as can be read: {error!r}"
        ) from error
    click.echo(f"{len(written)} complaints written to {target}.")
