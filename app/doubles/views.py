from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.complaints.models import Complaint
from app.database import db
from app.doubles import comparing, merging, queries
from app.doubles.forms import CALLED, CompareForm, MergeForm, UndoForm
from app.doubles.models import PersonMerge
from app.people import queries as people
from app.people.models import Person
from app.policy import Permission
from app.web.access import with_complaint, with_person
from app.web.asked import words_asked
from app.web.identity import signed_in

blueprint = Blueprint("doubles", __name__)


@blueprint.get("/people/<key:key>/same-person")
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


@blueprint.route("/people/<key:key>/same-person/<key:other>", methods=["GET", "POST"])
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


@blueprint.route("/people/<key:key>/merges/<row:merged>/undo", methods=["GET", "POST"])
@with_person(Permission.PERSON_MERGE)
def undo(person: Person, merged: int) -> ResponseReturnValue:
    joined = queries.merge_of(db.session, signed_in(), person, merged)
    form = UndoForm()
    if form.carried_out(lambda session: merging.undo(session, joined, actor=signed_in(), **form.answers)):
        flash("They are two records again, each with what it had.")
        return redirect(url_for("people.show", key=person.key))
    return render_template("doubles/undo.html", person=person, merged=joined, form=form)


@blueprint.route("/complaints/<reference:reference>/compare", methods=["GET", "POST"])
@with_complaint(Permission.COMPLAINT_CHANGE)
def compare(complaint: Complaint) -> ResponseReturnValue:
    """Whether a complaint that nobody here logged, or who sent it, is here already."""
    if not comparing.is_open(complaint):  # also when this very form is sent again
        return redirect(url_for("complaints.show", reference=complaint.reference))
    form = CompareForm(comparing.offered(db.session, signed_in(), complaint))
    if form.carried_out(
        lambda session: comparing.weigh(session, complaint, actor=signed_in(), weighed=form.weighed)
    ):
        flash(
            "It is noted there that it came again, and this one is closed."
            if form.is_the_same
            else "It is compared. Who was chosen is who it is of now."
        )
        return redirect(url_for("complaints.show", reference=complaint.reference))
    return render_template("doubles/compare.html", complaint=complaint, form=form)
