from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.cases.models import Case
from app.core import clock
from app.core.errors import RuleBroken
from app.database import db
from app.lineage import queries as lineage
from app.lineage.models import Succession
from app.organisations import queries as organisations
from app.policy import Permission
from app.recommendations import actions, queries, workflow
from app.recommendations.forms import (
    ExtendForm,
    JudgeForm,
    NewRecommendationForm,
    ReasonsForm,
    RecommendationForm,
    finding_of,
)
from app.recommendations.models import Recommendation
from app.web.access import requires, with_case, with_recommendation
from app.web.asked import words_asked
from app.web.identity import signed_in

blueprint = Blueprint("recommendations", __name__)

IN_CASE = "/cases/<reference:reference>/recommendations"
ONE = f"{IN_CASE}/<number:number>"


@blueprint.get("/recommendations/")
@requires(Permission.RECOMMENDATION_LIST)
def search() -> ResponseReturnValue:
    show, after = words_asked("show"), queries.read_place(words_asked("after"))
    show = show if show in queries.SHOWN else queries.USUAL
    found = queries.page(db.session, signed_in(), show, clock.today(), after=after)
    return render_template(
        "recommendations/search.html",
        recommendations=found,
        show=show,
        is_start=after is None,
        place_of=queries.place_of,
        size=queries.PAGE,
    )


@blueprint.get(IN_CASE)
@with_case(Permission.CASE_VIEW)
def of_case(case: Case) -> ResponseReturnValue:
    return render_template("recommendations/of_case.html", case=case)


@blueprint.route(f"{IN_CASE}/new", methods=["GET", "POST"])
@with_case(Permission.RECOMMENDATION_MAKE)
def make(case: Case) -> ResponseReturnValue:
    form = NewRecommendationForm(case, _successions(case))
    if form.made(
        Recommendation,
        lambda session: actions.make(session, case, actor=signed_in(), **_with_finding(form, case)),
    ):
        flash("The recommendation is drafted. It is issued with the decision.")
        return redirect(url_for("recommendations.of_case", reference=case.reference))
    return render_template("recommendations/make.html", case=case, form=form)


@blueprint.get(ONE)
@with_recommendation(Permission.RECOMMENDATION_LIST)
def show(recommendation: Recommendation) -> ResponseReturnValue:
    return render_template(
        "recommendations/show.html",
        case=recommendation.case,
        recommendation=recommendation,
        steps=workflow.open_to(signed_in(), recommendation),
    )


@blueprint.route(f"{ONE}/change", methods=["GET", "POST"])
@with_recommendation(Permission.RECOMMENDATION_MAKE)
def change(recommendation: Recommendation) -> ResponseReturnValue:
    form = RecommendationForm(recommendation, _successions(recommendation.case))
    if form.carried_out(
        lambda session: actions.change(
            session, recommendation, actor=signed_in(), **_with_finding(form, recommendation.case)
        )
    ):
        flash("The draft is saved.")
        return redirect(url_for("recommendations.of_case", reference=recommendation.case.reference))
    return _page("recommendations/change.html", recommendation, form)


@blueprint.route(f"{ONE}/judgement", methods=["GET", "POST"])
@with_recommendation(Permission.RECOMMENDATION_JUDGE)
def judge(recommendation: Recommendation) -> ResponseReturnValue:
    workflow.check(signed_in(), recommendation, workflow.ACCEPT)
    form = JudgeForm(recommendation.submissions[-1].claimed_done_on)
    if form.carried_out(lambda session: _judge(session, recommendation, form)):
        flash("The judgement is recorded, and the organisation can read it.")
        return _to(recommendation)
    return _page("recommendations/judge.html", recommendation, form)


@blueprint.route(f"{ONE}/not-complied", methods=["GET", "POST"])
@with_recommendation(Permission.RECOMMENDATION_JUDGE)
def find_not_complied(recommendation: Recommendation) -> ResponseReturnValue:
    form = ReasonsForm()
    if form.carried_out(
        lambda session: actions.find_not_complied(session, recommendation, actor=signed_in(), **form.answers)
    ):
        flash("It is recorded that the recommendation was not complied with.")
        return _to(recommendation)
    return _page("recommendations/find_not_complied.html", recommendation, form)


@blueprint.route(f"{ONE}/extension", methods=["GET", "POST"])
@with_recommendation(Permission.TIME_EXTEND)
def extend(recommendation: Recommendation) -> ResponseReturnValue:
    form = ExtendForm(recommendation)
    if form.carried_out(
        lambda session: actions.extend(session, recommendation, actor=signed_in(), **form.answers)
    ):
        flash("The new day is set. The old one stays in the record.")
        return _to(recommendation)
    return _page("recommendations/extend.html", recommendation, form)


@blueprint.route(f"{ONE}/withdrawal", methods=["GET", "POST"])
@with_recommendation(Permission.RECOMMENDATION_WITHDRAW)
def withdraw(recommendation: Recommendation) -> ResponseReturnValue:
    form = ReasonsForm()
    if form.carried_out(
        lambda session: actions.withdraw(session, recommendation, actor=signed_in(), **form.answers)
    ):
        flash("The recommendation is withdrawn.")
        return _to(recommendation)
    return _page("recommendations/withdraw.html", recommendation, form)


@blueprint.route(f"{ONE}/drop", methods=["GET", "POST"])
@with_recommendation(Permission.RECOMMENDATION_MAKE)
def drop(recommendation: Recommendation) -> ResponseReturnValue:
    form = ReasonsForm()
    if form.carried_out(
        lambda session: actions.drop(session, recommendation, actor=signed_in(), **form.answers)
    ):
        flash("The draft is dropped.")
        return redirect(url_for("recommendations.of_case", reference=recommendation.case.reference))
    return _page("recommendations/drop.html", recommendation, form)


def _with_finding(form: Any, case: Case) -> dict[str, Any]:
    finding = finding_of(case, form.finding.data or "")
    if finding is None:
        raise RuleBroken("Select an allegation that is upheld or partly upheld.", field="finding")
    code = form.answers.get("addressee")
    addressee = organisations.by_code(db.session, code) if code else None
    return form.answers | {"finding": finding, "addressee": addressee}


def _successions(case: Case) -> Sequence[Succession]:
    """What became of the organisations in a case that are found to have failed."""
    found = (allegation.organisation for allegation in case.allegations if allegation.finding)
    return lineage.successors_of(db.session, list(dict.fromkeys(found)))


def _judge(session: Any, recommendation: Recommendation, form: JudgeForm) -> None:
    if not form.is_accepted:
        actions.reject_evidence(session, recommendation, actor=signed_in(), reasons=form.reasons.data)
        return
    if form.done_on.data is None:
        raise RuleBroken("Enter the day it was done, as the evidence shows.", field="done_on")
    actions.accept_evidence(
        session, recommendation, actor=signed_in(), done_on=form.done_on.data, reasons=form.reasons.data
    )


def _page(template: str, recommendation: Recommendation, form: Any) -> ResponseReturnValue:
    return render_template(template, case=recommendation.case, recommendation=recommendation, form=form)


def _to(recommendation: Recommendation) -> ResponseReturnValue:
    reference, number = recommendation.case.reference, recommendation.number
    return redirect(url_for("recommendations.show", reference=reference, number=number))
