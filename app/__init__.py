"""Second Read, the casework system of a health ombudsman. `create_app` is the only way to build it."""

from __future__ import annotations

from pathlib import Path

from flask import Flask

from app.models import Model  # the whole roll-call, before anything asks after a single table
from config import Config, from_environment

PROJECT = Path(__file__).parent.parent


def create_app(config: Config | None = None) -> Flask:
    """Build the service from its settings. Nothing is connected or written here."""
    config = config or from_environment()
    app = Flask(__name__, template_folder=PROJECT / "templates", static_folder=PROJECT / "static")
    app.config.from_object(config)

    from app import cli, web
    from app.caseload import lines
    from app.core import calendar, clock, sealing
    from app.core.derived import derived
    from app.core.files import LocalFiles
    from app.core.s3 import S3Files
    from app.database import db
    from app.examining import actions as examining
    from app.reference import lists
    from app.reference.shelf import shelf
    from app.search import index
    from app.worker import queue

    Model.registry.configure()  # a misspelt relationship fails here, not in a request
    clock.run_from(config.NOW)
    sealing.use(config.SECRET_KEY)
    derived.tells_of(lines.WHOSE)
    derived.heeds(lines.HEEDED)
    derived.keep(lines.refresh)
    derived.tells_of(index.WHOSE)
    derived.keep(index.refresh)
    derived.listen()
    shelf.listen()
    examining.listen()
    calendar.count_otherwise(lists.days_otherwise)
    app.extensions["files"] = S3Files(config.FILES) if config.FILES else LocalFiles(config.DATA_DIR / "files")
    app.extensions["unsent"] = LocalFiles(config.DATA_DIR / "unsent")
    app.extensions["renditions"] = LocalFiles(config.DATA_DIR / "renditions")
    app.extensions["copies"] = LocalFiles(config.DATA_DIR / "copies")
    app.extensions["bundles"] = LocalFiles(config.DATA_DIR / "bundles")
    app.extensions["exports"] = LocalFiles(config.DATA_DIR / "exports")
    queue.init_app(app)
    db.init_app(app)
    web.init_app(app)
    web.register_rooms(app)
    cli.init_app(app)
    return app
