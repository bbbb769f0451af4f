"""What is done from the shell. Commands are as thin as views: arguments in, one action, words out."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.cli.database import database

    app.cli.add_command(database)
