from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.allegations.queries import numbered
from app.cases.forms import ReasonsForm
from app.cases.models import Case
from app.core.errors import RuleBroken
from app.database import db
from app.evidence import linking
from app.evidence import queries as evidence
from app.evidence.actions import parties_of
from app.evidence.forms import RowLinkForm
from app.evidence.models import EvidenceLink
from app.exports.formats import as_csv
from app.policy import Permission
from app.timeline import actions, queries, sheet
from app.timeline.drawing import draw
from app.timeline.forms import ChangedRowForm, RowForm, StudyForm
from app.timeline.models import Row, Study
from app.web.access import with_case
from app.web.identity import signed_in

blueprint = Blueprint("timeline", __name__, url_prefix="/cases/<reference:reference>/timeline")


@blueprint.get("/")
@with_case(Permission.CASE_VIEW)
def show(case: Case) -> ResponseReturnValue:
    timeline = queries.of_case(db.session, case)
    return render_template("timeline/show.html", case=case, timeline=timeline, drawing=draw(timeline))


@blueprint.get("/timeline.csv")
@with_case(Permission.CASE_VIEW)
def as_sheet(case: Case) -> ResponseReturnValue:
    timeline = queries.of_case(db.session, case)
    return _attached("".join(as_csv([sheet.lines(timeline)])), f"{case.reference}-timeline.csv", "text/csv")


@blueprint.get("/timeline.svg")
@with_case(Permission.CASE_VIEW)
def as_picture(case: Case) -> ResponseReturnValue:
    drawing = draw(queries.of_case(db.session, case))
    picture = render_template("timeline/picture.svg", case=case, drawing=drawing)
    return _attached(picture, f"{case.reference}-timeline.svg", "image/svg+xml")


@blueprint.route("/studies/new", methods=["GET", "POST"])
@with_case(Permission.DOCUMENT_ADD)
def name_study(case: Case) -> ResponseReturnValue:
    form = StudyForm()
    if form.made(Study, lambda session: actions.name_study(session, case, actor=signed_in(), **form.answers)):
        flash("The examination is named. Now record what happened in it.")
        return redirect(url_for("timeline.show", reference=case.reference))
    return render_template("timeline/name_study.html", case=case, form=form)


@blueprint.route("/rows/new", methods=["GET", "POST"])
@with_case(Permission.DOCUMENT_ADD)
def record_row(case: Case) -> ResponseReturnValue:
    form = RowForm()
    _offer(form, case)
    if form.made(
        Row,
        lambda session: actions.record_row(
            session, case, actor=signed_in(), **form.answers, **_chosen(form, case)
        ),
    ):
        flash("The row is recorded.")
        return redirect(url_for("timeline.show", reference=case.reference))
    return render_template("timeline/record_row.html", case=case, form=form)


@blueprint.route("/rows/<number:number>", methods=["GET", "POST"])
@with_case(Permission.DOCUMENT_ADD)
def change(case: Case, number: int) -> ResponseReturnValue:
    row = queries.row_numbered(db.session, case, number)
    form = ChangedRowForm(row)
    _offer(form, case)
    if form.carried_out(
        lambda session: actions.change(session, row, actor=signed_in(), **form.answers, **_chosen(form, case))
    ):
        flash("The change is saved. What was written before stays in the record.")
        return redirect(url_for("timeline.show", reference=case.reference))
    return render_template("timeline/change.html", case=case, form=form, row=row)


@blueprint.route("/rows/<number:number>/choose", methods=["GET", "POST"])
@with_case(Permission.DOCUMENT_ADD)
def choose(case: Case, number: int) -> ResponseReturnValue:
    row = queries.row_numbered(db.session, case, number)
    form = ReasonsForm()
    if form.carried_out(
        lambda session: actions.choose(session, row, actor=signed_in(), reasons=form.reasons.data)
    ):
        flash(f"Row {number} counts now. The intervals are worked out from it.")
        return redirect(url_for("timeline.show", reference=case.reference))
    others = queries.same_event(db.session, row)
    return render_template("timeline/choose.html", case=case, form=form, row=row, others=others)


@blueprint.route("/rows/<number:number>/strike", methods=["GET", "POST"])
@with_case(Permission.DOCUMENT_ADD)
def strike_out(case: Case, number: int) -> ResponseReturnValue:
    row = queries.row_numbered(db.session, case, number)
    form = ReasonsForm()
    if form.carried_out(
        lambda session: actions.strike_out(session, row, actor=signed_in(), reasons=form.reasons.data)
    ):
        flash(f"Row {number} is struck out. It can still be read.")
        return redirect(url_for("timeline.show", reference=case.reference))
    return render_template("timeline/strike_out.html", case=case, form=form, row=row)


@blueprint.route("/rows/<number:number>/links/new", methods=["GET", "POST"])
@with_case(Permission.DOCUMENT_ADD)
def link(case: Case, number: int) -> ResponseReturnValue:
    row = queries.row_numbered(db.session, case, number)
    form = RowLinkForm(case.allegations)
    if form.made(
        EvidenceLink,
        lambda session: linking.link_row(
            session, row, numbered(case.complaint, form.number), actor=signed_in(), **form.answers
        ),
    ):
        flash(f"Row {number} is linked. A finding can rest on it now.")
        return redirect(url_for("timeline.show", reference=case.reference))
    return render_template("timeline/link.html", case=case, form=form, row=row)


def _offer(form: RowForm | ChangedRowForm, case: Case) -> None:
    form.offer(
        {str(study.number): study.name for study in queries.studies_of(db.session, case)},
        {party.code: party.name for party in parties_of(case)},
        {document.key: document.title for document in evidence.of_case(db.session, case)},
    )


def _chosen(form: RowForm | ChangedRowForm, case: Case) -> dict[str, Any]:
    """The rows of the case that were picked from its lists. Raises `RuleBroken` for what is in none of them."""
    studies = {str(study.number): study for study in queries.studies_of(db.session, case)}
    organisations = {party.code: party for party in parties_of(case)}
    documents = {document.key: document for document in evidence.of_case(db.session, case)}
    return {
        name: _picked(field, offered)
        for name, field, offered in (
            ("study", form.study_number, studies),
            ("organisation", form.organisation_code, organisations),
            ("document", form.document_key, documents),
        )
    }


def _picked(field: Any, offered: Mapping[str, Any]) -> Any:
    if not field.data:
        return None
    if field.data not in offered:
        raise RuleBroken("Select one of the list.", field=field.name)
    return offered[field.data]


def _attached(content: str, name: str, media_type: str) -> Response:
    """A file made of the timeline: a download, never a page of ours."""
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, mimetype=media_type, headers=disposition)
