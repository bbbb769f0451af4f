"""From refusals to pages. Views never catch `NotFound` or `NotPermitted`; they end up here."""

from __future__ import annotations

from flask import Flask, current_app, g, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from app.audit.models import Access
from app.core.errors import NotFound, NotPermitted, RuleBroken
from app.core.text import file_size
from app.database import SAFE_METHODS
from app.policy.visibility import ABSENT
from app.web import kept, visits
from app.web.identity import is_signed_in, login_manager

OVERTAKEN = (
    "Someone else changed this at the same moment. Nothing of yours was saved: look again, then retry."
)
#: Refusals of a form that was well sent: somebody may have written in it for an hour.
KEEPING_WHAT_WAS_TYPED = frozenset({403, 404, 409, 503})
BUSY = "The service is busy and could not save this. Nothing was changed: go back and try again in a minute."
SAID = {
    400: "The service could not understand what was sent. Go back, check the form and send it again.",
    404: ABSENT,
    405: "This address does not take that kind of request. Start from a page of the service.",
    416: "There is no such part of this file. Download the whole of it again.",
    500: "Something went wrong on our side. Nothing was changed. Try again, or tell whoever looks after the"
    " service, with the number below.",
}


def init_app(app: Flask) -> None:  # noqa: C901 (one handler after another)
    @app.errorhandler(NotFound)
    def not_found(_error: NotFound) -> ResponseReturnValue:
        _note_refusal()
        return _page(404, ABSENT)

    @app.errorhandler(NotPermitted)
    def not_permitted(error: NotPermitted) -> ResponseReturnValue:
        _note_refusal()
        return _page(403, str(error))

    @app.errorhandler(RuleBroken)
    def rule_broken(error: RuleBroken) -> ResponseReturnValue:
        _note_refusal()
        return _page(409, str(error))

    @app.errorhandler(StaleDataError)
    @app.errorhandler(IntegrityError)
    def overtaken(_error: Exception) -> ResponseReturnValue:
        return _page(409, OVERTAKEN)

    @app.errorhandler(OperationalError)
    def busy(error: OperationalError) -> ResponseReturnValue:
        current_app.logger.error("request %s: the database said: %s", g.get("request_id"), type(error.orig))
        body, status = _page(503, BUSY)
        return body, status, {"Retry-After": "60"}

    @app.errorhandler(CSRFError)
    def old_form(_error: CSRFError) -> ResponseReturnValue:
        if not is_signed_in() and request.blueprint != "front_door":
            return login_manager.unauthorized()
        waiting = kept.carry_on_with_this_request(400)
        return waiting or _page(400, "This form has waited too long. Open the page again and resend it.")

    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> ResponseReturnValue:
        status = error.code or 500
        if status in {301, 302, 303, 307, 308}:
            return error
        if status == 413:
            limit = file_size(current_app.config["UPLOAD_LIMIT"])
            return _page(
                413, f"That is too much to send at once: files may be up to {limit}. Nothing was saved."
            )
        return _page(status, SAID.get(status) or error.description or error.name)

    @app.errorhandler(500)
    def failed(_error: Exception) -> ResponseReturnValue:
        return _page(500, SAID[500])


def _page(status: int, message: str) -> tuple[str, int]:
    g.broken = status >= 500  # the page must not ask again what could not be answered
    page = render_template("errors/error.html", status=status, message=message, typed=_typed(status))
    return page, status


def _typed(status: int) -> list[tuple[str, str]]:
    """What had been typed into a form that was refused for good: shown, so that it is not lost."""
    if request.method in SAFE_METHODS or status not in KEEPING_WHAT_WAS_TYPED:
        return []
    return kept.typed_text()


def _note_refusal() -> None:
    if is_signed_in():
        visits.note(Access.REFUSED, " ".join(map(str, (request.view_args or {}).values())))
