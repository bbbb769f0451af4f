from __future__ import annotations

from collections.abc import Callable

from flask import (
    Blueprint,
    current_app,
    flash,
    make_response,
    redirect,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from app.accounts.limits import spend
from app.core.errors import RuleBroken
from app.core.files import Kept
from app.core.text import clean
from app.database import db
from app.front_door import actions, answers, queries, visitor
from app.front_door.drawing import CHECK, DOCUMENTS, STEPS, TOO_MANY, answered, drawn, following, place
from app.front_door.forms import AUTOCOMPLETE, PAGES, FilesForm, LinkForm, Page, PageForm
from app.front_door.limits import LINKS_TO_ONE, Doing, is_within
from app.front_door.models import SubmissionDraft
from app.web import uploads
from app.web.access import open_to_all
from app.web.days import DayField
from app.web.forms import ABOUT_THE_FORM, ConfirmForm

blueprint = Blueprint("front_door", __name__, url_prefix="/complain")

ANYBODY = "whoever complains has no account"
LINK_SENT = (
    "If there is a form to come back to, a link to it is on its way to this address. It works once. If it does not"
    " come, look among unwanted mail, or ask again in an hour."
)

OTHER_FILES = (
    "Files were added to your form while it was being sent. Look through your answers, then send it again."
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
            return _kept(draft, page, is_later)
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
            return _files_kept(form.files.data, on)
        except RuleBroken as refusal:
            form.refuse(refusal)
    return _documents(form)


@blueprint.post("/documents/<key:key>/remove")
@open_to_all(ANYBODY)
def remove_file(key: str) -> ResponseReturnValue:
    draft = visitor.form_here(db.session)
    if draft is not None:
        _count(Doing.SAVE)
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
            _send(draft)
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
            _count(Doing.LINK, email=email)
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
            _count(Doing.RETURN)
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


def _kept(draft: SubmissionDraft | None, page: Page, is_later: bool) -> ResponseReturnValue:
    """What was typed on this page, kept; with no form yet, or one that has been too long idle, in a new one."""
    is_large, token = visitor.wants_large_print(draft), ""
    _count(Doing.SAVE, *[Doing.START] * (draft is None))
    with db.unit_of_work() as session:
        if draft is None:
            draft, token = visitor.begin(session, is_amid=page.name != STEPS[0])
        actions.answer(draft, page.name, _typed(page), wants_large_print=is_large)
    on = url_for("front_door.ask_for_link") if is_later else url_for(f"front_door.{following(page.name)}")
    answer = make_response(redirect(on))
    return visitor.hold(answer, token) if token else answer


def _files_kept(files: list[FileStorage], on: str) -> ResponseReturnValue:
    """The files, kept with the form, and on to that page. Nothing is written before it is known that there is room."""
    draft, token, bounds = visitor.form_here(db.session), "", visitor.bounds()
    _count(*[Doing.FILE] * len(files), *[Doing.START] * (draft is None))
    actions.check_room(db.session, draft, [uploads.size_of(file) for file in files], bounds)
    db.close()  # no lock is held while they are written
    arrived = [(uploads.name_of(file), *_arrived(file)) for file in files]
    with db.unit_of_work() as session:
        draft = visitor.form_here(session)
        if draft is None:
            draft, token = visitor.begin(session, is_amid=True)
        for name, kept, kind in arrived:
            actions.add_file(session, draft, kept=kept, filename=name, media_type=kind, bounds=bounds)
    flash("The file is added." if len(files) == 1 else "The files are added.")
    answer = make_response(redirect(url_for(f"front_door.{on}")))
    return visitor.hold(answer, token) if token else answer


def _send(draft: SubmissionDraft) -> None:
    """Send the form as it stands now, if it is finished. Its files are put where they stay before.

    Raises `RuleBroken` if there are others by then.
    """
    _count(Doing.SEND)
    if answers.unfinished(answers.filled(draft.answers)):
        return
    files = _contents(draft)
    db.close()  # no lock is held while they are written
    for sha256, size in files:
        with uploads.unsent().open(sha256) as content:
            uploads.stored().keep(content, limit=size)
    with db.unit_of_work() as session:
        now = visitor.form_here(session)
        if now is None or answers.unfinished(forms := answers.filled(now.answers)):
            return
        if not _contents(now) <= files:
            raise RuleBroken(OTHER_FILES)
        actions.send(session, now, answers.told_by(forms))


def _contents(draft: SubmissionDraft) -> set[tuple[str, int]]:
    """What the files of a form hold: the hash and the size, in bytes, of each."""
    return {(file.sha256, file.size) for file in draft.files}


def _count(*doings: Doing, email: str = "") -> None:
    """Count what somebody is about to do, whatever becomes of it. Raises `RuleBroken` past the limits.

    A machine that fills in what nobody sees is told the same, and not even counted.
    """
    if visitor.is_machine():
        raise RuleBroken(TOO_MANY)
    network, bounds = visitor.network(), visitor.bounds()
    with db.unit_of_work() as session:
        is_allowed = all(is_within(session, doing, network=network, bounds=bounds) for doing in doings)
        if is_allowed and email:
            is_allowed = spend(session, LINKS_TO_ONE, email)
    if not is_allowed:
        raise RuleBroken(TOO_MANY)


def _arrived(file: FileStorage) -> tuple[Kept, str]:
    return uploads.keep_unsent(file, limit=current_app.config["FORM_FILE_LIMIT"], field="files")


def _typed(page: Page) -> list[tuple[str, str]]:
    """What was sent for the questions of this page, and for nothing else."""
    asked = set()
    for field in page.form.of(()):
        is_day = isinstance(field, DayField)
        asked |= {f"{field.name}-{part}" for part in field.PARTS} if is_day else {field.name}
    sent = request.form.items(multi=True)
    return [(name, clean(words)) for name, words in sent if name in asked - ABOUT_THE_FORM]


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
