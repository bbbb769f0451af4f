from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.caseload.presets import EVERYTHING
from app.core.errors import NotFound, RuleBroken
from app.database import db
from app.doubles import queries as doubles
from app.people import actions, queries
from app.people.forms import AdjustmentForm, ContactForm
from app.people.models import Adjustment
from app.policy import Permission
from app.web.access import requires
from app.web.asked import number_asked, words_asked
from app.web.forms import ConfirmForm
from app.web.identity import signed_in

blueprint = Blueprint("people", __name__, url_prefix="/people")


@blueprint.get("/")
@requires(Permission.PERSON_VIEW)
def search() -> ResponseReturnValue:
    words = words_asked("words")
    found = queries.known_as(db.session, signed_in(), words)
    return render_template("people/search.html", words=words, found=found, most=queries.MOST_FOUND)


@blueprint.get("/<key:key>")
@requires(Permission.PERSON_VIEW)
def show(key: str) -> ResponseReturnValue:
    person = queries.by_key(db.session, signed_in(), key)
    if person.key != key:
        return redirect(url_for("people.show", key=person.key))
    before = number_asked("after")
    return render_template(
        "people/show.html",
        person=person,
        adjustments=queries.adjustments_of(db.session, person),
        lines=queries.complaints_of(db.session, signed_in(), person, before),
        total=queries.count_complaints_of(db.session, signed_in(), person),
        columns=EVERYTHING.columns,
        size=queries.PAGE,
        repeatedly=queries.REPEATEDLY,
        counted=queries.COUNTED,
        merges=doubles.merges_of(db.session, signed_in(), person),
        is_start=not before,
    )


@blueprint.route("/<key:key>/contact", methods=["GET", "POST"])
@requires(Permission.PERSON_CHANGE)
def change_contact(key: str) -> ResponseReturnValue:
    person = queries.by_key(db.session, signed_in(), key)
    form = ContactForm(person)
    if form.validate_on_submit():
        try:
            with db.unit_of_work() as session:
                actions.change_contact(session, person, actor=signed_in(), **form.answers)
        except RuleBroken as refusal:
            form.refuse(refusal)
        else:
            flash("It is saved, and shown on every page about their complaints.")
            return redirect(url_for("people.show", key=key))
    return render_template("people/change_contact.html", person=person, form=form)


@blueprint.route("/<key:key>/adjustments/new", methods=["GET", "POST"])
@requires(Permission.PERSON_CHANGE)
def agree_adjustment(key: str) -> ResponseReturnValue:
    person = queries.by_key(db.session, signed_in(), key)
    form = AdjustmentForm()
    if form.validate_on_submit():
        try:
            with db.unit_of_work() as session:
                form.once(
                    session,
                    Adjustment,
                    lambda: actions.agree_adjustment(session, person, actor=signed_in(), **form.answers),
                )
        except RuleBroken as refusal:
            form.refuse(refusal)
        else:
            flash("The adjustment is agreed, and shown on every page about their complaints.")
            return redirect(url_for("people.show", key=key))
    return render_template("people/agree_adjustment.html", person=person, form=form)


@blueprint.route("/<key:key>/adjustments/<number:number>/end", methods=["GET", "POST"])
@requires(Permission.PERSON_CHANGE)
def end_adjustment(key: str, number: int) -> ResponseReturnValue:
    person = queries.by_key(db.session, signed_in(), key)
    if number > len(person.adjustments):
        raise NotFound("There is no adjustment of that number.")
    adjustment = person.adjustments[number - 1]
    form = ConfirmForm()
    if form.validate_on_submit():
        with db.unit_of_work() as session:
            actions.end_adjustment(session, adjustment, actor=signed_in())
        flash("The adjustment has ended. It stays in the list of what there was.")
        return redirect(url_for("people.show", key=key))
    return render_template("people/end_adjustment.html", person=person, adjustment=adjustment, form=form)
