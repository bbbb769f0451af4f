from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.cases import workflow
from app.cases.models import Case
from app.core.errors import NotFound, RuleBroken
from app.database import db
from app.decisions import actions
from app.decisions.content import composed
from app.decisions.forms import (
    COMPLAINANT,
    AnswerForm,
    ApproveForm,
    CommentForm,
    ExtendForm,
    ReasonsForm,
    ShareForm,
)
from app.decisions.models import Comment
from app.evidence.actions import parties_of
from app.policy import Permission
from app.web.access import freshly_signed_in, with_case
from app.web.forms import ConfirmForm
from app.web.identity import signed_in

blueprint = Blueprint("decisions", __name__, url_prefix="/cases/<reference:reference>")


@blueprint.get("/decision")
@with_case(Permission.CASE_VIEW)
def show(case: Case) -> ResponseReturnValue:
    """The decision as approved; before that, as it would stand now."""
    decision = case.final_decision
    content = decision.content if decision and decision.content else composed(case)
    return render_template(
        "decisions/show.html", case=case, complaint=case.complaint, decision=decision, content=content
    )


@blueprint.route("/provisional-views/share", methods=["GET", "POST"])
@with_case(Permission.PROVISIONAL_VIEWS_SHARE)
@freshly_signed_in()
def share(case: Case) -> ResponseReturnValue:
    form = ShareForm()
    if form.validate_on_submit():
        try:
            with db.unit_of_work() as session:
                views = actions.share_provisional_views(session, case, actor=signed_in(), **form.answers)
        except RuleBroken as refusal:
            form.refuse(refusal)
        else:
            flash(f"The provisional views are shared. Comments are due by {views.comments_due_on:%d %B %Y}.")
            return redirect(url_for("decisions.show", reference=case.reference))
    wanting = workflow.SHARE_PROVISIONAL_VIEWS.refusal(case, case.stage) or actions.wanting_to_share(case)
    return render_template(
        "decisions/share.html",
        case=case,
        complaint=case.complaint,
        form=form,
        refusal=wanting,
        content=composed(case),
    )


@blueprint.route("/provisional-views/more-investigation", methods=["GET", "POST"])
@with_case(Permission.PROVISIONAL_VIEWS_SHARE)
def investigate_further(case: Case) -> ResponseReturnValue:
    return _with_reasons(
        case,
        "decisions/investigate_further.html",
        actions.investigate_further,
        "The case is being investigated again. The views that were shared stay as they were.",
    )


@blueprint.route("/provisional-views/extension", methods=["GET", "POST"])
@with_case(Permission.TIME_EXTEND)
def extend(case: Case) -> ResponseReturnValue:
    views = case.provisional_views[-1] if case.provisional_views else None
    form = ExtendForm(views)
    if form.carried_out(
        lambda session: actions.extend_comments(session, case, actor=signed_in(), **form.answers)
    ):
        flash("The parties have longer to comment.")
        return redirect(url_for("decisions.show", reference=case.reference))
    return render_template("decisions/extend.html", case=case, views=views, form=form)


@blueprint.route("/provisional-views/comments/new", methods=["GET", "POST"])
@with_case(Permission.COMMENT_RECORD)
def record_comment(case: Case) -> ResponseReturnValue:
    form = CommentForm(case)
    if form.made(Comment, lambda session: _record_comment(session, case, form)):
        flash("The comment is recorded. It is to be answered before the decision is sent for approval.")
        return redirect(url_for("decisions.show", reference=case.reference))
    return render_template("decisions/record_comment.html", case=case, form=form)


@blueprint.route("/provisional-views/comments/<number:number>", methods=["GET", "POST"])
@with_case(Permission.COMMENT_ANSWER)
def answer_comment(case: Case, number: int) -> ResponseReturnValue:
    comment = _comment(case, number)
    form = AnswerForm(comment)
    if form.carried_out(
        lambda session: actions.answer_comment(session, case, comment, actor=signed_in(), **form.answers)
    ):
        flash("The answer is saved.")
        return redirect(url_for("decisions.show", reference=case.reference))
    return render_template("decisions/answer_comment.html", case=case, comment=comment, form=form)


@blueprint.route("/decision/propose", methods=["GET", "POST"])
@with_case(Permission.DECISION_PROPOSE)
def propose(case: Case) -> ResponseReturnValue:
    form = ConfirmForm()
    if form.validate_on_submit():
        with db.unit_of_work() as session:
            actions.propose(session, case, actor=signed_in())
        flash("The decision is sent. Someone who wrote none of it approves it or returns it.")
        return redirect(url_for("decisions.show", reference=case.reference))
    wanting = workflow.PROPOSE_DECISION.refusal(case, case.stage)
    return render_template(
        "decisions/propose.html",
        case=case,
        complaint=case.complaint,
        form=form,
        refusal=wanting,
        content=composed(case),
    )


@blueprint.route("/decision/return", methods=["GET", "POST"])
@with_case(Permission.DECISION_APPROVE)
def return_for_more_work(case: Case) -> ResponseReturnValue:
    return _with_reasons(
        case,
        "decisions/return_for_more_work.html",
        actions.return_for_more_work,
        "The decision is back with its author.",
    )


@blueprint.route("/decision/approve", methods=["GET", "POST"])
@with_case(Permission.DECISION_APPROVE)
@freshly_signed_in()
def approve(case: Case) -> ResponseReturnValue:
    waiting = case.final_decision
    form = ApproveForm(data={"proposal": waiting.proposed_at.isoformat() if waiting else ""})
    if form.validate_on_submit():
        with db.unit_of_work() as session:
            actions.approve(session, case, actor=signed_in(), **form.answers)
        flash("The decision is approved and fixed, and its recommendations are issued.")
        return redirect(url_for("decisions.show", reference=case.reference))
    wanting = workflow.APPROVE_DECISION.refusal(case, case.stage)
    return render_template(
        "decisions/approve.html",
        case=case,
        complaint=case.complaint,
        form=form,
        refusal=wanting,
        content=composed(case),
    )


def _with_reasons(case: Case, template: str, act: Any, done: str) -> ResponseReturnValue:
    """A page that asks for reasons and does one thing with them."""
    form = ReasonsForm()
    if form.carried_out(lambda session: act(session, case, actor=signed_in(), **form.answers)):
        flash(done)
        return redirect(url_for("decisions.show", reference=case.reference))
    return render_template(template, case=case, form=form)


def _record_comment(session: Any, case: Case, form: CommentForm) -> Comment:
    chosen = form.party.data
    organisation = next((party for party in parties_of(case) if party.code == chosen), None)
    if organisation is None and chosen != COMPLAINANT:
        raise RuleBroken("Select who commented.", field="party")
    return actions.record_comment(
        session,
        case,
        actor=signed_in(),
        organisation=organisation,
        received_on=form.received_on.data,
        words=form.words.data,
    )


def _comment(case: Case, number: int) -> Comment:
    """The first, second … comment on all the views shared. Raises `NotFound`."""
    if number > len(case.comments):
        raise NotFound("There is no comment of that number.")
    return case.comments[number - 1]
