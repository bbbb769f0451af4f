from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app import policy
from app.allegations import queries as allegations
from app.allegations.models import Allegation, InitialCheck, KnowledgeDate
from app.checks import actions, answers, discretion, knowledge, queries
from app.checks.facts import time_limit
from app.checks.forms import (
    ChooseForm,
    DecideForm,
    DiscretionDecisionForm,
    DiscretionForm,
    KnownForm,
    SentForm,
    TestsForm,
)
from app.checks.models import Discretion
from app.complaints.models import Complaint
from app.core.errors import CaseworkError, RuleBroken
from app.database import db
from app.policy import Permission
from app.web.access import with_complaint
from app.web.asked import words_asked
from app.web.identity import signed_in

blueprint = Blueprint("checks", __name__, url_prefix="/complaints/<reference:reference>")


@blueprint.route("/allegations/<number:number>/tests", methods=["GET", "POST"])
@with_complaint(Permission.ALLEGATION_CHECK)
def test(complaint: Complaint, number: int) -> ResponseReturnValue:
    allegation = allegations.gathered(db.session, signed_in(), complaint, number)
    asked = answers.tested(allegation)
    form = TestsForm(allegation, asked)
    if form.carried_out(
        lambda session: answers.answer_tests(session, allegation, actor=signed_in(), **form.answers)
    ):
        flash("The answers are saved.")
        return redirect(url_for("checks.decide", reference=complaint.reference, number=number))
    return render_template(
        "checks/test.html",
        complaint=complaint,
        allegation=allegation,
        asked=asked,
        discretion=queries.discretion_of(allegation),
        form=form,
    )


@blueprint.route("/allegations/<number:number>/knowledge", methods=["GET", "POST"])
@with_complaint(Permission.ALLEGATION_CHECK)
def add_knowledge(complaint: Complaint, number: int) -> ResponseReturnValue:
    allegation = allegations.numbered(complaint, number)
    form = KnownForm()
    if form.made(
        KnowledgeDate, lambda session: knowledge.add(session, allegation, actor=signed_in(), **form.answers)
    ):
        flash("The day is in the list. Choose it if the year is to be counted from it.")
        return redirect(_way("add_knowledge", allegation))
    return render_template(
        "checks/add_knowledge.html",
        complaint=complaint,
        allegation=allegation,
        facts=time_limit(allegation),
        form=form,
    )


@blueprint.route("/allegations/<number:number>/knowledge/chosen", methods=["GET", "POST"])
@with_complaint(Permission.ALLEGATION_CHECK)
def choose_knowledge(complaint: Complaint, number: int) -> ResponseReturnValue:
    allegation = allegations.numbered(complaint, number)
    form = ChooseForm(allegation, words_asked("known"))
    if form.validate_on_submit():
        try:
            with db.unit_of_work() as session:
                given = form.answers
                given["known"] = _one_of_the_days(allegation, given["known"])
                knowledge.choose(session, allegation, actor=signed_in(), **given)
        except RuleBroken as refusal:
            form.refuse(refusal)
        else:
            flash("The year is counted from this day now. Answers that rested on another day are open again.")
            return redirect(_way("test", allegation))
    return render_template(
        "checks/choose_knowledge.html", complaint=complaint, allegation=allegation, form=form
    )


@blueprint.route("/allegations/<number:number>/discretion", methods=["GET", "POST"])
@with_complaint(Permission.ALLEGATION_CHECK)
def open_discretion(complaint: Complaint, number: int) -> ResponseReturnValue:
    allegation = allegations.numbered(complaint, number)
    able = list(queries.deciders(db.session, complaint))
    form = DiscretionForm(able)
    if form.validate_on_submit():
        try:
            with db.unit_of_work() as session:
                given = form.answers
                given["decider"] = _one_of(able, given["decider"])
                form.once(
                    session,
                    Discretion,
                    lambda: discretion.open_discretion(session, allegation, actor=signed_in(), **given),
                )
        except RuleBroken as refusal:
            form.refuse(refusal)
        else:
            flash("It waits for the decision now.")
            return redirect(_way("test", allegation))
    return render_template(
        "checks/open_discretion.html",
        complaint=complaint,
        allegation=allegation,
        facts=time_limit(allegation),
        form=form,
    )


@blueprint.route("/allegations/<number:number>/discretion/decision", methods=["GET", "POST"])
@with_complaint(Permission.DISCRETION_DECIDE)
def decide_discretion(complaint: Complaint, number: int) -> ResponseReturnValue:
    allegation = allegations.numbered(complaint, number)
    waiting = queries.discretion_of(allegation)
    form = DiscretionDecisionForm(waiting)
    if form.made(
        Discretion, lambda session: discretion.decide(session, allegation, actor=signed_in(), **form.answers)
    ):
        flash("Your decision is recorded. Whoever checks the allegation goes on from here.")
        return redirect(url_for("allegations.show", reference=complaint.reference, number=number))
    return render_template(
        "checks/decide_discretion.html",
        complaint=complaint,
        allegation=allegation,
        discretion=waiting,
        facts=time_limit(allegation),
        form=form,
    )


@blueprint.route("/allegations/<number:number>/check", methods=["GET", "POST"])
@with_complaint(Permission.ALLEGATION_CHECK)
def decide(complaint: Complaint, number: int) -> ResponseReturnValue:
    allegation = allegations.gathered(db.session, signed_in(), complaint, number)
    form = DecideForm(
        allegation,
        data={
            "reasons": actions.draft_of_reasons(allegation),
            "signposted_to": actions.draft_of_signpost(allegation),
        },
    )
    if form.validate_on_submit():
        try:
            with db.unit_of_work() as session:
                given = form.answers
                given["joined_to"] = _other_complaint(given["joined_to"])
                form.once(
                    session,
                    InitialCheck,
                    lambda: actions.decide(session, allegation, actor=signed_in(), **given),
                )
        except RuleBroken as refusal:
            form.refuse(refusal)
        else:
            flash(f"The initial check of allegation {number} is decided.")
            return redirect(url_for("complaints.show", reference=complaint.reference))
    return render_template(
        "checks/decide.html",
        complaint=complaint,
        allegation=allegation,
        asked=answers.tested(allegation),
        form=form,
    )


@blueprint.get("/reasons")
@with_complaint(Permission.COMPLAINT_VIEW)
def reasons(complaint: Complaint) -> ResponseReturnValue:
    return render_template(
        "checks/reasons.html",
        complaint=complaint,
        case=complaint.case,
        refused=queries.refused_in(db.session, complaint),
    )


@blueprint.route("/reasons/sent", methods=["GET", "POST"])
@with_complaint(Permission.COMPLAINT_CHANGE)
def send_reasons(complaint: Complaint) -> ResponseReturnValue:
    form = SentForm(actions.reasons_to_send(complaint))
    if form.carried_out(
        lambda session: actions.record_reasons_sent(session, complaint, actor=signed_in(), **form.answers)
    ):
        flash("It is recorded when the reasons were sent.")
        return redirect(url_for("complaints.show", reference=complaint.reference))
    return render_template("checks/send_reasons.html", complaint=complaint, form=form)


def _way(view: str, allegation: Allegation) -> str:
    return url_for(f"checks.{view}", reference=allegation.complaint.reference, number=allegation.number)


def _one_of(able: list[Any], key: str) -> Any:
    found = next((one for one in able if one.key == key), None)
    if found is None:
        raise RuleBroken("Name who decides.", field="decider")
    return found


def _one_of_the_days(allegation: Allegation, number: str) -> KnowledgeDate:
    found = next((day for day in allegation.known_dates if str(day.id) == number), None)
    if found is None:
        raise RuleBroken("This day is no longer in the list. Choose another.", field="known")
    return found


def _other_complaint(reference: str) -> Complaint | None:
    """The complaint of that reference, if this person may know of it. Raises `RuleBroken`."""
    if not reference:
        return None
    try:
        return policy.access_complaint(db.session, signed_in(), reference, Permission.COMPLAINT_VIEW)
    except CaseworkError:
        raise RuleBroken("There is no complaint under that reference.", field="joined_to") from None
