from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.cases.models import Case
from app.database import db
from app.imaging import actions, queries
from app.imaging.forms import DecideForm
from app.policy import Permission
from app.web.access import with_case
from app.web.identity import signed_in

blueprint = Blueprint("imaging", __name__, url_prefix="/cases/<reference:reference>/imaging")


@blueprint.get("/")
@with_case(Permission.DOCUMENT_READ)
def of_case(case: Case) -> ResponseReturnValue:
    studies = queries.of_case(db.session, case)
    return render_template("imaging/of_case.html", case=case, studies=studies, most=queries.MOST_SHOWN)


@blueprint.route("/<key:key>/decide", methods=["GET", "POST"])
@with_case(Permission.DOCUMENT_DISCLOSE)
def decide(case: Case, key: str) -> ResponseReturnValue:
    told, form = queries.in_case(db.session, case, key), DecideForm()
    if form.carried_out(lambda session: actions.decide(session, told, actor=signed_in(), **form.answers)):
        flash("It is decided, with your name and your reasons.")
        return redirect(url_for("imaging.of_case", reference=case.reference))
    return render_template("imaging/decide.html", case=case, told=told, form=form)
