from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.caseload.models import Line
from app.caseload.questions import USUAL_COLUMNS
from app.database import db
from app.policy import Permission
from app.search import queries
from app.web.access import requires
from app.web.asked import number_asked, words_asked
from app.web.identity import signed_in

blueprint = Blueprint("search", __name__)


@blueprint.get("/search")
@requires(Permission.COMPLAINT_LIST)
def search() -> ResponseReturnValue:
    """Go straight to what is named exactly; else show what the words find."""
    words, best = words_asked("words"), request.args.get("order") == "best"
    exact = queries.straight_to(db.session, signed_in(), words) if words else []
    if len(exact) == 1:
        return redirect(_address(exact[0]))
    before = number_asked("after")
    answer = queries.find(db.session, signed_in(), words, before=before, best=best) if words else None
    return render_template(
        "search/search.html",
        words=words,
        exact=exact,
        answer=answer,
        best=best,
        is_start=not before,
        counted=queries.COUNTED,
        columns=USUAL_COLUMNS,
    )


def _address(line: Line) -> str:
    return url_for("cases.show" if line.is_case else "complaints.show", reference=line.reference)
