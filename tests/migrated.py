"""An office of its own for a test that commits, or that several processes share."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from flask import Flask

from app import create_app
from app.cli.database import alembic_config
from app.database import db
from config import Config, Office
from tests import databases


@contextmanager
def migrated(kind: str, folder: Path, **more: Any) -> Iterator[Flask]:
    """A trial office with nothing in it but its tables, in a database of that kind."""
    with databases.empty(kind, folder) as url:
        app = create_app(
            Config(
                OFFICE=Office.TRIAL,
                DATA_DIR=folder,
                DATABASE_URL=url,
                SECRET_KEY="only for this test, and long",
                **more,
            )
        )
        with app.app_context():
            command.upgrade(alembic_config(), "head")
        yield app
        with app.app_context():
            db.dispose()
