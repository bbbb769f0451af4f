from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.database import db
from app.lineage import actions, comparing, merging, queries
from app.lineage.forms import NewMergeForm, NewSuccessionForm, SuccessionForm, WhyForm
from app.lineage.models import Merge, Succession
from app.organisations import queries as organisations
from app.organisations.models import Organisation
from app.policy import Permission
from app.web.access import requires
from app.web.asked import words_asked
from app.web.identity import signed_in

blueprint = Blueprint("lineage", __name__)


@blueprint.route("/organisations/<code:code>/successors/new", methods=["GET", "POST"])
@requires(Permission.ORGANISATION_ADD)
def record(code: str) -> ResponseReturnValue:
    """First the successor is found; then, with its code in the address, the rest is asked."""
    was, to = organisations.by_code(db.session, code), _chosen()
    form = NewSuccessionForm()
    if to and form.made(
        Succession,
        lambda session: actions.record_succession(session, was, actor=signed_in(), to=to, **form.answers),
    ):
        flash("It is in the history of both organisations now.")
        return _to(was)
    return render_template("lineage/record.html", organisation=was, chosen=to, form=form, **_finding(was))


@blueprint.route("/successions/<key:key>", methods=["GET", "POST"])
@requires(Permission.ORGANISATION_ADD)
def correct(key: str) -> ResponseReturnValue:
    succession = queries.succession_of(db.session, key)
    form = SuccessionForm(succession)
    if form.carried_out(
        lambda session: actions.correct_succession(session, succession, actor=signed_in(), **form.answers)
    ):
        flash("The change is saved. The old words stay in the record.")
        return _to(succession.was)
    return render_template("lineage/correct.html", succession=succession, form=form)


@blueprint.route("/successions/<key:key>/withdrawal", methods=["GET", "POST"])
@requires(Permission.ORGANISATION_ADD)
def withdraw(key: str) -> ResponseReturnValue:
    return _with_reasons(key, "lineage/withdraw.html", actions.withdraw_succession, "It counts no more.")


@blueprint.route("/successions/<key:key>/portal", methods=["GET", "POST"])
@requires(Permission.SUCCESSION_OPEN)
def open_portal(key: str) -> ResponseReturnValue:
    said = "The liaison officers of the successor can see it from their next page on."
    return _with_reasons(key, "lineage/open_portal.html", actions.open_portal, said)


@blueprint.post("/successions/<key:key>/portal/close")
@requires(Permission.SUCCESSION_OPEN)
def close_portal(key: str) -> ResponseReturnValue:
    with db.unit_of_work() as session:
        succession = queries.succession_of(session, key)
        actions.close_portal(session, succession, actor=signed_in())
    flash("They can see nothing of it any more.")
    return _to(succession.was)


@blueprint.route("/organisations/<code:code>/merge", methods=["GET", "POST"])
@requires(Permission.ORGANISATION_MERGE)
def merge(code: str) -> ResponseReturnValue:
    """First the record that stays is found; then what would move is shown, and the reasons are asked."""
    duplicate, into = organisations.by_code(db.session, code), _chosen()
    form = NewMergeForm()
    if into and form.made(
        Merge, lambda session: merging.merge(session, duplicate, actor=signed_in(), into=into, **form.answers)
    ):
        flash("The two records are one now. The old code leads here.")
        return _to(into)
    return render_template(
        "lineage/merge.html",
        organisation=duplicate,
        chosen=into,
        officers=queries.officers_of(db.session, duplicate),
        held=comparing.held_by(db.session, signed_in(), duplicate, into) if into else (),
        form=form,
        **_finding(duplicate),
    )


@blueprint.route("/organisation-merges/<key:key>/undo", methods=["GET", "POST"])
@requires(Permission.ORGANISATION_MERGE)
def undo_merge(key: str) -> ResponseReturnValue:
    merge = queries.merge_of(db.session, key)
    form = WhyForm()
    if form.carried_out(lambda session: merging.undo(session, merge, actor=signed_in(), **form.answers)):
        flash("They are two records again.")
        return _to(merge.duplicate)
    return render_template("lineage/undo_merge.html", merge=merge, form=form)


def _with_reasons(key: str, template: str, act: Callable[..., None], said: str) -> ResponseReturnValue:
    succession = queries.succession_of(db.session, key)
    form = WhyForm()
    if form.carried_out(lambda session: act(session, succession, actor=signed_in(), **form.answers)):
        flash(said)
        return _to(succession.was)
    return render_template(template, succession=succession, form=form)


def _chosen() -> Organisation | None:
    code = words_asked("organisation")
    return organisations.by_code(db.session, code) if code else None


def _finding(organisation: Organisation) -> dict[str, object]:
    """What is offered to choose from: others than the one that this is about."""
    words = words_asked("words")
    found = [one for one in organisations.search(db.session, words) if one is not organisation]
    return {"words": words, "found": found, "most": organisations.MOST_FOUND}


def _to(organisation: Organisation) -> ResponseReturnValue:
    return redirect(url_for("organisations.show", code=organisation.code))
