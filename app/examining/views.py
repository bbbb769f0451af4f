from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.cases.models import Case
from app.core.errors import RuleBroken
from app.database import db
from app.evidence.queries import in_case
from app.examining import actions, queries
from app.examining.forms import ReleaseForm
from app.examining.kinds import KINDS
from app.examining.sandbox import CUT_OFF
from app.policy import Permission
from app.web.access import freshly_signed_in, with_case
from app.web.identity import signed_in

blueprint = Blueprint("examining", __name__, url_prefix="/cases/<reference:reference>/examinations")


@blueprint.get("/")
@with_case(Permission.DOCUMENT_READ)
def of_case(case: Case) -> ResponseReturnValue:
    documents = queries.by_document(db.session, case)
    told = {done.result.get("network") for _known, examinations in documents for done in examinations}
    cut_off = [words for how, words in CUT_OFF.items() if how in told]
    return render_template(
        "examining/of_case.html",
        case=case,
        documents=documents,
        kinds=KINDS,
        most=queries.MOST_SHOWN,
        cut_off=cut_off,
    )


@blueprint.post("/<key:key>/again")
@with_case(Permission.DOCUMENT_ADD)
def try_again(case: Case, key: str) -> ResponseReturnValue:
    with db.unit_of_work() as session:
        actions.try_again(session, in_case(session, case, key), actor=signed_in())
    flash("What failed is tried again. It takes a minute or so.")
    return redirect(url_for("examining.of_case", reference=case.reference))


@blueprint.route("/<key:key>/release", methods=["GET", "POST"])
@with_case(Permission.DOCUMENT_RELEASE)
@freshly_signed_in()
def release(case: Case, key: str) -> ResponseReturnValue:
    document = in_case(db.session, case, key)
    form = ReleaseForm()
    if form.validate_on_submit():
        try:
            with db.unit_of_work() as session:
                actions.release(session, document, actor=signed_in(), reasons=form.reasons.data)
        except RuleBroken as refusal:
            form.refuse(refusal)
        else:
            flash("The document is released. Whoever it is disclosed to can download it now.")
            return redirect(url_for("examining.of_case", reference=case.reference))
    return render_template("examining/release.html", case=case, document=document, form=form)
