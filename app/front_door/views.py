from __future__ import annotations

from collections.abc import Callable

from flask import (
    Blueprint,
    flash,
    make_response,
    redirect,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from app.core.errors import RuleBroken
from app.database import db
from app.front_door import actions, answers, keeping, queries, visitor
from app.front_door.drawing import CHECK, DOCUMENTS, STEPS, answered, drawn, following, place
from app.front_door.forms import AUTOCOMPLETE, PAGES, FilesForm, LinkForm, Page, PageForm
from app.front_door.limits import Doing
from app.front_door.models import SubmissionDraft
from app.web.access import open_to_all
from app.web.forms import ConfirmForm

blueprint = Blueprint("front_door", __name__, url_prefix="/complain")

ANYBODY = "whoever complains has no account"
LINK_SENT = (
    "If there is a form to come back to, a link to it is on its way to this address. It works once. If it does not"
    " come, look among unwanted mail, or ask again in an hour."
)


@blueprint.get("/")
@open_to_all(ANYBODY)
def start() -> ResponseReturnValue:
    draft = visitor.form_here(db.session)
    return drawn("front_door/start.html", draft, days=visitor.bounds().days, first=STEPS[0])


@blueprint.get("/paper")
@open_to_all("the form on paper is for anybody to print")
def paper() -> ResponseReturnValue:
    forms = [(page, page.form.of(())) for page in PAGES]
    return drawn("front_door/paper.html", visitor.form_here(db.session), forms=forms)


def ask(page: Page) -> ResponseReturnValue:
    """One page of questions: it goes on when they are answered, or is kept as it is to come back to."""
    draft = visitor.form_here(db.session)
    form = page.form()
    if not form.is_submitted() and draft is not None:
        form = page.form(answered(draft, page))
    is_later = "later" in request.form
    if form.is_submitted() and (is_later or form.validate_on_submit()):
        try:
            return keeping.keep_answers(draft, page, is_later)
        except RuleBroken as refusal:
            form.refuse(refusal)
    return _page(draft, page, form)


def _mark(page: Page) -> Callable[[], ResponseReturnValue]:
    @open_to_all(ANYBODY)
    def view() -> ResponseReturnValue:
        return ask(page)

    return view


for _each in PAGES:
    blueprint.add_url_rule(
        f"/{_each.name.replace('_', '-')}", _each.name, _mark(_each), methods=["GET", "POST"]
    )


@blueprint.route("/documents", methods=["GET", "POST"])
@open_to_all(ANYBODY)
def documents() -> ResponseReturnValue:
    form = FilesForm()
    on = following(DOCUMENTS) if "later" in request.form else DOCUMENTS
    if on != DOCUMENTS and not any(file.filename for file in request.files.getlist("files")):
        return redirect(url_for(f"front_door.{on}"))
    if form.validate_on_submit():
        try:
            return keeping.keep_files(form.files.data, on)
        except RuleBroken as refusal:
            form.refuse(refusal)
    return _documents(form)


@blueprint.post("/documents/<key:key>/remove")
@open_to_all(ANYBODY)
def remove_file(key: str) -> ResponseReturnValue:
    draft = visitor.form_here(db.session)
    if draft is not None:
        keeping.count(Doing.SAVE)
        with db.unit_of_work() as session:
            actions.remove_file(session, draft, key)
        flash("The file is taken away.")
    return redirect(url_for("front_door.documents"))


@blueprint.route("/check", methods=["GET", "POST"])
@open_to_all(ANYBODY)
def check() -> ResponseReturnValue:
    """All the answers once more; and sending them, which makes a complaint of them, once."""
    draft, form = visitor.held(db.session), ConfirmForm()
    if draft is not None and draft.sent_at is None and form.validate_on_submit():
        try:
            keeping.send(draft)
        except RuleBroken as refusal:
            form.refuse(refusal)
        draft = visitor.held(db.session)
    if draft is None:
        return redirect(url_for("front_door.start"))
    if draft.complaint is not None:
        return redirect(url_for("front_door.receipt"))
    forms = answers.filled(draft.answers)
    return drawn(
        "front_door/check.html",
        draft,
        form=form,
        parts=[(page, list(answers.said(forms[page.name]))) for page in PAGES],
        files=list(draft.files),
        unfinished=answers.unfinished(forms),
        advice=answers.advice(forms),
        **place(CHECK),
    )


@blueprint.get("/receipt")
@open_to_all("it shows a reference to the browser that sent the form, and to no other")
def receipt() -> ResponseReturnValue:
    draft = visitor.held(db.session)
    if draft is None or draft.complaint is None:
        return redirect(url_for("front_door.start"))
    return drawn("front_door/receipt.html", draft, complaint=draft.complaint)


@blueprint.route("/link", methods=["GET", "POST"])
@open_to_all(ANYBODY)
def ask_for_link() -> ResponseReturnValue:
    """A link by e-mail, to come back with. Whether there is a form to come back to, nobody is told here."""
    draft = visitor.form_here(db.session)
    form = LinkForm()
    if form.validate_on_submit():
        email = form.email.data or ""
        try:
            keeping.count(Doing.LINK, email=email)
        except RuleBroken as refusal:
            form.refuse(refusal)
        else:
            with db.unit_of_work() as session:
                actions.mail_link(session, draft, email=email, bounds=visitor.bounds())
            flash(LINK_SENT)
            return redirect(url_for("front_door.ask_for_link"))
    return drawn("front_door/ask_for_link.html", draft, form=form, days=visitor.bounds().days)


@blueprint.route("/come-back/<token>", methods=["GET", "POST"])
@open_to_all("the link is the proof; looking at it does nothing")
def come_back(token: str) -> ResponseReturnValue:
    form = ConfirmForm()
    if form.validate_on_submit():
        try:
            keeping.count(Doing.RETURN)
            with db.unit_of_work() as session:
                held = actions.come_back(session, token)
        except RuleBroken as refusal:
            form.refuse(refusal)
        else:
            return visitor.hold(make_response(redirect(url_for("front_door.check"))), held)
    is_living = queries.living_link(db.session, token) is not None
    return drawn(
        "front_door/come_back.html", None, status=200 if is_living else 404, form=form, is_living=is_living
    )


@blueprint.post("/leave")
@open_to_all(ANYBODY)
def leave() -> ResponseReturnValue:
    """Let this browser forget the form, which waits on the server for its link."""
    flash("This browser has forgotten your form. With a link by e-mail you can come back to it.")
    return visitor.let_go(make_response(redirect(url_for("front_door.start"))))


def _page(draft: SubmissionDraft | None, page: Page, form: PageForm) -> ResponseReturnValue:
    given = {"page": page, "form": form, "autocomplete": AUTOCOMPLETE, **place(page.name)}
    return drawn("front_door/ask.html", draft, **given)


def _documents(form: FilesForm) -> ResponseReturnValue:
    draft = visitor.form_here(db.session)
    files = list(draft.files) if draft else []
    return drawn(
        "front_door/documents.html",
        draft,
        form=form,
        files=files,
        following=following(DOCUMENTS),
        **place(DOCUMENTS),
    )
