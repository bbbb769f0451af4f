from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.database import db
from app.doubles import merging, queries
from app.doubles.forms import CALLED, MergeForm, UndoForm
from app.doubles.models import PersonMerge
from app.people import queries as people
from app.people.models import Person
from app.policy import Permission
from app.web.access import with_person
from app.web.asked import words_asked
from app.web.identity import signed_in

blueprint = Blueprint("doubles", __name__, url_prefix="/people")


@blueprint.get("/<key:key>/same-person")
@with_person(Permission.PERSON_MERGE)
def find_same(person: Person) -> ResponseReturnValue:
    """Who this person may be as well: those who are likely, and those looked for."""
    words = words_asked("words")
    found = [one for one in people.known_as(db.session, signed_in(), words) if one is not person]
    return render_template(
        "doubles/find_same.html",
        person=person,
        likely=queries.doubles_of(db.session, signed_in(), person),
        words=words,
        found=found,
    )


@blueprint.route("/<key:key>/same-person/<key:other>", methods=["GET", "POST"])
@with_person(Permission.PERSON_MERGE)
def merge(person: Person, other: str) -> ResponseReturnValue:
    second = people.by_key(db.session, signed_in(), other)
    if second is person:  # also when this very form is sent again
        return redirect(url_for("people.show", key=person.key))
    form = MergeForm(person, second)
    if form.made(
        PersonMerge, lambda session: merging.merge(session, person, second, actor=signed_in(), **form.answers)
    ):
        flash("The two records are one now. It can be undone on this page.")
        return redirect(url_for("people.show", key=person.key))
    return render_template("doubles/merge.html", person=person, other=second, form=form, called=CALLED)


@blueprint.route("/<key:key>/merges/<row:merged>/undo", methods=["GET", "POST"])
@with_person(Permission.PERSON_MERGE)
def undo(person: Person, merged: int) -> ResponseReturnValue:
    joined = queries.merge_of(db.session, signed_in(), person, merged)
    form = UndoForm()
    if form.carried_out(lambda session: merging.undo(session, joined, actor=signed_in(), **form.answers)):
        flash("They are two records again, each with what it had.")
        return redirect(url_for("people.show", key=person.key))
    return render_template("doubles/undo.html", person=person, merged=joined, form=form)
