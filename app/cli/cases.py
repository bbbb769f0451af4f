"""`flask cases`: which cases there are, for other programs."""

from __future__ import annotations

import json
from itertools import groupby
from operator import attrgetter

import click
from flask.cli import AppGroup
from sqlalchemy import select

from app.allegations.models import Allegation
from app.cases.models import Case
from app.complaints.models import Complaint
from app.database import db
from app.organisations.models import Organisation

cases = AppGroup("cases", help="Which cases there are.")


@cases.command("list", epilog="Example: flask --app wsgi cases list --json")
@click.option("--json", "as_json", is_flag=True, help="A line of JSON for each: reference, stage and bodies.")
def list_cases(*, as_json: bool) -> None:
    """List every case by its reference, with its stage and the organisations complained about."""
    rows = (
        select(Complaint.reference, Case.stage, Organisation.code, Organisation.name)
        .join(Case, Case.complaint_id == Complaint.id)
        .outerjoin(Allegation, Allegation.complaint_id == Complaint.id)
        .outerjoin(Organisation, Organisation.id == Allegation.organisation_id)
        .order_by(Complaint.id, Allegation.number)
        .execution_options(yield_per=1000)
    )
    for reference, of_one in groupby(db.session.execute(rows), attrgetter("reference")):
        allegations = list(of_one)
        bodies = list(dict.fromkeys((row.code, row.name) for row in allegations if row.code))
        stage = allegations[0].stage
        if as_json:
            told = [{"code": code, "name": name} for code, name in bodies]
            click.echo(json.dumps({"reference": reference, "stage": stage.value, "bodies": told}))
        else:
            click.echo(f"{reference}  {stage.label}  {'; '.join(name for _code, name in bodies)}")
