from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.caseload.models import Line
from app.caseload.questions import USUAL_COLUMNS
from app.cases.models import Case
from app.database import db
from app.policy import Permission
from app.search import pages, queries
from app.web.access import requires, with_case
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
    if not exact and (enquiry := queries.enquiry_named(db.session, signed_in(), words)):
        return redirect(url_for("enquiries.show", reference=enquiry))
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


@blueprint.get("/evidence/words")
@requires(Permission.COMPLAINT_LIST)
def evidence() -> ResponseReturnValue:
    """What was read from the documents of every case, found by its words."""
    return render_template("search/evidence.html", **_read(None))


@blueprint.get("/cases/<reference:reference>/evidence/words")
@with_case(Permission.DOCUMENT_READ)
def evidence_of_case(case: Case) -> ResponseReturnValue:
    """What was read from the documents of one case, found by its words."""
    return render_template("search/evidence_of_case.html", case=case, **_read(case))


def _read(case: Case | None) -> dict[str, Any]:
    words, before = words_asked("words"), number_asked("after")
    answer = pages.find(db.session, signed_in(), words, case=case, before=before) if words else None
    return {"words": words, "answer": answer, "is_start": not before, "counted": pages.COUNTED}


def _address(line: Line) -> str:
    return url_for("cases.show" if line.is_case else "complaints.show", reference=line.reference)
