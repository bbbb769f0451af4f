from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.cases.forms import ReasonsForm
from app.cases.models import Case
from app.core.errors import RuleBroken
from app.database import db
from app.evidence.actions import parties_of
from app.messages import actions, queries
from app.messages.forms import AcceptForm, AcceptRowForm, DecideForm
from app.messages.models import ProposedRow
from app.policy import Permission
from app.timeline.queries import studies_of
from app.web.access import with_case
from app.web.identity import signed_in

blueprint = Blueprint("messages", __name__, url_prefix="/cases/<reference:reference>/messages")


@blueprint.get("/")
@with_case(Permission.DOCUMENT_READ)
def of_case(case: Case) -> ResponseReturnValue:
    return render_template(
        "messages/of_case.html",
        case=case,
        messages=queries.of_case(db.session, case),
        refused=queries.refused(db.session, case),
        most=queries.MOST_SHOWN,
    )


@blueprint.route("/<key:key>/decide", methods=["GET", "POST"])
@with_case(Permission.DOCUMENT_DISCLOSE)
def decide(case: Case, key: str) -> ResponseReturnValue:
    told, form = queries.in_case(db.session, case, key), DecideForm()
    if form.carried_out(lambda session: actions.decide(session, told, actor=signed_in(), **form.answers)):
        flash("It is decided, with your name and your reasons.")
        return _to_messages(case)
    return render_template("messages/decide.html", case=case, told=told, form=form)


@blueprint.route("/<key:key>/accept", methods=["GET", "POST"])
@with_case(Permission.DOCUMENT_ADD)
def accept_all(case: Case, key: str) -> ResponseReturnValue:
    told = queries.in_case(db.session, case, key)
    return _accepting(case, told, told.message.open_proposals, AcceptForm)


@blueprint.route("/<key:key>/rows/<number:number>/accept", methods=["GET", "POST"])
@with_case(Permission.DOCUMENT_ADD)
def accept(case: Case, key: str, number: int) -> ResponseReturnValue:
    told = queries.in_case(db.session, case, key)
    proposal = queries.proposal_numbered(told, number)
    return _accepting(case, told, [proposal], partial(AcceptRowForm, proposal))


@blueprint.route("/<key:key>/rows/<number:number>/dismiss", methods=["GET", "POST"])
@with_case(Permission.DOCUMENT_ADD)
def dismiss(case: Case, key: str, number: int) -> ResponseReturnValue:
    told, form = queries.in_case(db.session, case, key), ReasonsForm()
    proposal = queries.proposal_numbered(told, number)
    if form.carried_out(
        lambda session: actions.dismiss(session, proposal, actor=signed_in(), reasons=form.reasons.data)
    ):
        flash("It is dismissed. It can still be read here, with your reason.")
        return _to_messages(case)
    return render_template("messages/dismiss.html", case=case, told=told, form=form, proposal=proposal)


def _accepting(
    case: Case, told: queries.Told, proposals: Sequence[ProposedRow], asking: Callable[..., AcceptForm]
) -> ResponseReturnValue:
    """The form that asks where rows belong, for one of them or for all that a message proposes."""
    studies = {str(study.number): study for study in studies_of(db.session, case)}
    organisations = {party.code: party for party in parties_of(case)}
    form = asking(
        queries.suggested(db.session, told.message),
        {number: study.name for number, study in studies.items()},
        {code: party.name for code, party in organisations.items()},
    )
    if form.carried_out(
        lambda session: actions.accept(
            session,
            told,
            proposals,
            actor=signed_in(),
            study=_picked(form.study_number, studies),
            study_name=form.study_name.data,
            organisation=_picked(form.organisation_code, organisations),
            body=form.body.data,
            when=form.when,
        )
    ):
        flash("It is on the timeline now, with the message as its source.")
        return _to_messages(case)
    return render_template("messages/accept.html", case=case, told=told, form=form, proposals=proposals)


def _picked(field: Any, offered: Mapping[str, Any]) -> Any:
    if not field.data:
        return None
    if field.data not in offered:
        raise RuleBroken("Select one of the list.", field=field.name)
    return offered[field.data]


def _to_messages(case: Case) -> ResponseReturnValue:
    return redirect(url_for("messages.of_case", reference=case.reference))
