from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.caseload.presets import EVERYTHING
from app.core import clock
from app.database import db
from app.doubles import queries as doubles
from app.people import actions, queries, vulnerability
from app.people.forms import AdjustmentForm, ContactForm, EndForm, FlagForm, ReviewForm
from app.people.models import Adjustment, Person, Vulnerability
from app.policy import Permission
from app.web.access import requires, with_person
from app.web.asked import number_asked, words_asked
from app.web.forms import CaseworkForm, ConfirmForm
from app.web.identity import signed_in

blueprint = Blueprint("people", __name__, url_prefix="/people")


@blueprint.get("/")
@requires(Permission.PERSON_VIEW)
def search() -> ResponseReturnValue:
    words = words_asked("words")
    found = queries.known_as(db.session, signed_in(), words)
    return render_template("people/search.html", words=words, found=found, most=queries.MOST_FOUND)


@blueprint.get("/<key:key>")
@with_person(Permission.PERSON_VIEW)
def show(person: Person) -> ResponseReturnValue:
    here = url_for("people.show", key=person.key)
    if request.path != here:  # the key of a record that was merged into this one
        return redirect(here)
    before = number_asked("after")
    return render_template(
        "people/show.html",
        person=person,
        adjustments=queries.adjustments_of(db.session, person),
        vulnerabilities=queries.vulnerabilities_of(db.session, person),
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
@with_person(Permission.PERSON_CHANGE)
def change_contact(person: Person) -> ResponseReturnValue:
    form = ContactForm(person)
    if form.carried_out(
        lambda session: actions.change_contact(session, person, actor=signed_in(), **form.answers)
    ):
        flash("It is saved, and shown on every page about their complaints.")
        return redirect(url_for("people.show", key=person.key))
    return render_template("people/change_contact.html", person=person, form=form)


@blueprint.route("/<key:key>/adjustments/new", methods=["GET", "POST"])
@with_person(Permission.PERSON_CHANGE)
def agree_adjustment(person: Person) -> ResponseReturnValue:
    form = AdjustmentForm()
    if form.made(
        Adjustment,
        lambda session: actions.agree_adjustment(session, person, actor=signed_in(), **form.answers),
    ):
        flash("The adjustment is agreed, and shown on every page about their complaints.")
        return redirect(url_for("people.show", key=person.key))
    return render_template("people/agree_adjustment.html", person=person, form=form)


@blueprint.route("/<key:key>/adjustments/<row:adjustment>/end", methods=["GET", "POST"])
@requires(Permission.PERSON_CHANGE)
def end_adjustment(key: str, adjustment: int) -> ResponseReturnValue:
    person = queries.by_key(db.session, signed_in(), key)
    ending = queries.adjustment_of(db.session, person, adjustment)
    form = ConfirmForm()
    if form.carried_out(lambda session: actions.end_adjustment(session, ending, actor=signed_in())):
        flash("The adjustment has ended. It stays in the list of what there was.")
        return redirect(url_for("people.show", key=person.key))
    return render_template("people/end_adjustment.html", person=person, adjustment=ending, form=form)


@blueprint.get("/flags")
@requires(Permission.PERSON_VIEW)
def flags() -> ResponseReturnValue:
    """Vulnerability flags that are due to be looked at again."""
    after = number_asked("after")
    found = queries.flags_to_review(db.session, signed_in(), clock.today(), after)
    return render_template("people/flags.html", flags=found, size=queries.PAGE, is_start=not after)


@blueprint.route("/<key:key>/flags/new", methods=["GET", "POST"])
@with_person(Permission.PERSON_CHANGE)
def flag(person: Person) -> ResponseReturnValue:
    form = FlagForm()
    if form.made(
        Vulnerability, lambda session: vulnerability.flag(session, person, actor=signed_in(), **form.answers)
    ):
        flash("The flag is set, and shown on every page about their complaints.")
        return redirect(url_for("people.show", key=person.key))
    return render_template("people/flag.html", person=person, form=form)


@blueprint.route("/<key:key>/flags/<row:flag>", methods=["GET", "POST"])
@requires(Permission.PERSON_CHANGE)
def review_flag(key: str, flag: int) -> ResponseReturnValue:
    flagged = _flag(key, flag)
    told = "It is looked at. The flag stays, until the day you entered."
    return _of_flag(flagged, ReviewForm(flagged), vulnerability.review, "people/review_flag.html", told)


@blueprint.route("/<key:key>/flags/<row:flag>/end", methods=["GET", "POST"])
@requires(Permission.PERSON_CHANGE)
def end_flag(key: str, flag: int) -> ResponseReturnValue:
    flagged = _flag(key, flag)
    told = "The flag has ended. It stays in the list of what there was."
    return _of_flag(flagged, EndForm(), vulnerability.end, "people/end_flag.html", told)


def _of_flag(
    flagged: Vulnerability,
    form: CaseworkForm,
    action: Callable[..., None],
    template: str,
    told: str,
) -> ResponseReturnValue:
    """One thing done to a flag: its form, its action, and back to the person."""
    if form.carried_out(lambda session: action(session, flagged, actor=signed_in(), **form.answers)):
        flash(told)
        return redirect(url_for("people.show", key=flagged.person.key))
    return render_template(template, person=flagged.person, flagged=flagged, form=form)


def _flag(key: str, number: int) -> Vulnerability:
    """The flag of that number, of the person of that key. Raises `NotFound`."""
    return queries.vulnerability_of(db.session, queries.by_key(db.session, signed_in(), key), number)
