from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.allegations import coding
from app.allegations.queries import numbered
from app.cases.models import Case
from app.findings import actions, outcomes
from app.findings.forms import ConfirmCodesForm, FindingForm
from app.findings.models import Finding
from app.policy import Permission
from app.reference.lists import taxonomy
from app.web.access import with_case
from app.web.identity import signed_in

blueprint = Blueprint("findings", __name__, url_prefix="/cases/<reference:reference>")


@blueprint.get("/findings")
@with_case(Permission.CASE_VIEW)
def show(case: Case) -> ResponseReturnValue:
    return render_template(
        "findings/show.html", case=case, outcome=outcomes.of_case(case), explained=outcomes.explained(case)
    )


@blueprint.route("/allegations/<number:number>/finding", methods=["GET", "POST"])
@with_case(Permission.FINDING_WRITE)
def write(case: Case, number: int) -> ResponseReturnValue:
    allegation = numbered(case.complaint, number)
    form = FindingForm(allegation)
    if made := form.made(
        Finding,
        lambda session: actions.write_finding(session, case, allegation, actor=signed_in(), **form.answers),
    ):
        wanting = f" Still missing: {'; '.join(made.missing)}." if made.missing else " It is complete."
        flash(f"The finding is saved.{wanting}")
        return redirect(url_for("findings.show", reference=case.reference))
    return render_template("findings/write.html", case=case, allegation=allegation, form=form)


@blueprint.route("/allegations/<number:number>/confirmed-codes", methods=["GET", "POST"])
@with_case(Permission.ALLEGATION_CONFIRM_CODES)
def confirm_codes(case: Case, number: int) -> ResponseReturnValue:
    allegation = numbered(case.complaint, number)
    form = ConfirmCodesForm(allegation, coding.codes_to_confirm(allegation))
    if form.carried_out(
        lambda session: coding.confirm(session, allegation, actor=signed_in(), **form.answers)
    ):
        flash("The codes are confirmed. The provisional ones stay beside them.")
        return redirect(url_for("findings.show", reference=case.reference))
    return render_template(
        "findings/confirm_codes.html",
        case=case,
        allegation=allegation,
        form=form,
        steps=taxonomy().steps,
    )
