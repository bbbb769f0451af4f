from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app.core.errors import RuleBroken
from app.database import db
from app.drafts import queries as drafts
from app.evidence.models import Document
from app.examining.queries import require_to_go_out
from app.imaging import queries as imaging
from app.messages import queries as messages
from app.policy import Permission
from app.portal import queries
from app.portal.forms import AgreeForm, DisputeForm, ProgressForm, SubmitForm
from app.recommendations import answers, workflow
from app.recommendations.models import WITH_THE_ORGANISATION, Recommendation, Response, Submission
from app.recommendations.queries import place_of, read_place, submission_numbered
from app.requests import queries as requests
from app.web import uploads
from app.web.access import requires, with_document, with_recommendation
from app.web.asked import number_asked, words_asked
from app.web.drafted import FORMS
from app.web.identity import signed_in

blueprint = Blueprint("portal", __name__, url_prefix="/trust")

ONE = "/cases/<reference:reference>/recommendations/<number:number>"


@blueprint.get("/")
@requires(Permission.TRUST_VIEW)
def home() -> ResponseReturnValue:
    after = read_place(words_asked("after"))
    return render_template(
        "portal/home.html",
        to_do=queries.to_do(db.session, signed_in(), after),
        done=queries.done(db.session, signed_in(), size=queries.BEGINNING),
        drafts=drafts.kept_by(db.session, signed_in()),
        forms=FORMS,
        alleged=queries.alleged(db.session, signed_in(), size=queries.BEGINNING),
        asked=requests.asked_of(db.session, signed_in(), size=queries.PAGE),
        is_start=after is None,
        place_of=place_of,
        size=queries.PAGE,
        beginning=queries.BEGINNING,
    )


@blueprint.get("/recommendations")
@requires(Permission.TRUST_VIEW)
def done() -> ResponseReturnValue:
    after = read_place(words_asked("after"))
    found = queries.done(db.session, signed_in(), after)
    return render_template(
        "portal/done.html", found=found, is_start=after is None, place_of=place_of, size=queries.PAGE
    )


@blueprint.get("/allegations")
@requires(Permission.TRUST_VIEW)
def alleged() -> ResponseReturnValue:
    after = number_asked("after")
    found = queries.alleged(db.session, signed_in(), after)
    return render_template("portal/alleged.html", found=found, is_start=not after, size=queries.PAGE)


@blueprint.get("/cases/<reference:reference>")
@requires(Permission.TRUST_VIEW)
def show_case(reference: str) -> ResponseReturnValue:
    own = queries.own_part(db.session, signed_in(), reference)
    return render_template("portal/show_case.html", own=own)


@blueprint.get("/cases/<reference:reference>/requests/<number:number>")
@requires(Permission.TRUST_VIEW)
def show_request(reference: str, number: int) -> ResponseReturnValue:
    found = requests.asked(db.session, signed_in(), reference, number)
    return render_template("portal/show_request.html", found=found, reference=reference)


@blueprint.get("/documents/<key:key>")
@with_document(Permission.DOCUMENT_READ_DISCLOSED)
def download(document: Document) -> ResponseReturnValue:
    require_to_go_out(db.session, document)
    imaging.require_to_go_out(db.session, document)
    messages.require_to_go_out(db.session, document)
    return uploads.download(document)


@blueprint.get(ONE)
@with_recommendation(Permission.TRUST_VIEW)
def show_recommendation(recommendation: Recommendation) -> ResponseReturnValue:
    steps = workflow.open_to(signed_in(), recommendation)
    return render_template(
        "portal/show_recommendation.html",
        recommendation=recommendation,
        steps=[step.name for step in steps],
        is_ours=recommendation.state in WITH_THE_ORGANISATION,
    )


@blueprint.route(f"{ONE}/agree", methods=["GET", "POST"])
@with_recommendation(Permission.RECOMMENDATION_ANSWER)
def agree(recommendation: Recommendation) -> ResponseReturnValue:
    return _answer(recommendation, AgreeForm(), answers.agree, "portal/agree.html", "You have agreed to it.")


@blueprint.route(f"{ONE}/dispute", methods=["GET", "POST"])
@with_recommendation(Permission.RECOMMENDATION_ANSWER)
def dispute(recommendation: Recommendation) -> ResponseReturnValue:
    said = "The office has been told that you dispute it, and why."
    return _answer(recommendation, DisputeForm(), answers.dispute, "portal/dispute.html", said)


@blueprint.route(f"{ONE}/progress", methods=["GET", "POST"])
@with_recommendation(Permission.RECOMMENDATION_ANSWER)
def report_progress(recommendation: Recommendation) -> ResponseReturnValue:
    form = ProgressForm()
    if form.made(
        Response,
        lambda session: answers.report_progress(session, recommendation, actor=signed_in(), **form.answers),
    ):
        flash("The office can read your report now.")
        return _to(recommendation)
    return render_template("portal/report_progress.html", recommendation=recommendation, form=form)


@blueprint.route(f"{ONE}/evidence", methods=["GET", "POST"])
@with_recommendation(Permission.RECOMMENDATION_ANSWER)
def submit_evidence(recommendation: Recommendation) -> ResponseReturnValue:
    form = SubmitForm()
    if form.validate_on_submit():
        try:
            handed_in = [_handed_in(upload) for upload in form.files.data]
            with db.unit_of_work() as session:
                made = form.once(
                    session, Submission, lambda: _submit(session, recommendation, form, handed_in)
                )
                number = recommendation.submissions.index(made) + 1
        except RuleBroken as refusal:
            form.refuse(refusal)
        else:
            flash("Your evidence has been received. Keep the receipt.")
            reference, which = recommendation.case.reference, recommendation.number
            return redirect(url_for("portal.receipt", reference=reference, number=which, submission=number))
    return render_template("portal/submit_evidence.html", recommendation=recommendation, form=form)


@blueprint.get(f"{ONE}/receipts/<number:submission>")
@with_recommendation(Permission.TRUST_VIEW)
def receipt(recommendation: Recommendation, submission: int) -> ResponseReturnValue:
    found = submission_numbered(recommendation, submission)
    return render_template("portal/receipt.html", recommendation=recommendation, submission=found)


def _answer(
    recommendation: Recommendation, form: Any, answer: Any, template: str, said: str
) -> ResponseReturnValue:
    """A page that asks for words and gives one answer with them."""

    def give(session: Session) -> Recommendation:
        answer(session, recommendation, actor=signed_in(), **form.answers)
        return recommendation

    if form.made(Recommendation, give):
        flash(said)
        return _to(recommendation)
    return render_template(template, recommendation=recommendation, form=form)


def _handed_in(upload: Any) -> answers.HandedIn:
    kept = uploads.keep(upload, field="files")
    return answers.HandedIn(kept, uploads.name_of(upload), uploads.type_of(upload))


def _submit(
    session: Any, recommendation: Recommendation, form: SubmitForm, files: list[answers.HandedIn]
) -> Submission:
    return answers.submit_evidence(
        session,
        recommendation,
        actor=signed_in(),
        claimed_done_on=form.claimed_done_on.data,
        words=form.words.data,
        files=files,
    )


def _to(recommendation: Recommendation) -> ResponseReturnValue:
    reference, number = recommendation.case.reference, recommendation.number
    return redirect(url_for("portal.show_recommendation", reference=reference, number=number))
