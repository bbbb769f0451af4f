"""The pages on which the office changes its lists: versions, drafts, and what is different between them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.core.errors import NotFound, RuleBroken
from app.core.text import clean
from app.database import db
from app.exports.formats import as_csv
from app.policy import Permission
from app.recounting import actions as recounting
from app.recounting import queries as recounted
from app.reference import actions, differences, queries
from app.reference.catalogue import CALENDAR, named
from app.reference.editable import EditableList
from app.reference.forms import ROW_FORMS, PutInForceForm, SourceForm, ThrowAwayForm
from app.reference.models import ListVersion
from app.reference.views import blueprint
from app.web.access import freshly_signed_in, requires
from app.web.asked import number_asked
from app.web.identity import signed_in
from app.web.uploads import as_attachment


@blueprint.get("/<listing>/versions")
@requires(Permission.REFERENCE_VIEW)
def versions(listing: str) -> ResponseReturnValue:
    about, before = named(listing), number_asked("after")
    return render_template(
        "reference/versions.html",
        about=about,
        in_force=queries.in_force(about),
        shipped=queries.numbered(db.session, about, 0),
        versions=queries.page(db.session, about, before=before),
        list_draft=queries.draft_of(db.session, about),
        size=queries.PAGE,
        is_start=not before,
    )


@blueprint.get("/<listing>/versions/<version:number>")
@requires(Permission.REFERENCE_VIEW)
def version(listing: str, number: int) -> ResponseReturnValue:
    """One version: who made it and why, what it changed, and all it holds."""
    about = named(listing)
    shown = queries.numbered(db.session, about, number)
    before = queries.numbered(db.session, about, number - 1) if number else shown
    newest = queries.newest(db.session, about).number
    may_have_left = listing == CALENDAR and number == newest > 0
    return render_template(
        "reference/version.html",
        about=about,
        version=shown,
        made=queries.made(db.session, about, number) if number else None,
        found=differences.between(about, before.rows, shown.rows),
        newest=newest,
        left=recounted.left_by(db.session, signed_in(), number) if may_have_left else None,
        others=[other for other in queries.numbers(db.session, about) if other != number],
        list_draft=queries.draft_of(db.session, about),
    )


@blueprint.get("/<listing>/versions/<version:number>/compared-with/<version:earlier>")
@requires(Permission.REFERENCE_VIEW)
def compare(listing: str, number: int, earlier: int) -> ResponseReturnValue:
    about = named(listing)
    one, other = (queries.numbered(db.session, about, each) for each in sorted((number, earlier)))
    found = differences.between(about, one.rows, other.rows)
    return render_template("reference/compare.html", about=about, one=one, other=other, found=found)


@blueprint.get("/<listing>/versions/<version:number>/csv")
@requires(Permission.REFERENCE_VIEW)
def as_csv_file(listing: str, number: int) -> ResponseReturnValue:
    about = named(listing)
    shown = queries.numbered(db.session, about, number)
    lines: list[Sequence[Any]] = [[column.name for column in about.columns]]
    lines += [[column.words(row[column.name]) for column in about.columns] for row in shown.rows]
    return _file(as_csv([lines]), f"{about.key}-{number}.csv", "text/csv")


@blueprint.get("/<listing>/versions/<version:number>/json")
@requires(Permission.REFERENCE_VIEW)
def as_json_file(listing: str, number: int) -> ResponseReturnValue:
    about = named(listing)
    shown = queries.numbered(db.session, about, number)
    begun = shown.in_force_from.isoformat() if shown.in_force_from else None
    told = {"list": about.key, "version": shown.name, "in_force_from": begun, "rows": list(shown.rows)}
    text = json.dumps(told, ensure_ascii=False, indent=1)
    return _file([text], f"{about.key}-{number}.json", "application/json")


@blueprint.post("/<listing>/draft/begin")
@requires(Permission.REFERENCE_CHANGE)
def begin_draft(listing: str) -> ResponseReturnValue:
    with db.unit_of_work() as session:
        actions.begin_draft(session, named(listing), actor=signed_in())
    return redirect(url_for("reference.draft", listing=listing))


@blueprint.post("/<listing>/versions/<version:number>/go-back")
@requires(Permission.REFERENCE_CHANGE)
def go_back(listing: str, number: int) -> ResponseReturnValue:
    with db.unit_of_work() as session:
        actions.begin_draft(session, named(listing), actor=signed_in(), copy_of=number)
    flash("This is a draft that goes back to that version. Look at what it changes, then put it in force.")
    return redirect(url_for("reference.draft", listing=listing))


@blueprint.get("/<listing>/draft")
@requires(Permission.REFERENCE_CHANGE)
def draft(listing: str) -> ResponseReturnValue:
    about = named(listing)
    there = queries.the_draft_of(db.session, about)
    newest = queries.newest(db.session, about)
    return render_template(
        "reference/draft.html",
        about=about,
        list_draft=there,
        newest=newest,
        found=differences.between(about, newest.rows, there.content),
        problems=about.problems(there.content, newest.rows, queries.known(db.session)),
    )


@blueprint.route("/<listing>/draft/new", methods=["GET", "POST"])
@requires(Permission.REFERENCE_CHANGE)
def add_row(listing: str) -> ResponseReturnValue:
    about = named(listing)
    there = queries.the_draft_of(db.session, about)
    form = ROW_FORMS[listing](there)
    if form.carried_out(lambda session: actions.add_row(session, there, actor=signed_in(), **form.answers)):
        flash("It is added to the draft.")
        return redirect(url_for("reference.draft", listing=listing))
    return render_template("reference/row.html", about=about, form=form, row=None, can_take_out=False)


@blueprint.route("/<listing>/draft/rows/<row>", methods=["GET", "POST"])
@requires(Permission.REFERENCE_CHANGE)
def change_row(listing: str, row: str) -> ResponseReturnValue:
    about = named(listing)
    there = queries.the_draft_of(db.session, about)
    stands = about.by_key(there.content).get(row)
    if stands is None:
        raise NotFound("There is nothing of that name in this list.")
    is_in_force = row in about.by_key(queries.newest(db.session, about).rows)
    form = ROW_FORMS[listing](there, stands, is_in_force=is_in_force)
    if form.carried_out(
        lambda session: actions.change_row(session, there, row, actor=signed_in(), **form.answers)
    ):
        flash("The draft is changed.")
        return redirect(url_for("reference.draft", listing=listing))
    return render_template(
        "reference/row.html", about=about, form=form, row=stands, can_take_out=not is_in_force
    )


@blueprint.post("/<listing>/draft/rows/<row>/take-out")
@requires(Permission.REFERENCE_CHANGE)
def take_out(listing: str, row: str) -> ResponseReturnValue:
    with db.unit_of_work() as session:
        there = queries.the_draft_of(session, named(listing))
        actions.take_out(session, there, row, actor=signed_in())
    flash("It is taken out of the draft again.")
    return redirect(url_for("reference.draft", listing=listing))


@blueprint.route("/<listing>/draft/throw-away", methods=["GET", "POST"])
@requires(Permission.REFERENCE_CHANGE)
def throw_away(listing: str) -> ResponseReturnValue:
    about = named(listing)
    there = queries.the_draft_of(db.session, about)
    newest = queries.newest(db.session, about)
    found = differences.between(about, newest.rows, there.content)
    form = ThrowAwayForm(there)
    if form.carried_out(
        lambda session: actions.throw_away(session, there, actor=signed_in(), **form.answers)
    ):
        flash("The draft is thrown away. The list stays as it is.")
        return redirect(url_for("reference.versions", listing=listing))
    return render_template("reference/throw_away.html", about=about, form=form, found=found)


@blueprint.route("/<listing>/draft/put-in-force", methods=["GET", "POST"])
@requires(Permission.REFERENCE_CHANGE)
@freshly_signed_in()
def put_in_force(listing: str) -> ResponseReturnValue:
    """Show what a draft changes and moves, and make it the next version."""
    about = named(listing)
    if sent_before := _put_in_force_by_the_same(about):
        flash(f"Version {sent_before.number} is in force already: this was sent twice.")
        return redirect(url_for("reference.version", listing=listing, number=sent_before.number))
    there = queries.the_draft_of(db.session, about)
    newest = queries.newest(db.session, about)
    found = differences.between(about, newest.rows, there.content)
    form = PutInForceForm(there)
    if form.validate_on_submit():
        try:
            with db.unit_of_work() as session:
                made, moved = recounting.put_in_force(session, there, actor=signed_in(), **form.answers)
        except RuleBroken as refusal:
            form.refuse(refusal)
        else:
            flash(f"Version {made.number} is put in force.{_said_of(moved)}")
            return redirect(url_for("reference.version", listing=listing, number=made.number))
    return render_template(
        "reference/put_in_force.html",
        about=about,
        form=form,
        found=found,
        preview=recounted.preview(db.session, signed_in(), there),
    )


@blueprint.route("/<listing>/rows/<row>/checked", methods=["GET", "POST"])
@requires(Permission.REFERENCE_CHANGE)
@freshly_signed_in()
def verify_row(listing: str, row: str) -> ResponseReturnValue:
    """Say what something marked as unverified was checked against. It makes a version at once."""
    about = named(listing)
    stands = about.by_key(queries.newest(db.session, about).rows).get(row)
    if stands is None or not stands.get("unverified"):
        raise NotFound("Nothing of that name is marked as unverified.")
    form = SourceForm()
    if form.validate_on_submit():
        try:
            with db.unit_of_work() as session:
                made = actions.verify_row(session, about, row, actor=signed_in(), **form.answers)
        except RuleBroken as refusal:
            form.refuse(refusal)
        else:
            flash("The mark is gone, and the source is kept with the version.")
            return redirect(url_for("reference.version", listing=listing, number=made.number))
    return render_template("reference/verify_row.html", about=about, form=form, row=stands)


def _put_in_force_by_the_same(about: EditableList) -> ListVersion | None:
    """The version that this very form made when it was sent before, in the same words by the same person."""
    if request.method != "POST" or queries.draft_of(db.session, about):
        return None
    last = queries.last_made(db.session, about)
    words = clean(request.form.get("reasons", ""))
    return last if last and (last.made_by_id, last.reasons) == (signed_in().id, words) else None


def _said_of(moved: int) -> str:
    match moved:
        case 0:
            return ""
        case 1:
            return " One day was counted again."
    return f" {moved:,} days were counted again."


def _file(parts: Any, name: str, kind: str) -> Response:
    return as_attachment(Response(parts, content_type=f"{kind}; charset=utf-8"), name)
