"""What the front of the office looks at all day, as pages that are measured: enquiries, tests, people, queues."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from app.allegations.models import Allegation
from app.caseload.models import Line
from app.core.references import new_key, new_reference
from app.models import Model
from app.people.models import Person
from app.teams.models import Team
from tests.bench.measure import Page

CASEWORKER, MANAGER = "caseworker@office.example", "manager@office.example"
ADMINISTRATOR, INVESTIGATOR = "administrator@office.example", "investigator@office.example"
#: One enquiry for so many complaints; one urgent risk; one serious concern.
ENQUIRIES_IN, ALERTS_IN, CONCERNS_IN = 3, 100, 500


def fill(session: Session, complaints: int) -> None:
    """Enquiries, urgent risks and serious concerns, as many as an office of that size has."""
    for name, one_in in (("enquiry", ENQUIRIES_IN), ("alert", ALERTS_IN), ("concern", CONCERNS_IN)):
        table = Model.metadata.tables[name]
        rows = [dict(row) for row in session.execute(select(table).order_by(table.c.id)).mappings()]
        first = (session.scalar(select(func.max(table.c.id))) or 0) + 1
        wanted = complaints // one_in - len(rows)
        copies = (
            _copy(row, number)
            for number, row in zip(range(first, first + max(0, wanted)), itertools.cycle(rows), strict=False)
        )
        while some := list(itertools.islice(copies, 1000)):
            session.execute(insert(table), some)


def _copy(row: dict[str, object], number: int) -> dict[str, object]:
    own: dict[str, object] = {"id": number}
    own |= {"reference": new_reference()} if "reference" in row else {"key": new_key()}
    if "received_at" in row:
        own["received_at"] = row["received_at"] - timedelta(hours=number % 5000)  # type: ignore[operator]
    return row | own


def pages(session: Session) -> Iterator[Page]:
    """Every page of theirs that is opened often, or that could grow with the office."""
    alleged = select(Allegation.complaint_id).where(Allegation.number == 1)
    to_check = (
        Line.standing == "initial_check",
        Line.complaint_id.in_(alleged),
    )  # not one that was logged here
    latest_line = select(Line).where(*to_check).order_by(Line.complaint_id.desc()).limit(1)
    checked = session.scalars(latest_line).one().reference
    enquiry = Model.metadata.tables["enquiry"]
    latest = session.scalars(select(enquiry.c.reference).order_by(enquiry.c.id.desc()).limit(1)).one()
    alert = Model.metadata.tables["alert"]
    urgent = session.scalars(select(alert.c.key).order_by(alert.c.id.desc()).limit(1)).one()
    first, second = session.scalars(select(Person.key).order_by(Person.id).limit(2)).all()
    complaint, allegation = f"/complaints/{checked}", f"/complaints/{checked}/allegations/1"
    for name, path, email in (
        ("enquiries", "/enquiries/", CASEWORKER),
        ("enquiry", f"/enquiries/{latest}", CASEWORKER),
        ("complaint", complaint, CASEWORKER),
        ("complaint: its story", f"{complaint}/story", CASEWORKER),
        ("complaint: case file", f"{complaint}/file", CASEWORKER),
        ("complaint: consents", f"{complaint}/consents", CASEWORKER),
        ("allegation", allegation, CASEWORKER),
        ("allegation: its tests", f"{allegation}/tests", CASEWORKER),
        ("allegation: deciding", f"{allegation}/check", CASEWORKER),
        ("people: by name", "/people/?words=Fenhurst", CASEWORKER),
        ("people: a name nobody bears", "/people/?words=Nobody+Called+So", CASEWORKER),
        ("person", f"/people/{first}", CASEWORKER),
        ("person: the same as whom", f"/people/{first}/same-person", CASEWORKER),
        ("two people compared", f"/people/{first}/same-person/{second}", CASEWORKER),
        ("vulnerability flags", "/people/flags", CASEWORKER),
        ("consents that end", "/consents/", CASEWORKER),
        ("urgent risks", "/urgent/", MANAGER),
        ("urgent risk", f"/urgent/{urgent}", MANAGER),
        ("serious concerns", "/concerns/", MANAGER),
        ("waiting for others", "/waiting-for-others/", MANAGER),
        ("returning today", "/returning/", CASEWORKER),
        ("to be matched", "/complaints/to-be-matched", CASEWORKER),
        ("several cases at once", "/allocation/", MANAGER),
        ("delegations", "/delegations/", MANAGER),
        ("teams", "/teams/", MANAGER),
        ("team", f"/teams/{session.scalars(select(Team.key).order_by(Team.id).limit(1)).one()}", MANAGER),
        ("accounts", "/accounts/", ADMINISTRATOR),
        ("a list and its versions", "/lists/failures", CASEWORKER),
        ("drafts", "/drafts/", CASEWORKER),
        ("form for the public", "/complain/", ""),
    ):
        yield Page(name, path, email)
