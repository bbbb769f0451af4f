"""`flask worker`: work in the background, and how it stands."""

from __future__ import annotations

from typing import Any

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy import func, select

from app.core.work import WorkState
from app.database import db
from app.examining import sandbox
from app.worker import consumer, doing
from app.worker.kinds import KINDS

worker = AppGroup("worker", help="Do what is done in the background, and see how it stands.")

#: How many failures `status` tells of.
SHOWN = 20


@worker.command(epilog="Example: flask --app wsgi worker run --threads 4")
@click.option("--threads", default=consumer.THREADS, show_default=True, help="How much is done at a time.")
def run(threads: int) -> None:
    """Send messages and make exports until told to stop. In production, beside the web servers."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    db.close()
    consumer.run(app, threads=threads)


@worker.command(epilog="Example: flask --app wsgi worker status")
def status() -> None:
    """Say how much waits, is being done and has failed, and why, and how files are read."""
    try:
        click.echo(sandbox.cut_off())
    except sandbox.Unreadable as why:
        click.echo(f"No file can be read on this machine: {why}")
    finally:
        sandbox.close_all()
    for name, kind in KINDS.items():
        by_state = select(kind.rows.state, func.count()).group_by(kind.rows.state)
        counts: dict[Any, int] = dict(iter(db.session.execute(by_state).tuples()))
        told = ", ".join(f"{counts.get(state, 0):,} {state.label.lower()}" for state in WorkState)
        click.echo(f"{name}: {told}")
        failed = select(kind.rows).where(kind.rows.state == WorkState.FAILED).order_by(kind.rows.id.desc())
        for row in db.session.scalars(failed.limit(SHOWN)):
            click.echo(f"  {name} {row.id}: {row.problem}")


@worker.command(epilog="Example: flask --app wsgi worker retry message 17")
@click.argument("kind", type=click.Choice(list(KINDS)))
@click.argument("number", type=int)
def retry(kind: str, number: int) -> None:
    """Try a piece of work again that has failed."""
    with db.unit_of_work() as session:
        row = session.get(KINDS[kind].rows, number)
        if row is None or row.state is not WorkState.FAILED:
            raise click.ClickException(f"There is no {kind} {number} that has failed.")
        row.put_back()
    click.echo("It waits to be done.")


@worker.command(epilog="Example: flask --app wsgi worker sweep")
def sweep() -> None:
    """Nudge for all that waits or was left in the middle, as the worker does every minute."""
    click.echo(f"{doing.sweep():,} to be done.")
