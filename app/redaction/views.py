from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.cases.models import Case
from app.database import db
from app.evidence.queries import in_case
from app.examining.queries import has_leaves, quarantine_of, require_not_infected
from app.policy import Permission
from app.reading import queries as reading
from app.redaction import actions, queries
from app.redaction.forms import CopyForm, FindForm, MarkForm
from app.redaction.models import Reason, Redacting, RedactionMark
from app.web.access import with_case
from app.web.asked import number_asked
from app.web.identity import signed_in

blueprint = Blueprint(
    "redaction", __name__, url_prefix="/cases/<reference:reference>/evidence/<key:key>/redactions"
)


@blueprint.route("/", methods=["GET", "POST"])
@with_case(Permission.DOCUMENT_ADD)
def mark(case: Case, key: str) -> ResponseReturnValue:
    document = in_case(db.session, case, key)
    require_not_infected(db.session, document)
    leaf = reading.leaf(db.session, document, number_asked("page"))
    form = MarkForm(leaf.page)
    if made := form.made(
        RedactionMark,
        lambda session: actions.mark(
            session,
            document,
            actor=signed_in(),
            page=form.page.data,
            box=form.box,
            reason=form.reason.data,
            words=form.words.data,
        ),
    ):
        flash("The place is marked. It is blacked out in the next copy that is made.")
        return _to(case, key, made.page)
    return render_template(
        "redaction/mark.html",
        case=case,
        document=document,
        leaf=leaf,
        form=form,
        can_be_redacted=has_leaves(quarantine_of(db.session, document)),
        marks=queries.marks_of(db.session, document, leaf.page),
        pages=queries.pages_marked(db.session, document),
        work=queries.work_of(db.session, document),
    )


@blueprint.route("/find", methods=["GET", "POST"])
@with_case(Permission.DOCUMENT_ADD)
def find(case: Case, key: str) -> ResponseReturnValue:
    document, form = in_case(db.session, case, key), FindForm()
    if form.made(
        Redacting, lambda session: actions.find(session, document, actor=signed_in(), **form.answers)
    ):
        flash("The words are being looked for. It takes a minute or so; then look at each place.")
        return _to(case, key)
    return render_template("redaction/find.html", case=case, document=document, form=form)


@blueprint.post("/confirm")
@with_case(Permission.DOCUMENT_ADD)
def confirm_all(case: Case, key: str) -> ResponseReturnValue:
    with db.unit_of_work() as session:
        count = actions.confirm(session, in_case(session, case, key), actor=signed_in())
    flash(f"{count} {'place is' if count == 1 else 'places are'} blacked out in the next copy that is made.")
    return _to(case, key)


@blueprint.post("/<key:mark>/confirm")
@with_case(Permission.DOCUMENT_ADD)
def confirm(case: Case, key: str, mark: str) -> ResponseReturnValue:
    with db.unit_of_work() as session:
        document = in_case(session, case, key)
        found = queries.mark_of(session, document, mark)
        actions.confirm(session, document, actor=signed_in(), mark=found)
        page = found.page
    flash("The place is blacked out in the next copy that is made.")
    return _to(case, key, page)


@blueprint.post("/<key:mark>/strike")
@with_case(Permission.DOCUMENT_ADD)
def strike_out(case: Case, key: str, mark: str) -> ResponseReturnValue:
    with db.unit_of_work() as session:
        found = queries.mark_of(session, in_case(session, case, key), mark)
        actions.strike_out(session, found, actor=signed_in())
        page = found.page
    flash("The mark is taken away. It stays in the list, struck out.")
    return _to(case, key, page)


@blueprint.route("/copy", methods=["GET", "POST"])
@with_case(Permission.DOCUMENT_ADD)
def copy(case: Case, key: str) -> ResponseReturnValue:
    document, form = in_case(db.session, case, key), CopyForm()
    if form.made(
        Redacting,
        lambda session: actions.ask_for_copy(session, document, actor=signed_in(), title=form.title.data),
    ):
        flash("The redacted copy is being made. Read it before you disclose it.")
        return _to(case, key)
    pages = queries.pages_marked(db.session, document)
    return render_template("redaction/copy.html", case=case, document=document, form=form, pages=pages)


@blueprint.get("/list")
@with_case(Permission.DOCUMENT_READ)
def listed(case: Case, key: str) -> ResponseReturnValue:
    document = in_case(db.session, case, key)
    return render_template(
        "redaction/listed.html",
        case=case,
        document=document,
        marks=queries.marks_of(db.session, document),
        work=queries.work_of(db.session, document),
        reasons={reason.value: reason.label for reason in Reason},
    )


def _to(case: Case, key: str, page: int | None = None) -> ResponseReturnValue:
    return redirect(url_for("redaction.mark", reference=case.reference, key=key, page=page))
