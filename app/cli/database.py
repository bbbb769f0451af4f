"""`flask db`: Alembic, configured from the application instead of an ini file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
from flask import current_app
from flask.cli import AppGroup

from app.caseload import lines
from app.database import db
from app.search import index, pages

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS = Path(__file__).parents[2] / "migrations"

database = AppGroup("db", help="Create and change the database schema.")


def alembic_config() -> Config:
    """Alembic's settings for the current application, its engine among them."""
    from alembic.config import Config  # slow to import, and only these commands need it

    config = Config(attributes={"engine": db.engine})
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.set_main_option("revision_environment", "true")
    config.set_main_option("path_separator", "os")
    config.set_main_option("sqlalchemy.url", current_app.config["DATABASE_URL"].replace("%", "%%"))
    return config


def work_out_what_is_missing() -> None:
    """What is derived from the records, for records from before it was."""
    with db.unit_of_work() as session:
        lines.catch_up(session)
        index.catch_up(session)
    while _index_pages():
        continue


def _index_pages() -> int:
    """Some of the pages that were read before there was an index of them, in a transaction of their own."""
    with db.unit_of_work() as session:
        return pages.catch_up(session)


@database.command(epilog="Example: flask --app wsgi db upgrade")
@click.argument("revision", default="head")
@click.option("--sql", is_flag=True, help="Print the SQL for review instead of running it.")
def upgrade(revision: str, *, sql: bool) -> None:
    """Bring the schema up to date."""
    from alembic import command

    command.upgrade(alembic_config(), revision, sql=sql)
    if revision == "head" and not sql:
        work_out_what_is_missing()


@database.command(epilog="Example: flask --app wsgi db downgrade 0001")
@click.argument("revision")
def downgrade(revision: str) -> None:
    """Take the schema back to an earlier revision."""
    from alembic import command

    command.downgrade(alembic_config(), revision)


@database.command(epilog='Example: flask --app wsgi db revision "Add the urgency of a complaint"')
@click.argument("message")
@click.option("--empty", is_flag=True, help="For data and triggers, which Alembic cannot see.")
def revision(message: str, *, empty: bool) -> None:
    """Write a migration for what changed in the models. Read it before you commit it."""
    from alembic import command

    command.revision(alembic_config(), message, autogenerate=not empty)


@database.command(epilog="Example: flask --app wsgi db check")
def check() -> None:
    """Fail if the models say something that no migration does."""
    from alembic import command

    command.check(alembic_config())
