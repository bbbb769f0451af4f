"""The names this service answers to. Asked before anything else looks at a request.

A request for another name is no request of ours: not even an error page is drawn for it, since
every address on the page would be made of that name.
"""

from __future__ import annotations

from collections.abc import Iterable

from flask import Flask, Response
from werkzeug.exceptions import BadRequest
from werkzeug.wsgi import get_host

from app.web.headers import ALWAYS

NOT_OURS = "This service does not answer to that address.\n"


def init_app(app: Flask) -> None:
    answer, ours = app.wsgi_app, app.config["TRUSTED_HOSTS"]

    def answer_to_our_names(environ: dict[str, object], start_response: object) -> Iterable[bytes]:
        try:
            get_host(environ, ours)
        except (BadRequest, ValueError):
            refusal = Response(NOT_OURS, 400, {**ALWAYS, "Cache-Control": "no-store"}, "text/plain")
            return refusal(environ, start_response)  # type: ignore[arg-type]
        return answer(environ, start_response)  # type: ignore[arg-type]

    app.wsgi_app = answer_to_our_names  # type: ignore[method-assign]
