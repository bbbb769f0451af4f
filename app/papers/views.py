from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.audit.models import Access
from app.cases.models import Case
from app.complaints.models import Complaint
from app.database import db
from app.examining.queries import require_content_not_infected, safety_of
from app.papers import actions, queries
from app.policy import Permission
from app.web import uploads
from app.web.access import with_case, with_complaint
from app.web.identity import signed_in

blueprint = Blueprint("papers", __name__)


@blueprint.get("/complaints/<reference:reference>/papers")
@with_complaint(Permission.COMPLAINT_VIEW)
def search(complaint: Complaint) -> ResponseReturnValue:
    papers = queries.of_complaint(db.session, complaint)
    safety = safety_of(db.session, [paper.sha256 for paper in papers])
    return render_template("papers/search.html", complaint=complaint, papers=papers, safety=safety)


@blueprint.get("/complaints/<reference:reference>/papers/<key:key>")
@with_complaint(Permission.DOCUMENT_READ, kind=Access.DOWNLOADED)
def download(complaint: Complaint, key: str) -> ResponseReturnValue:
    paper = queries.in_complaint(db.session, complaint, key)
    require_content_not_infected(db.session, paper.sha256)
    return uploads.download(paper)


@blueprint.post("/cases/<reference:reference>/papers/<key:key>/enter")
@with_case(Permission.DOCUMENT_ADD)
def enter(case: Case, key: str) -> ResponseReturnValue:
    with db.unit_of_work() as session:
        paper = queries.in_complaint(session, case.complaint, key)
        document = actions.enter(session, paper, actor=signed_in())
    flash("The paper is entered as evidence. Now say which allegation it bears upon.")
    return redirect(url_for("evidence.show", reference=case.reference, key=document.key))
