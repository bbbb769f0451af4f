"""The service as gunicorn serves it, with what only the benchmark needs: a page to compare with, and a count.

The page is as plain as a page with rows from a database can be: one SELECT of 25 rows along an index,
through the ORM, in a bare table, for anybody. The count is of the statements of each request.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from typing import Any

from flask import render_template_string
from sqlalchemy import event, select
from sqlalchemy.engine import Engine

from app.caseload.models import Line
from app.database import db
from app.web.access import open_to_all
from wsgi import app  # not made anew: what it does for its memory is measured too

PAGE = """<!doctype html><title>Plain</title><table>{% for line in lines %}
<tr><td>{{ line.reference }}<td>{{ line.affected }}<td>{{ line.organisations }}<td>{{ line.received_at }}{% endfor %}
</table>"""

counted = threading.local()
app.config["SECOND_FACTOR_REQUIRED"] = False  # it would be shown once, and is not what is measured


@app.get("/baseline")
@open_to_all("it exists only in the benchmark")
def baseline() -> str:
    newest = Line.received_at.desc(), Line.complaint_id.desc()
    return render_template_string(PAGE, lines=db.session.scalars(select(Line).order_by(*newest).limit(25)))


@event.listens_for(Engine, "before_cursor_execute")
def count(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
    if not statement.startswith("BEGIN"):
        counted.statements = getattr(counted, "statements", 0) + 1


class Counting:
    """Says in a header how many statements an answer took, the access log's among them."""

    def __init__(self, inner: Any) -> None:
        self.inner = inner

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        counted.statements = 0

        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            return start_response(status, [*headers, ("Statements", str(counted.statements))], *rest)

        return self.inner(environ, start)


app.wsgi_app = Counting(app.wsgi_app)  # type: ignore[method-assign]
