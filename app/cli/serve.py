"""`flask serve`: what `make run` does once everything is installed."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import with_appcontext

from app.accounts.queries import count
from app.cli.database import alembic_config, work_out_what_is_missing
from app.database import db
from app.worker.consumer import beside
from config import Office, remember_office

FIRST_ADMINISTRATOR = (
    "Nobody can sign in yet. In another terminal, create the first administrator:\n"
    '  .venv/bin/flask --app wsgi accounts create you@example.org --name "Your Name" --role administrator'
)


@click.command(epilog="Example: OFFICE=demonstration flask --app wsgi serve")
@click.option("--threads", default=8, show_default=True, help="How many requests are answered at once.")
@with_appcontext
def serve(threads: int) -> None:
    """Bring the database up to date, fill an empty demonstration office, serve with waitress, and work."""
    from alembic import command
    from waitress import serve as wait_on

    config = current_app.config
    office: Office = config["OFFICE"]
    remember_office(office, config["DATA_DIR"])
    command.upgrade(alembic_config(), "head")
    work_out_what_is_missing()
    if office is Office.DEMONSTRATION:
        _open_demonstration()
    elif count(db.session) == 0:
        click.echo(FIRST_ADMINISTRATOR)
    db.close()

    host, port = config["HOST"], config["PORT"]
    shown = "localhost" if host == "127.0.0.1" else host
    click.echo(f"Second Read ({office}) is at http://{shown}:{port} – stop it with Ctrl+C.")
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    with beside(app):
        wait_on(app, host=host, port=port, threads=threads, ident=None, clear_untrusted_proxy_headers=False)


def _open_demonstration() -> None:
    from app.demonstration.office import PASSWORD, SIGN_INS, fill

    if count(db.session) == 0:
        click.echo("Filling the demonstration office …")
        with db.unit_of_work() as session:
            fill(session, current_app.extensions["files"])
    click.echo(f"Sign in with the password “{PASSWORD}” as:")
    for email, what in SIGN_INS:
        click.echo(f"  {email:<34} {what}")
