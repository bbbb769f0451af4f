from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app.cases.forms import ReasonsForm
from app.cases.models import Case
from app.consents import scopes
from app.consents.scopes import Act
from app.core import calendar, clock
from app.core.errors import NotFound
from app.database import db
from app.evidence.actions import parties_of
from app.organisations.models import Organisation
from app.policy import Permission
from app.policy.visibility import ABSENT
from app.requests import actions, in_force, letters, queries, workflow
from app.requests.forms import MOST_DAYS, ChangedRequestForm, LetterForm, MemoForm, RequestForm
from app.requests.models import EvidenceRequest, RequestStep, StepKind
from app.web.access import requires, with_case
from app.web.asked import number_asked
from app.web.identity import signed_in

blueprint = Blueprint("requests", __name__)

OF_CASE = "/cases/<reference:reference>/requests"
ONE = f"{OF_CASE}/<number:number>"


@blueprint.get("/requests/missing")
@requires(Permission.CASE_LIST)
def missing() -> ResponseReturnValue:
    after = number_asked("after")
    items = queries.missing(db.session, signed_in(), after=after)
    return render_template("requests/missing.html", items=items, is_start=not after, size=queries.PAGE)


@blueprint.get(f"{OF_CASE}/")
@with_case(Permission.CASE_VIEW)
def of_case(case: Case) -> ResponseReturnValue:
    requests = queries.of_case(db.session, case)
    return render_template("requests/of_case.html", case=case, requests=requests, parties=parties_of(case))


@blueprint.get(f"{OF_CASE}/missing")
@with_case(Permission.CASE_VIEW)
def missing_in_case(case: Case) -> ResponseReturnValue:
    items = queries.missing_in(db.session, case)
    return render_template("requests/missing_in_case.html", case=case, items=items)


@blueprint.route(f"{OF_CASE}/new/<code:code>", methods=["GET", "POST"])
@with_case(Permission.REQUEST_MAKE)
def make(case: Case, code: str) -> ResponseReturnValue:
    party = _party(case, code)
    form = RequestForm(letters.usual(letters.against(case, party)))
    if made := form.made(
        EvidenceRequest,
        lambda session: actions.make(session, case, actor=signed_in(), organisation=party, **form.answers),
    ):
        flash("The request is drafted. Read it, and send it when it is right.")
        return _to(case, made.number)
    return render_template("requests/make.html", case=case, party=party, form=form)


@blueprint.get(ONE)
@with_case(Permission.CASE_VIEW)
def show(case: Case, number: int) -> ResponseReturnValue:
    found = queries.numbered(db.session, case, number)
    return render_template(
        "requests/show.html",
        case=case,
        found=found,
        noted_of=in_force.noted_of,
        steps=[step.name for step in workflow.open_to(signed_in(), found)],
    )


@blueprint.route(f"{ONE}/change", methods=["GET", "POST"])
@with_case(Permission.REQUEST_MAKE)
def change(case: Case, number: int) -> ResponseReturnValue:
    found = queries.numbered(db.session, case, number)
    form = ChangedRequestForm(found)
    if form.carried_out(lambda session: actions.change(session, found, actor=signed_in(), **form.answers)):
        flash("The draft is changed.")
        return _to(case, number)
    return render_template("requests/change.html", case=case, found=found, form=form)


@blueprint.route(f"{ONE}/send", methods=["GET", "POST"])
@with_case(Permission.REQUEST_MAKE)
def send(case: Case, number: int) -> ResponseReturnValue:
    said = "The request is sent. Print it, if it goes by post; the organisation sees it through its own door."
    return _letter(case, number, StepKind.REQUEST, actions.send, said)


@blueprint.route(f"{ONE}/chaser", methods=["GET", "POST"])
@with_case(Permission.REQUEST_MAKE)
def chase(case: Case, number: int) -> ResponseReturnValue:
    return _letter(case, number, StepKind.CHASER, actions.chase, "The chaser is sent. It has a new last day.")


@blueprint.route(f"{ONE}/warning", methods=["GET", "POST"])
@with_case(Permission.REQUEST_MAKE)
def warn(case: Case, number: int) -> ResponseReturnValue:
    said = "The formal warning is sent. It has a new last day."
    return _letter(case, number, StepKind.FORMAL_WARNING, actions.warn, said)


@blueprint.route(f"{ONE}/memo", methods=["GET", "POST"])
@with_case(Permission.REQUEST_ESCALATE)
def certify(case: Case, number: int) -> ResponseReturnValue:
    said = "The memo is written. What the ombudsman decides is not recorded here."
    return _letter(case, number, StepKind.CERTIFICATE_MEMO, actions.certify, said)


@blueprint.route(f"{ONE}/withdraw", methods=["GET", "POST"])
@with_case(Permission.REQUEST_MAKE)
def withdraw(case: Case, number: int) -> ResponseReturnValue:
    found, form = queries.numbered(db.session, case, number), ReasonsForm()
    if form.carried_out(
        lambda session: actions.withdraw(session, found, actor=signed_in(), reasons=form.reasons.data)
    ):
        flash("The request is withdrawn. It stays here, with what came of it.")
        return _to(case, number)
    return render_template("requests/withdraw.html", case=case, found=found, form=form)


@blueprint.get(f"{ONE}/letters/<number:step>")
@with_case(Permission.CASE_VIEW)
def letter(case: Case, number: int, step: int) -> ResponseReturnValue:
    found = queries.step_numbered(db.session, case, number, step)
    return render_template(
        "requests/letter.html",
        case=case,
        found=found.request,
        step=found,
        wanting=scopes.missing(case.complaint, Act.GIVE_TO_ORGANISATION, clock.today()),
    )


def _letter(
    case: Case, number: int, kind: StepKind, act: Callable[..., RequestStep], said: str
) -> ResponseReturnValue:
    """A page that shows a letter before it goes out, and sends it."""
    found, is_memo = queries.numbered(db.session, case, number), kind is StepKind.CERTIFICATE_MEMO
    form: Any = MemoForm(found) if is_memo else LetterForm(found, is_first=kind is StepKind.REQUEST)

    def go_out(session: Session) -> RequestStep:
        return act(session, found, actor=signed_in(), **form.answers)

    if made := form.made(RequestStep, go_out):
        flash(said)
        return redirect(url_for("requests.letter", reference=case.reference, number=number, step=made.number))
    return render_template(
        "requests/send.html",
        case=case,
        found=found,
        kind=kind,
        form=form,
        refusal=workflow.LETTERS[kind].refusal(found, found.state),
        wanting="" if is_memo else scopes.missing(case.complaint, Act.GIVE_TO_ORGANISATION, clock.today()),
        content=letters.content_of(db.session, found, kind),
        due_on=None if is_memo else _due_on(form.working_days.data),
    )


def _due_on(days: int | None) -> date | None:
    """The day that so many working days from today end on; None for what no form of ours takes."""
    return calendar.working_days_after(clock.today(), days) if days and 0 < days <= MOST_DAYS else None


def _party(case: Case, code: str) -> Organisation:
    for party in parties_of(case):
        if party.code == code:
            return party
    raise NotFound(ABSENT)


def _to(case: Case, number: int) -> ResponseReturnValue:
    return redirect(url_for("requests.show", reference=case.reference, number=number))
