"""`flask timeline`: what happened in a case, and how long it took."""

from __future__ import annotations

import json

import click
from flask.cli import AppGroup
from sqlalchemy import select

from app.cases.models import Case
from app.complaints.models import Complaint
from app.core.references import read_reference
from app.database import db
from app.timeline import queries, sheet, words

timeline = AppGroup("timeline", help="Read the imaging timelines of cases.")


@timeline.command(epilog="Example: flask --app wsgi timeline show SR-2345-6789 --json")
@click.argument("case_reference")
@click.option("--json", "in_json", is_flag=True, help="For another program, as one JSON document.")
def show(case_reference: str, in_json: bool) -> None:
    """Print the rows of a case that stand, and the intervals between them."""
    reference = read_reference(case_reference) or ""
    case_id = db.session.scalar(select(Case.id).join(Complaint).where(Complaint.reference == reference))
    if case_id is None:
        raise click.ClickException(f"There is no case {case_reference}.")
    told = queries.of_case_id(db.session, case_id)
    if in_json:
        click.echo(json.dumps({"case": reference} | sheet.as_json(told), ensure_ascii=False, indent=2))
        return
    for row in told.standing:
        click.echo(
            f"{row.number}. {words.when(row)}: {row.called}{f' ({row.study.name})' if row.study else ''}"
        )
    for interval in told.intervals:
        click.echo(f"{interval.about.name}: {interval.lasted}. {interval.measured_words}".rstrip())
    for gap in told.gaps:
        click.echo(f"Missing: {gap}")
