"""Who sends evidence in the benchmark, the case it is sent to, and how a figure of that is told."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from sqlalchemy import select

from app import create_app
from app.accounts import passwords
from app.accounts.models import Role
from app.accounts.queries import by_email
from app.cases.models import Case, CaseStage
from app.cli.database import alembic_config
from app.complaints.models import Complaint
from app.core import clock
from app.database import db
from app.evidence.models import CopyKind, Supplier, Way
from app.receiving import actions as receiving
from config import Config, Office, queue_beside
from tests.bench.serving import settings
from tests.factories import Make

EMAIL, PASSWORD = "sender@office.example", "a second pair of eyes"


@dataclass(frozen=True)
class Told:
    """One figure, how it was come by, and whether it is within the budget."""

    name: str
    figure: str
    how: str
    within: bool


@contextmanager
def office_of(url: str, folder: Path) -> Iterator[tuple[Flask, str]]:
    """The application, and the reference of a case of its own without documents."""
    from alembic import command

    config = settings() | {"QUEUE": queue_beside(url, folder)}
    app = create_app(Config(OFFICE=Office.TRIAL, DATA_DIR=folder, DATABASE_URL=url, **config))
    with app.app_context():
        command.upgrade(alembic_config(), "head")
        with db.unit_of_work() as session:
            make = Make(session)
            owner = by_email(session, EMAIL)
            owner = owner or make.account(
                Role.INVESTIGATOR, email=EMAIL, password_hash=passwords.hash_of(PASSWORD)
            )
            reference = make.case(
                CaseStage.DETAILED_INVESTIGATION, whole=False, owner=owner
            ).complaint.reference
        db.close()
        yield app, reference
        db.close()
        db.dispose()


def delivery_in(reference: str) -> str:
    """The key of a delivery of that case, into which files can be sent."""
    with db.unit_of_work() as session:
        case = session.scalars(
            select(Case).join(Case.complaint).where(Complaint.reference == reference)
        ).one()
        begun = receiving.begin(
            session,
            case,
            actor=case.owner,
            label="One file",
            supplier=Supplier.THIRD_PARTY,
            supplied_on=clock.today(),
            way=Way.TRANSFER,
            copy_kind=CopyKind.COPY,
        )
        return begun.key
