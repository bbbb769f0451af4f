from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app import policy
from app.accounts import queries as accounts
from app.complaints.models import Complaint
from app.concerns import actions, queries, workflow
from app.concerns.forms import ConcernForm, ConsiderForm, NoActionForm, PassOnForm, ReaderForm
from app.concerns.models import Concern, ConcernReader
from app.core.errors import CaseworkError, RuleBroken
from app.database import db
from app.duties import queries as duties
from app.organisations import queries as organisations
from app.organisations.models import Organisation
from app.policy import Permission
from app.web.access import requires, with_concern
from app.web.asked import number_asked
from app.web.forms import EditingForm
from app.web.identity import signed_in

blueprint = Blueprint("concerns", __name__, url_prefix="/concerns")


@blueprint.get("/")
@requires(Permission.CONCERN_RECORD)
def search() -> ResponseReturnValue:
    after = number_asked("after")
    concerns = queries.page(db.session, signed_in(), after)
    return render_template("concerns/search.html", concerns=concerns, size=queries.PAGE, is_start=not after)


@blueprint.route("/new", methods=["GET", "POST"])
@requires(Permission.CONCERN_RECORD)
def record() -> ResponseReturnValue:
    form = ConcernForm()
    if made := form.made(
        Concern,
        lambda session: actions.record_concern(
            session,
            actor=signed_in(),
            **form.answers
            | {
                "organisation": _organisation(form.organisation.data),
                "complaint": _complaint(form.complaint.data),
            },
        ),
    ):
        flash("The concern is recorded. Only you and the managers know of it.")
        return redirect(url_for("concerns.show", key=made.key))
    return render_template("concerns/record.html", form=form)


@blueprint.get("/<key:key>")
@with_concern(Permission.CONCERN_RECORD)
def show(concern: Concern) -> ResponseReturnValue:
    return render_template(
        "concerns/show.html",
        concern=concern,
        came_up_in=queries.came_up_in(db.session, signed_in(), concern),
        steps=[step.target for step in workflow.open_to(signed_in(), concern)],
    )


@blueprint.route("/<key:key>/consideration", methods=["GET", "POST"])
@with_concern(Permission.CONCERN_CONSIDER)
def consider(concern: Concern) -> ResponseReturnValue:
    told = "It is recorded what you make of it."
    return _moved(concern, ConsiderForm(concern), actions.consider, "concerns/consider.html", told)


@blueprint.route("/<key:key>/passed-on", methods=["GET", "POST"])
@with_concern(Permission.CONCERN_CONSIDER)
def pass_on(concern: Concern) -> ResponseReturnValue:
    told = "It is recorded to whom it was passed on."
    return _moved(concern, PassOnForm(concern), actions.pass_on, "concerns/pass_on.html", told)


@blueprint.route("/<key:key>/no-action", methods=["GET", "POST"])
@with_concern(Permission.CONCERN_CONSIDER)
def take_no_action(concern: Concern) -> ResponseReturnValue:
    told = "It is recorded that nothing further is done, and why."
    return _moved(
        concern, NoActionForm(concern), actions.take_no_action, "concerns/take_no_action.html", told
    )


@blueprint.route("/<key:key>/readers/new", methods=["GET", "POST"])
@with_concern(Permission.CONCERN_NAME)
def name(concern: Concern) -> ResponseReturnValue:
    form = ReaderForm(duties.staff(db.session))
    made = form.made(
        ConcernReader,
        lambda session: actions.name(
            session, concern, actor=signed_in(), account=accounts.by_key(session, form.account.data)
        ),
    )
    if made:
        flash(f"{made.account.name} may know of it now.")
        return redirect(url_for("concerns.show", key=concern.key))
    return render_template("concerns/name.html", concern=concern, form=form)


@blueprint.post("/<key:key>/readers/<key:account>/remove")
@with_concern(Permission.CONCERN_NAME)
def take_name(concern: Concern, account: str) -> ResponseReturnValue:
    with db.unit_of_work() as session:
        taken = actions.take_name(session, concern, actor=signed_in(), account_key=account)
    flash(f"{taken.name} is named no longer.")
    return redirect(url_for("concerns.show", key=concern.key))


def _moved(
    concern: Concern, form: EditingForm, action: Callable[..., None], template: str, told: str
) -> ResponseReturnValue:
    """One step of a concern: its form, its action, and back to its page."""
    if form.carried_out(lambda session: action(session, concern, actor=signed_in(), **form.answers)):
        flash(told)
        return redirect(url_for("concerns.show", key=concern.key))
    return render_template(template, concern=concern, form=form)


def _organisation(code: str) -> Organisation | None:
    if not code:
        return None
    try:
        return organisations.by_code(db.session, code)
    except CaseworkError:
        raise RuleBroken("There is no organisation with that code.", field="organisation") from None


def _complaint(reference: str) -> Complaint | None:
    """The complaint of that reference, if this person may know of it. Raises `RuleBroken`."""
    if not reference:
        return None
    try:
        return policy.access_complaint(db.session, signed_in(), reference, Permission.COMPLAINT_VIEW)
    except CaseworkError:
        raise RuleBroken("There is no complaint under that reference.", field="complaint") from None
