from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.allegations.queries import numbered
from app.complaints.models import Complaint
from app.core.errors import NotFound, RuleBroken
from app.database import db
from app.enquiries import queries as enquiries
from app.policy import Permission
from app.queues import actions, queries
from app.queues.forms import ReturnForm, Then
from app.queues.kinds import FOR_OTHERS, RETURNING, Kind
from app.web.access import requires, with_complaint
from app.web.asked import words_asked
from app.web.identity import signed_in

blueprint = Blueprint("queues", __name__)


@blueprint.get("/returning/")
@requires(Permission.DIARY_KEEP)
def returning() -> ResponseReturnValue:
    return _listed("queues/returning.html", RETURNING)


@blueprint.get("/waiting-for-others/")
@requires(Permission.CASE_LIST)
def for_others() -> ResponseReturnValue:
    return _listed("queues/for_others.html", FOR_OTHERS)


@blueprint.route("/returning/enquiries/<reference:reference>", methods=["GET", "POST"])
@requires(Permission.DIARY_KEEP)
def return_enquiry(reference: str) -> ResponseReturnValue:
    enquiry = enquiries.by_reference(db.session, signed_in(), reference)
    return _noted(enquiry, "queues/return_enquiry.html", enquiry=enquiry)


@blueprint.route("/returning/complaints/<reference:reference>/<number:number>", methods=["GET", "POST"])
@with_complaint(Permission.DIARY_KEEP)
def return_allegation(complaint: Complaint, number: int) -> ResponseReturnValue:
    allegation = numbered(complaint, number)
    if allegation.check is None:
        raise NotFound("This allegation has not been checked yet.")
    return _noted(
        allegation.check, "queues/return_allegation.html", complaint=complaint, allegation=allegation
    )


def _listed(template: str, kinds: tuple[Kind, ...]) -> ResponseReturnValue:
    is_own = words_asked("show") == "mine"
    after = queries.read_place(words_asked("after"))
    return render_template(
        template,
        waiting=queries.page(db.session, signed_in(), kinds, is_own=is_own, after=after),
        is_own=is_own,
        is_start=after is None,
        size=queries.PAGE,
    )


def _noted(returning: actions.Returning, template: str, **shown: object) -> ResponseReturnValue:
    """The one form by which something that may come back is dealt with, or looked at on another day."""
    form = ReturnForm(returning.diary_on)
    if form.validate_on_submit():
        how = {"actor": signed_in(), "was_on": form.shown_on, "words": form.words.data}
        try:
            with db.unit_of_work() as session:
                if form.then.data is Then.LATER:
                    actions.move(session, returning, to_on=form.to_on.data, **how)
                else:
                    actions.settle(session, returning, **how)
        except RuleBroken as refusal:
            form.refuse(refusal)
        else:
            flash("It is in the record, and in the diary no longer for that day.")
            return redirect(url_for("queues.returning"))
    return render_template(template, form=form, returning=returning, **shown)
