"""What becomes of what a visitor sends: counted against the limits, then kept, or made a complaint."""

from __future__ import annotations

from flask import current_app, flash, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from app.accounts.limits import spend
from app.core.errors import RuleBroken
from app.core.files import Kept
from app.core.text import clean
from app.database import db
from app.front_door import actions, answers, visitor
from app.front_door.drawing import STEPS, TOO_MANY, following
from app.front_door.forms import Page
from app.front_door.limits import LINKS_TO_ONE, Doing, is_within
from app.front_door.models import SubmissionDraft
from app.web import uploads
from app.web.days import DayField
from app.web.forms import ABOUT_THE_FORM

OTHER_FILES = (
    "Files were added to your form while it was being sent. Look through your answers, then send it again."
)


def keep_answers(draft: SubmissionDraft | None, page: Page, is_later: bool) -> ResponseReturnValue:
    """What was typed on this page, kept; with no form yet, or one that has been too long idle, in a new one."""
    is_large, token = visitor.wants_large_print(draft), ""
    count(Doing.SAVE, *[Doing.START] * (draft is None))
    with db.unit_of_work() as session:
        if draft is None:
            draft, token = visitor.begin(session, is_amid=page.name != STEPS[0])
        actions.answer(draft, page.name, _typed(page), wants_large_print=is_large)
    on = url_for("front_door.ask_for_link") if is_later else url_for(f"front_door.{following(page.name)}")
    answer = make_response(redirect(on))
    return visitor.hold(answer, token) if token else answer


def keep_files(files: list[FileStorage], on: str) -> ResponseReturnValue:
    """The files, kept with the form, and on to that page. Nothing is written before it is known that there is room."""
    draft, token, bounds = visitor.form_here(db.session), "", visitor.bounds()
    count(*[Doing.FILE] * len(files), *[Doing.START] * (draft is None))
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


def send(draft: SubmissionDraft) -> None:
    """Send the form as it stands now, if it is finished. Its files are put where they stay before.

    Raises `RuleBroken` if there are others by then.
    """
    count(Doing.SEND)
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


def count(*doings: Doing, email: str = "") -> None:
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


def _contents(draft: SubmissionDraft) -> set[tuple[str, int]]:
    """What the files of a form hold: the hash and the size, in bytes, of each."""
    return {(file.sha256, file.size) for file in draft.files}


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
