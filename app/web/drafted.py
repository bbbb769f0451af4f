"""Forms that are kept while they are written in, and go on from what was kept: see the room `drafts`."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, TypeVar

from flask import flash, request
from sqlalchemy.orm import Session
from wtforms import HiddenField

from app.core.model import Model
from app.core.references import new_key
from app.core.text import clean
from app.database import db
from app.drafts import actions, queries
from app.web import kept
from app.web.forms import ABOUT_THE_FORM, CreatingForm, Drawn, number_in
from app.web.identity import signed_in

Row = TypeVar("Row", bound=Model)

#: Which pages have such a form: what a list of drafts calls it, and the fields that tell one from another.
FORMS: dict[str, tuple[str, tuple[str, ...]]] = {
    "complaints.log": ("Log a complaint", ("name", "affected_name")),
    "enquiries.take": ("Write down a contact", ("name", "about")),
}


NEWER = (
    "Something else was saved in the draft of this form in another window. That is among the drafts you have thrown"
    " away: for a week you can bring it back."
)


def typed() -> list[tuple[str, str]]:
    """What was sent of this form, as a draft of it is kept."""
    apart = ABOUT_THE_FORM - {"submission"}
    sent = request.form.items(multi=True)
    return [(clean(name), clean(words)) for name, words in sent if name not in apart]


def version_sent() -> int:
    """The version of the draft that the form was drawn from: 0 before there is one, -1 for what is no number."""
    return number_in(request.form.get("draft_version"))


def this_form() -> str:
    """The address of this page without the draft it may go on from."""
    path, _, query = kept.this_page().partition("?")
    rest = "&".join(part for part in query.split("&") if part and not part.startswith("draft="))
    return f"{path}?{rest}" if rest else path


class DraftedForm(CreatingForm):
    """A form that makes something new, and is kept as a draft until it has."""

    draft = HiddenField(default=new_key)
    draft_version = HiddenField(default="0")
    draft_of = HiddenField(default=this_form)

    def __init__(self, *arguments: Any, **more: Any) -> None:
        key = request.args.get("draft", "")
        if self.is_submitted() or not re.fullmatch("[0-9a-f]{32}", key):
            super().__init__(*arguments, **more)
            return
        draft = queries.by_key(db.session, signed_in(), key)
        about = {"draft": key, "draft_version": str(draft.version), "draft_of": draft.address}
        typed = draft.answers if draft.form == request.endpoint else []
        super().__init__(Drawn([*typed, *about.items()]), *arguments, **more)

    def once(self, session: Session, kind: type[Row], make: Callable[[], Row]) -> Row:
        """As for every form that makes something; the draft goes in the same transaction."""
        made, key = super().once(session, kind, make), self.draft.data or ""
        if actions.finish(session, key, actor=signed_in(), answers=typed(), drawn_from=version_sent()):
            flash(NEWER)
        return made
