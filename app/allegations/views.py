from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.allegations import actions, coding, queries
from app.allegations.forms import (
    AllegationForm,
    CodesForm,
    IssueForm,
    NewAllegationForm,
    NewIssueForm,
)
from app.allegations.models import Allegation, Issue
from app.checks import queries as checks
from app.checks.answers import tested
from app.checks.facts import facts_of
from app.complaints.models import Complaint
from app.core.errors import NotFound
from app.database import db
from app.evidence import queries as evidence
from app.evidence.models import Weight
from app.lineage import queries as lineage
from app.organisations import queries as organisations
from app.policy import Permission
from app.reference.lists import taxonomy
from app.web.access import with_complaint
from app.web.asked import words_asked
from app.web.identity import signed_in

blueprint = Blueprint("allegations", __name__, url_prefix="/complaints/<reference:reference>")


@blueprint.route("/issues/new", methods=["GET", "POST"])
@with_complaint(Permission.ALLEGATION_RECORD)
def record_issue(complaint: Complaint) -> ResponseReturnValue:
    form = NewIssueForm()
    if form.validate_on_submit():
        with db.unit_of_work() as session:
            issue = form.once(
                session,
                Issue,
                lambda: actions.record_issue(session, complaint, actor=signed_in(), **form.answers),
            )
        flash("The issue is recorded. Now say which organisation it is alleged against.")
        return redirect(url_for("allegations.make", reference=complaint.reference, issue=issue.number))
    return render_template("allegations/record_issue.html", complaint=complaint, form=form)


@blueprint.route("/issues/<number:issue>", methods=["GET", "POST"])
@with_complaint(Permission.ALLEGATION_RECORD)
def change_issue(complaint: Complaint, issue: int) -> ResponseReturnValue:
    found = queries.issue_numbered(complaint, issue)
    form = IssueForm(found)
    if form.carried_out(
        lambda session: actions.change_issue(session, found, actor=signed_in(), **form.answers)
    ):
        flash("The change is saved.")
        return redirect(url_for("complaints.show", reference=complaint.reference))
    return render_template("allegations/change_issue.html", complaint=complaint, issue=found, form=form)


@blueprint.route("/issues/<number:issue>/allegations/new", methods=["GET", "POST"])
@with_complaint(Permission.ALLEGATION_RECORD)
def make(complaint: Complaint, issue: int) -> ResponseReturnValue:
    """First the organisation is found; then, with its code in the address, the facts are asked."""
    found_issue = queries.issue_numbered(complaint, issue)
    code = words_asked("organisation")
    if not code:
        words = words_asked("words")
        return render_template(
            "allegations/choose_organisation.html",
            complaint=complaint,
            issue=found_issue,
            words=words,
            found=organisations.search(db.session, words),
            most=organisations.MOST_FOUND,
        )
    organisation = organisations.by_code(db.session, code)
    form = NewAllegationForm()
    if made := form.made(
        Allegation,
        lambda session: actions.make_allegation(
            session, found_issue, actor=signed_in(), organisation=organisation, **form.answers
        ),
    ):
        flash("The allegation is recorded. Say next where on the pathway it went wrong.")
        return redirect(url_for("allegations.code", reference=complaint.reference, number=made.number))
    return render_template(
        "allegations/make.html",
        complaint=complaint,
        issue=found_issue,
        organisation=organisation,
        successions=lineage.successors_of(db.session, [organisation]),
        form=form,
    )


@blueprint.get("/allegations/<number:number>")
@with_complaint(Permission.COMPLAINT_VIEW)
def show(complaint: Complaint, number: int) -> ResponseReturnValue:
    allegation = queries.gathered(db.session, signed_in(), complaint, number)
    return render_template(
        "allegations/show.html",
        complaint=complaint,
        allegation=allegation,
        facts=facts_of(allegation),
        asked=tested(allegation),
        known=checks.joined_by(db.session, signed_in(), allegation),
        links=evidence.of_allegation(db.session, allegation),
        weights=list(Weight),
        most=evidence.MOST_SHOWN,
    )


@blueprint.route("/allegations/<number:number>/change", methods=["GET", "POST"])
@with_complaint(Permission.ALLEGATION_RECORD)
def change(complaint: Complaint, number: int) -> ResponseReturnValue:
    allegation = queries.numbered(complaint, number)
    form = AllegationForm(allegation)
    if form.carried_out(
        lambda session: actions.change_allegation(session, allegation, actor=signed_in(), **form.answers)
    ):
        flash("The change is saved, and the time limit reads the new dates.")
        return redirect(url_for("allegations.show", reference=complaint.reference, number=number))
    return render_template("allegations/change.html", complaint=complaint, allegation=allegation, form=form)


@blueprint.get("/allegations/<number:number>/codes")
@with_complaint(Permission.ALLEGATION_CODE)
def code(complaint: Complaint, number: int) -> ResponseReturnValue:
    allegation = queries.numbered(complaint, number)
    return render_template(
        "allegations/code.html", complaint=complaint, allegation=allegation, taxonomy=taxonomy()
    )


@blueprint.route("/allegations/<number:number>/codes/<letter:letter>", methods=["GET", "POST"])
@with_complaint(Permission.ALLEGATION_CODE)
def code_step(complaint: Complaint, number: int, letter: str) -> ResponseReturnValue:
    allegation, step = queries.numbered(complaint, number), taxonomy().step(letter.upper())
    if step is None:
        raise NotFound("There is no step of that letter on the pathway.")
    borne = {coding.code for coding in allegation.provisional_codes}
    form = CodesForm(allegation, {f.code: f"{f.code} {f.name}" for f in step.offered(borne)})
    if form.carried_out(
        lambda session: coding.code_step(
            session, allegation, actor=signed_in(), letter=step.letter, **form.answers
        )
    ):
        flash("The codes are saved. They are provisional until an investigation confirms them.")
        return redirect(url_for("allegations.code", reference=complaint.reference, number=number))
    return render_template(
        "allegations/code_step.html", complaint=complaint, allegation=allegation, step=step, form=form
    )
