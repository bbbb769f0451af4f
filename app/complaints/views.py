from __future__ import annotations

from functools import partial
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app import policy
from app.audit.queries import story
from app.caseload.beside import beside
from app.checks import actions as checks
from app.checks import answers
from app.complaints import actions, queries, workflow
from app.complaints.forms import (
    ComplaintForm,
    DayForm,
    KnownPartyForm,
    LogForm,
    NewPartyForm,
    PersonForm,
    logged_from,
)
from app.complaints.models import Complaint, Party
from app.core.errors import NotFound
from app.core.text import whole_number
from app.database import db
from app.doubles import actions as doubles
from app.enquiries import queries as enquiries
from app.organisations import queries as organisations
from app.people import queries as people
from app.people.models import Person
from app.policy import Permission
from app.web.access import requires, with_complaint
from app.web.asked import number_asked, query_asked, words_asked
from app.web.forms import ConfirmForm
from app.web.identity import signed_in

blueprint = Blueprint("complaints", __name__, url_prefix="/complaints")

#: How many lines of a story the page that tells all of it shows at a time.
WHOLE_STORY = 50


@blueprint.route("/new", methods=["GET", "POST"])
@requires(Permission.COMPLAINT_LOG)
def log() -> ResponseReturnValue:
    number = words_asked("enquiry")
    enquiry = enquiries.by_reference(db.session, signed_in(), number) if number else None
    form = LogForm(data=logged_from(enquiry) if enquiry else {})
    if made := form.made(
        Complaint, lambda session: doubles.log(session, actor=signed_in(), enquiry=enquiry, **form.answers)
    ):
        logged = f"The complaint is logged. Its reference is {made.reference}."
        flash("We have this complaint. It is noted that it came again." if form.is_the_same else logged)
        return redirect(url_for("complaints.show", reference=made.reference))
    return render_template("complaints/log.html", form=form, enquiry=enquiry)


@blueprint.get("/<reference:reference>")
@with_complaint(Permission.COMPLAINT_VIEW)
def show(complaint: Complaint) -> ResponseReturnValue:
    complaint = queries.gather(db.session, signed_in(), complaint)
    return render_template(
        "complaints/show.html",
        complaint=complaint,
        steps=workflow.open_to(signed_in(), complaint),
        story=story(db.session, complaint),
        beside=beside(db.session, signed_in(), complaint, query_asked("among")),
    )


@blueprint.get("/<reference:reference>/story")
@with_complaint(Permission.COMPLAINT_VIEW)
def tell(complaint: Complaint) -> ResponseReturnValue:
    """The whole story of the complaint and its case, page after page."""
    after = number_asked("after")
    return render_template(
        "complaints/tell.html",
        complaint=complaint,
        story=story(db.session, complaint, before=after, size=WHOLE_STORY),
        size=WHOLE_STORY,
        is_start=not after,
    )


@blueprint.route("/<reference:reference>/change", methods=["GET", "POST"])
@with_complaint(Permission.COMPLAINT_CHANGE)
def change(complaint: Complaint) -> ResponseReturnValue:
    form = ComplaintForm(complaint)
    if form.carried_out(
        lambda session: actions.change(session, complaint, actor=signed_in(), **form.answers)
    ):
        flash("The change is saved. What it said before stays in the record.")
        return redirect(url_for("complaints.show", reference=complaint.reference))
    return render_template("complaints/change.html", complaint=complaint, form=form)


@blueprint.route("/<reference:reference>/people/new", methods=["GET", "POST"])
@with_complaint(Permission.COMPLAINT_CHANGE)
def add_person(complaint: Complaint) -> ResponseReturnValue:
    """Somebody new, or, with their number in the address, somebody known already."""
    known = _known_person(words_asked("person"))
    form: Any = KnownPartyForm() if known else NewPartyForm()
    add: Any = partial(actions.add_person, person=known) if known else doubles.add_person
    if party := form.made(Party, lambda session: add(session, complaint, actor=signed_in(), **form.answers)):
        flash(f"{party.person.name} is in this complaint now.")
        return redirect(url_for("complaints.show", reference=complaint.reference))
    words = words_asked("words")
    found = people.known_as(db.session, signed_in(), words)
    return render_template(
        "complaints/add_person.html", complaint=complaint, form=form, known=known, words=words, found=found
    )


@blueprint.route("/<reference:reference>/people/<number:party>", methods=["GET", "POST"])
@with_complaint(Permission.COMPLAINT_CHANGE)
def change_person(complaint: Complaint, party: int) -> ResponseReturnValue:
    person = _person_in(complaint, party)
    form = PersonForm(person)
    if form.carried_out(
        lambda session: actions.change_person(session, complaint, person, actor=signed_in(), **form.answers)
    ):
        flash("The change is saved.")
        return redirect(url_for("complaints.show", reference=complaint.reference))
    return render_template("complaints/change_person.html", complaint=complaint, person=person, form=form)


@blueprint.route("/<reference:reference>/acknowledgement", methods=["GET", "POST"])
@with_complaint(Permission.COMPLAINT_CHANGE)
def acknowledge(complaint: Complaint) -> ResponseReturnValue:
    form = DayForm()
    if form.carried_out(
        lambda session: actions.acknowledge(session, complaint, actor=signed_in(), **form.answers)
    ):
        flash("The acknowledgement is recorded.")
        return redirect(url_for("complaints.show", reference=complaint.reference))
    return render_template("complaints/acknowledge.html", complaint=complaint, form=form)


@blueprint.route("/<reference:reference>/close", methods=["GET", "POST"])
@with_complaint(Permission.COMPLAINT_CLOSE)
def close(complaint: Complaint) -> ResponseReturnValue:
    form = ConfirmForm()
    if form.validate_on_submit():
        with db.unit_of_work() as session:
            checks.close_complaint(session, complaint, actor=signed_in())
        flash(f"{complaint.reference} is closed.")
        return redirect(url_for("complaints.show", reference=complaint.reference))
    refusal = workflow.CLOSE.refusal(complaint, complaint.state) or answers.what_fell(complaint)
    return render_template("complaints/close.html", complaint=complaint, form=form, refusal=refusal)


@blueprint.get("/to-be-matched")
@requires(Permission.COMPLAINT_LIST)
def to_match() -> ResponseReturnValue:
    after = number_asked("after")
    waiting = queries.waiting_for_a_match(db.session, signed_in(), after)
    return render_template("complaints/to_match.html", waiting=waiting, is_start=not after, size=queries.PAGE)


@blueprint.route("/<reference:reference>/to-be-matched/<number:waiting>", methods=["GET", "POST"])
@with_complaint(Permission.COMPLAINT_CHANGE)
def match(complaint: Complaint, waiting: int) -> ResponseReturnValue:
    """Choose the organisation that free text meant; none chosen is none of those we know."""
    named = next((one for one in complaint.to_match if one.id == waiting), None)
    if named is None:
        raise NotFound("There is nothing to be matched under that number.")
    code = words_asked("organisation")
    chosen = organisations.by_code(db.session, code) if code else None
    form = ConfirmForm()
    if form.validate_on_submit():
        with db.unit_of_work() as session:
            actions.settle_match(session, named, actor=signed_in(), organisation=chosen)
        flash(f"“{named.words}” is matched. If an issue is alleged against it, add that allegation now.")
        return redirect(url_for("complaints.show", reference=complaint.reference))
    words = words_asked("words", named.words)
    return render_template(
        "complaints/match.html",
        complaint=complaint,
        named=named,
        chosen=chosen,
        words=words,
        found=organisations.search(db.session, words),
        most=organisations.MOST_FOUND,
        form=form,
    )


def _known_person(number: str) -> Person | None:
    wanted = policy.visible_people(signed_in()).where(Person.id == whole_number(number))
    return db.session.scalar(wanted) if number else None


def _person_in(complaint: Complaint, party: int) -> Person:
    """The person of the first, second … party to the complaint. Raises `NotFound`."""
    if party > len(complaint.parties):
        raise NotFound("There is nobody of that number in this complaint.")
    return complaint.parties[party - 1].person
