from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app import policy
from app.accounts import queries as accounts
from app.accounts.models import Account
from app.cases.forms import ReasonsForm
from app.complaints.models import Complaint
from app.core import clock
from app.core.errors import NotFound, RuleBroken
from app.database import db
from app.duties import actions, queries
from app.duties.forms import AbsenceForm, ConflictForm, NameForm
from app.duties.models import Absence, Conflict
from app.organisations import queries as organisations
from app.policy import Permission
from app.web.access import requires, with_complaint
from app.web.asked import words_asked
from app.web.identity import signed_in

blueprint = Blueprint("duties", __name__)


@blueprint.get("/conflicts/")
@requires(Permission.CONFLICT_DECLARE)
def conflicts() -> ResponseReturnValue:
    found = queries.conflicts_known_to(db.session, signed_in())
    return render_template("duties/conflicts.html", conflicts=found)


@blueprint.route("/complaints/<reference:reference>/conflicts/new", methods=["GET", "POST"])
@with_complaint(Permission.CONFLICT_DECLARE)
def declare(complaint: Complaint) -> ResponseReturnValue:
    """A conflict with this complaint, or with an organisation or a person in it."""
    subjects = _subjects(complaint)
    form = ConflictForm(
        _others(), {key: called for key, (called, _what) in subjects.items()}, signed_in().key
    )
    if form.validate_on_submit():
        try:
            with db.unit_of_work() as session:
                if form.subject.data not in subjects:
                    raise RuleBroken("Select with what.", field="subject")
                what = subjects[form.subject.data][1]
                form.once(
                    session,
                    Conflict,
                    lambda: actions.declare_conflict(
                        session, actor=signed_in(), **_whose(form.answers), **what
                    ),
                )
        except RuleBroken as refusal:
            form.refuse(refusal)
        else:
            flash("The conflict of interest is written down, and counts from now on.")
            return redirect(url_for("casefile.show", reference=complaint.reference))
    return render_template("duties/declare.html", complaint=complaint, case=complaint.case, form=form)


@blueprint.route("/conflicts/organisations/new", methods=["GET", "POST"])
@requires(Permission.CONFLICT_DECLARE)
def declare_organisation() -> ResponseReturnValue:
    """First the organisation is found; then, with its code in the address, the rest is asked."""
    code, words = words_asked("organisation"), words_asked("words")
    chosen = organisations.by_code(db.session, code) if code else None
    form = ConflictForm(_others(), {}, signed_in().key)
    if chosen and form.made(
        Conflict,
        lambda session: actions.declare_conflict(
            session, actor=signed_in(), organisation=chosen, **_whose(form.answers)
        ),
    ):
        flash("The conflict of interest is written down, and counts from now on.")
        return redirect(url_for("duties.conflicts"))
    found = organisations.search(db.session, words)
    return render_template(
        "duties/declare_organisation.html",
        chosen=chosen,
        words=words,
        found=found,
        most=organisations.MOST_FOUND,
        form=form,
    )


@blueprint.route("/conflicts/<key:key>/lift", methods=["GET", "POST"])
@requires(Permission.CONFLICT_MANAGE)
def lift_conflict(key: str) -> ResponseReturnValue:
    conflict = queries.conflict_of(db.session, signed_in(), key)
    form = ReasonsForm()
    if form.carried_out(
        lambda session: actions.lift_conflict(session, conflict, actor=signed_in(), **form.answers)
    ):
        flash("The conflict of interest no longer counts.")
        return redirect(url_for("duties.conflicts"))
    return render_template("duties/lift_conflict.html", conflict=conflict, form=form)


@blueprint.get("/away/")
@requires(Permission.ABSENCE_ARRANGE)
def absences() -> ResponseReturnValue:
    found = queries.absences_known_to(db.session, signed_in(), clock.today())
    return render_template("duties/absences.html", absences=found)


@blueprint.route("/away/new", methods=["GET", "POST"])
@requires(Permission.ABSENCE_ARRANGE)
def arrange_absence() -> ResponseReturnValue:
    for_others = policy.may(signed_in(), Permission.ABSENCE_MANAGE)
    form = AbsenceForm(queries.staff(db.session), signed_in().key, for_others=for_others)
    if form.made(
        Absence,
        lambda session: actions.arrange_absence(
            session, actor=signed_in(), **_whose(form.answers) | {"cover": _staff(form.cover.data, "cover")}
        ),
    ):
        flash("The absence is arranged.")
        return redirect(url_for("duties.absences"))
    return render_template("duties/arrange_absence.html", form=form)


@blueprint.post("/away/<key:key>/end")
@requires(Permission.ABSENCE_ARRANGE)
def end_absence(key: str) -> ResponseReturnValue:
    with db.unit_of_work() as session:
        absence = queries.absence_of(session, signed_in(), key, clock.today())
        actions.end_absence(session, absence, actor=signed_in())
    flash("The absence is ended, and the cover with it.")
    return redirect(url_for("duties.absences"))


@blueprint.route("/complaints/<reference:reference>/restriction", methods=["GET", "POST"])
@with_complaint(Permission.COMPLAINT_RESTRICT)
def restrict(complaint: Complaint) -> ResponseReturnValue:
    form = ReasonsForm()
    if form.carried_out(
        lambda session: actions.restrict(session, complaint, actor=signed_in(), **form.answers)
    ):
        flash("Only you and whoever has the case can find it now. Name who else may.")
        return redirect(url_for("duties.name", reference=complaint.reference))
    return render_template("duties/restrict.html", complaint=complaint, case=complaint.case, form=form)


@blueprint.route("/complaints/<reference:reference>/restriction/lift", methods=["GET", "POST"])
@with_complaint(Permission.COMPLAINT_RESTRICT)
def lift_restriction(complaint: Complaint) -> ResponseReturnValue:
    form = ReasonsForm()
    if form.carried_out(
        lambda session: actions.lift_restriction(session, complaint, actor=signed_in(), **form.answers)
    ):
        flash("Everybody who works on complaints can find it again.")
        return redirect(url_for("casefile.show", reference=complaint.reference))
    return render_template(
        "duties/lift_restriction.html", complaint=complaint, case=complaint.case, form=form
    )


@blueprint.route("/complaints/<reference:reference>/named/new", methods=["GET", "POST"])
@with_complaint(Permission.COMPLAINT_RESTRICT)
def name(complaint: Complaint) -> ResponseReturnValue:
    staff = queries.staff(db.session)
    form = NameForm(staff)
    if form.carried_out(
        lambda session: actions.name(
            session, complaint, actor=signed_in(), account=_staff(form.account.data, "account")
        )
    ):
        flash(f"{staff[form.account.data]} can find it now.")
        return redirect(url_for("casefile.show", reference=complaint.reference))
    return render_template("duties/name.html", complaint=complaint, case=complaint.case, form=form)


@blueprint.post("/complaints/<reference:reference>/named/<key:key>/remove")
@with_complaint(Permission.COMPLAINT_RESTRICT)
def take_name(complaint: Complaint, key: str) -> ResponseReturnValue:
    reference = complaint.reference
    with db.unit_of_work() as session:
        account = actions.take_name(session, complaint, actor=signed_in(), account_key=key)
    flash(f"{account.name} is no longer named.")
    if account.id == signed_in().id:
        return redirect(url_for("caseload.search"))
    return redirect(url_for("casefile.show", reference=reference))


def _subjects(complaint: Complaint) -> dict[str, tuple[str, dict[str, Any]]]:
    """What somebody can have a conflict with in a complaint: by a key of the form, its words and the record."""
    whole = "This case" if complaint.case else "This complaint"
    found: dict[str, tuple[str, dict[str, Any]]] = {"this": (whole, {"complaint": complaint})}
    for organisation in dict.fromkeys(one.organisation for one in complaint.allegations):
        found[f"organisation-{organisation.code}"] = (
            f"{organisation.name}, in every case",
            {"organisation": organisation},
        )
    for place, person in enumerate(dict.fromkeys(party.person for party in complaint.parties), 1):
        found[f"person-{place}"] = (f"{person.name}, in every case", {"person": person})
    return found


def _others() -> dict[str, str]:
    """Those whose conflicts this person may record, by key; nobody for who may only declare their own."""
    manages = policy.may(signed_in(), Permission.CONFLICT_MANAGE)
    return dict(queries.staff(db.session)) if manages else {}


def _whose(answers: dict[str, Any]) -> dict[str, Any]:
    """The answers with an account for its key, and without what only the form needs."""
    key = answers.get("account")
    account = _staff(key, "account") if key else signed_in()
    return {name: answer for name, answer in answers.items() if name != "subject"} | {"account": account}


def _staff(key: str, field: str) -> Account:
    try:
        return accounts.by_key(db.session, key)
    except NotFound as error:
        raise RuleBroken("Select somebody from the list.", field=field) from error
