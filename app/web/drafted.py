"""Forms that are kept while they are written in, and go on from what was kept: see the room `drafts`."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, TypeVar

from flask import request
from sqlalchemy.orm import Session
from wtforms import HiddenField

from app.core.model import Model
from app.core.references import new_key
from app.database import db
from app.drafts import actions, queries
from app.web import kept
from app.web.forms import CreatingForm, Drawn
from app.web.identity import signed_in

Row = TypeVar("Row", bound=Model)

#: Which pages have such a form: what a list of drafts calls it, and the fields that tell one from another.
FORMS: dict[str, tuple[str, tuple[str, ...]]] = {
    "complaints.log": ("Log a complaint", ("name", "affected_name")),
    "enquiries.take": ("Write down a contact", ("name", "about")),
}


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
        made = super().once(session, kind, make)
        actions.finish(session, self.draft.data or "", actor=signed_in())
        return made
