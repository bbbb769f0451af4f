from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app import policy
from app.accounts import queries as accounts
from app.accounts.models import Account
from app.allegations import queries as allegations
from app.audit.queries import story
from app.casefile import queries as casefile
from app.caseload import queries as caseload
from app.caseload.beside import beside
from app.cases import actions, corrections, queries, workflow
from app.cases.forms import AllocateForm, CloseForm, DuplicateForm, FactsForm, MediationForm, ReasonsForm
from app.cases.models import Case, Closure
from app.cases.next_steps import next_of
from app.checks import answers
from app.complaints import workflow as complaints
from app.complaints.models import Complaint
from app.core import clock
from app.core.errors import CaseworkError, RuleBroken
from app.database import db
from app.duties import queries as duties
from app.findings import actions as findings
from app.organisations import queries as organisations
from app.policy import Permission
from app.requests import queries as requests
from app.web.access import with_case, with_complaint
from app.web.asked import query_asked, words_asked
from app.web.forms import ConfirmForm
from app.web.identity import signed_in

blueprint = Blueprint("cases", __name__)


@blueprint.get("/cases/<reference:reference>")
@with_case(Permission.CASE_VIEW)
def show(case: Case) -> ResponseReturnValue:
    case = queries.gather(db.session, signed_in(), case)
    return render_template(
        "cases/show.html",
        case=case,
        notes=casefile.notes(db.session, case.complaint, size=casefile.LATEST),
        latest_notes=casefile.LATEST,
        absence=case.owner.absence_on(clock.today()) if case.owner and case.is_open else None,
        duplicate_of=queries.duplicated(db.session, signed_in(), case),
        steps=workflow.open_to(signed_in(), case),
        upcoming=next_of(case),
        refusals=workflow.refusals(signed_in(), case),
        requests=requests.running_in(db.session, case) if case.is_open else (),
        story=story(db.session, case.complaint),
        beside=beside(db.session, signed_in(), case.complaint, query_asked("among")),
    )


@blueprint.route("/complaints/<reference:reference>/case", methods=["GET", "POST"])
@with_complaint(Permission.COMPLAINT_ACCEPT)
def open_case(complaint: Complaint) -> ResponseReturnValue:
    form = ConfirmForm()
    if form.validate_on_submit():
        with db.unit_of_work() as session:
            case = actions.open_case(session, complaint, actor=signed_in())
        flash(f"The case {case.reference} is open. It waits to be given to an investigator.")
        return redirect(url_for("cases.show", reference=case.reference))
    refusal = complaints.ACCEPT.refusal(complaint, complaint.state) or answers.what_fell(complaint)
    return render_template("cases/open_case.html", complaint=complaint, form=form, refusal=refusal)


@blueprint.route("/cases/<reference:reference>/owner", methods=["GET", "POST"])
@with_case(Permission.CASE_ALLOCATE)
def allocate(case: Case) -> ResponseReturnValue:
    able = accounts.investigators(db.session)
    barred = {conflict.account_id: conflict for conflict in duties.conflicts_with(db.session, case.complaint)}
    asker = caseload.Asker(signed_in(), clock.today())
    has = caseload.open_cases_of(db.session, asker, able)
    able = sorted(able, key=lambda one: (not one.team, one.team, one.name))
    form = AllocateForm({one.key: _with_load(one, has[one.id]) for one in able if one.id not in barred})
    if form.validate_on_submit():
        try:
            with db.unit_of_work() as session:
                owner = next((one for one in able if one.key == form.owner.data), None)
                if owner is None:
                    raise RuleBroken("Select an investigator.", field="owner")
                actions.allocate(session, case, actor=signed_in(), owner=owner)
        except RuleBroken as refusal:
            form.refuse(refusal)
        else:
            flash(f"{owner.name} has the case now.")
            return redirect(url_for("cases.show", reference=case.reference))
    return render_template(
        "cases/allocate.html",
        case=case,
        form=form,
        barred=[(one, barred[one.id]) for one in able if one.id in barred],
        away=duties.away(db.session, clock.today()),
        able=able,
        has=has,
    )


def _with_load(account: Account, count: int) -> str:
    """Somebody as they are offered: in which team, and how much they have."""
    cases = "1 open case" if count == 1 else f"{count} open cases"
    return f"{account.team or 'No team'}: {account.name}, {cases}"


@blueprint.route("/cases/<reference:reference>/detailed-investigation", methods=["GET", "POST"])
@with_case(Permission.CASE_INVESTIGATE)
def investigate_in_detail(case: Case) -> ResponseReturnValue:
    form = ConfirmForm()
    if form.validate_on_submit():
        with db.unit_of_work() as session:
            actions.investigate_in_detail(session, case, actor=signed_in())
        flash("The detailed investigation has begun. The organisations see the allegations against them.")
        return redirect(url_for("cases.show", reference=case.reference))
    return render_template("cases/investigate_in_detail.html", case=case, form=form)


@blueprint.route("/cases/<reference:reference>/mediation", methods=["GET", "POST"])
@with_case(Permission.CASE_INVESTIGATE)
def mediate(case: Case) -> ResponseReturnValue:
    form = MediationForm()
    if form.carried_out(
        lambda session: actions.send_to_mediation(session, case, actor=signed_in(), **form.answers)
    ):
        flash("The case is with a mediator. The clocks go on running.")
        return redirect(url_for("cases.show", reference=case.reference))
    return render_template("cases/mediate.html", case=case, form=form)


@blueprint.route("/cases/<reference:reference>/mediation/end", methods=["GET", "POST"])
@with_case(Permission.CASE_INVESTIGATE)
def end_mediation(case: Case) -> ResponseReturnValue:
    words = "The mediation is over. The case goes on in primary investigation."
    return _with_reasons(case, "cases/end_mediation.html", actions.end_mediation, words)


@blueprint.route("/cases/<reference:reference>/back-to-primary-investigation", methods=["GET", "POST"])
@with_case(Permission.CASE_TAKE_BACK)
def take_back(case: Case) -> ResponseReturnValue:
    words = "The case is back in primary investigation. The organisations no longer see the allegations."
    return _with_reasons(case, "cases/take_back.html", actions.take_back, words)


@blueprint.route("/cases/<reference:reference>/reopen", methods=["GET", "POST"])
@with_case(Permission.CASE_TAKE_BACK)
def reopen(case: Case) -> ResponseReturnValue:
    words = "The case is open again. Its twelve months run as if it had never been closed."
    return _with_reasons(case, "cases/reopen.html", actions.reopen, words)


@blueprint.route("/cases/<reference:reference>/close", methods=["GET", "POST"])
@with_case(Permission.CASE_CLOSE)
def close(case: Case) -> ResponseReturnValue:
    steps = [s for s in workflow.open_to(signed_in(), case) if s.closure not in {None, Closure.DUPLICATE}]
    form = CloseForm([step.closure for step in steps if step.closure])
    if form.carried_out(lambda session: actions.close(session, case, actor=signed_in(), **form.answers)):
        flash(f"{case.reference} is closed.")
        return redirect(url_for("cases.show", reference=case.reference))
    return render_template("cases/close.html", case=case, form=form, refusals=workflow.closing_refusals(case))


@blueprint.route("/cases/<reference:reference>/duplicate", methods=["GET", "POST"])
@with_case(Permission.CASE_CLOSE)
def close_as_duplicate(case: Case) -> ResponseReturnValue:
    form = DuplicateForm()
    if form.carried_out(
        lambda session: corrections.close_as_duplicate(
            session, case, actor=signed_in(), of=_other_case(form.of.data), reasons=form.reasons.data
        )
    ):
        flash(
            f"{case.reference} is closed as a duplicate of {case.duplicate_of and case.duplicate_of.reference}."
        )
        return redirect(url_for("cases.show", reference=case.reference))
    return render_template("cases/close_as_duplicate.html", case=case, form=form)


@blueprint.route("/cases/<reference:reference>/allegations/<number:number>/facts", methods=["GET", "POST"])
@with_case(Permission.CASE_CORRECT)
def correct_facts(case: Case, number: int) -> ResponseReturnValue:
    allegation = allegations.numbered(case.complaint, number)
    form = FactsForm(allegation)
    if form.carried_out(
        lambda session: corrections.correct_facts(
            session, case, allegation, actor=signed_in(), **form.answers
        )
    ):
        flash("The correction is recorded, with what it said before.")
        return redirect(url_for("allegations.show", reference=case.reference, number=number))
    return render_template("cases/correct_facts.html", case=case, allegation=allegation, form=form)


@blueprint.route(
    "/cases/<reference:reference>/allegations/<number:number>/organisation", methods=["GET", "POST"]
)
@with_case(Permission.CASE_CORRECT)
def correct_organisation(case: Case, number: int) -> ResponseReturnValue:
    """First the right organisation is found; then, with its code in the address, the reasons are asked."""
    allegation = allegations.numbered(case.complaint, number)
    code, words = words_asked("organisation"), words_asked("words")
    chosen = organisations.by_code(db.session, code) if code else None
    form = ReasonsForm()
    if chosen and form.carried_out(
        lambda session: findings.correct_organisation(
            session, case, allegation, actor=signed_in(), organisation=chosen, **form.answers
        )
    ):
        flash(f"Allegation {number} is against {chosen.name} now.")
        return redirect(url_for("allegations.show", reference=case.reference, number=number))
    return render_template(
        "cases/correct_organisation.html",
        case=case,
        allegation=allegation,
        chosen=chosen,
        words=words,
        found=organisations.search(db.session, words),
        most=organisations.MOST_FOUND,
        form=form,
    )


def _with_reasons(case: Case, template: str, action: Callable[..., None], words: str) -> ResponseReturnValue:
    """Ask for reasons, take the step with them, and say so."""
    form = ReasonsForm()
    if form.carried_out(lambda session: action(session, case, actor=signed_in(), **form.answers)):
        flash(words)
        return redirect(url_for("cases.show", reference=case.reference))
    return render_template(template, case=case, form=form)


def _other_case(reference: str) -> Case:
    try:
        return policy.access_case(db.session, signed_in(), reference, Permission.CASE_VIEW)
    except CaseworkError as error:
        raise RuleBroken("There is no case with that reference.", field="of") from error
