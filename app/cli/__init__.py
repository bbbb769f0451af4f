"""What is done from the shell. Commands are as thin as views: arguments in, one action, words out."""

from __future__ import annotations

from flask import Flask

from app.cli import integrity as _integrity  # noqa: F401 (adds to the commands of evidence)
from app.cli.accounts import accounts
from app.cli.audit import audit
from app.cli.backups import backup, restore
from app.cli.caseload import caseload
from app.cli.cases import cases
from app.cli.complaints import complaints
from app.cli.database import database
from app.cli.demonstration import demonstration
from app.cli.evidence import evidence
from app.cli.organisations import organisations
from app.cli.serve import serve
from app.cli.timeline import timeline
from app.cli.worker import worker


def init_app(app: Flask) -> None:
    for command in (
        database,
        accounts,
        organisations,
        complaints,
        cases,
        caseload,
        evidence,
        timeline,
        audit,
        demonstration,
        worker,
        serve,
        backup,
        restore,
    ):
        app.cli.add_command(command)
