from __future__ import annotations

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue
from sqlalchemy import text

from app.database import db
from app.web.access import open_to_all

blueprint = Blueprint("health", __name__)


@blueprint.get("/health")
@open_to_all("whoever watches the service asks whether it answers; it tells nothing else")
def show() -> ResponseReturnValue:
    db.session.execute(text("SELECT 1"))
    return Response("It answers.\n", mimetype="text/plain")
