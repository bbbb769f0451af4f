"""Forms that are kept while they are written in, and go on from what was kept: see the room `drafts`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar

from flask import current_app, flash, request
from sqlalchemy.orm import Session
from wtforms import HiddenField

from app.core.errors import RuleBroken
from app.core.model import Model
from app.core.references import new_key
from app.core.text import clean
from app.database import db
from app.drafts import actions, queries
from app.drafts.models import Draft
from app.web import kept
from app.web.forms import ABOUT_THE_FORM, CreatingForm, Drawn, number_in
from app.web.identity import signed_in

Row = TypeVar("Row", bound=Model)

#: Characters of what was written that tell one draft from another.
FIRST_WORDS = 60


@dataclass(frozen=True)
class Kept:
    """The mark of a form with drafts: the page it stands on, and how a list of drafts tells one from another.

    `called` may name what the address does, as in “Note on {reference}”; `names` and `words` are fields.
    """

    endpoint: str
    called: str
    words: tuple[str, ...]
    names: tuple[str, ...] = ()

    def described(self, draft: Draft) -> str:
        """What it is, of whom and about what, and how it begins."""
        named, words = draft.first_of(*self.names), " ".join(draft.first_of(*self.words).split())
        if len(words) > FIRST_WORDS:
            words = f"{words[:FIRST_WORDS].rpartition(' ')[0] or words[:FIRST_WORDS]}…"
        begins = f"“{words}”" if words else ""
        told = ", ".join(part for part in (named, begins) if part)
        return f"{self.called.format_map(where(draft.address)[1])}: {told or 'no words yet'}"

    def length(self, draft: Draft) -> int:
        """How many words were written: of two drafts that begin alike, one is the longer."""
        return sum(len(words.split()) for name, words in draft.answers if name in self.words)


#: Which pages have such a form, by their endpoints: each form with the mark adds its own.
FORMS: dict[str, Kept] = {}


def where(address: str) -> tuple[str, Mapping[str, Any]]:
    """The page that an address of this service leads to, and what stands in it. Raises `HTTPException`."""
    endpoint, given = current_app.url_map.bind("").match(address.partition("?")[0], method="GET")
    return str(endpoint), given


SENT = (
    "This draft was sent already, from another window, and that is kept. If this is something else, send it once"
    " more."
)
AGAIN = "This form was sent twice. It was kept the first time, and the second has changed nothing."
NEWER = (
    "Something else was saved in the draft of this form in another window. That is among the drafts you have thrown"
    " away: for a week you can bring it back."
)


def typed() -> list[tuple[str, str]]:
    """What was sent of this form, as a draft of it is kept."""
    apart = ABOUT_THE_FORM - {"submission", "drawn_from"}
    sent = request.form.items(multi=True)
    return [(clean(name), clean(words)) for name, words in sent if name not in apart]


def version_sent() -> int:
    """The version of the draft that the form was drawn from: 0 before there is one, -1 for what is no number."""
    return number_in(request.form.get("draft_version"))


class DraftedForm(CreatingForm):
    """A form that is kept as a draft until it is carried out. Sent twice, it is carried out once.

    One that changes a row is an `EditingForm` first: a draft knows from which version it was drawn.
    """

    draft = HiddenField(default=new_key)
    draft_version = HiddenField(default="0")
    draft_of = HiddenField(default=kept.this_form)
    kept_as: ClassVar[Kept]

    def __init_subclass__(cls, **more: Any) -> None:
        super().__init_subclass__(**more)
        FORMS[cls.kept_as.endpoint] = cls.kept_as

    def __init__(self, *arguments: Any, **more: Any) -> None:
        key = request.args.get("draft", "")
        if self.is_submitted() or not re.fullmatch("[0-9a-f]{32}", key):
            super().__init__(*arguments, **more)
            return
        draft = queries.by_key(db.session, signed_in(), key)
        about = {"draft": key, "draft_version": str(draft.version), "draft_of": draft.address}
        typed = draft.answers if draft.form == request.endpoint else []
        super().__init__(Drawn([*typed, *about.items()]), *arguments, **more)

    @property
    def begun_before(self) -> Sequence[Draft]:
        """Drafts of this very page, where it is drawn anew: somebody who comes back need not begin again."""
        is_anew = self.draft.raw_data is None
        return queries.kept_at(db.session, signed_in(), self.draft_of.data or "") if is_anew else ()

    def once(self, session: Session, kind: type[Row], make: Callable[[], Row]) -> Row:
        """As for every form that makes something; the draft goes in the same transaction.

        Raises `RuleBroken` for a draft that was sent from another window.
        """
        made: list[Row] = []

        def first() -> Row:
            self._refuse_what_is_sent(session)
            made.append(make())
            return made[0]

        row, key = super().once(session, kind, first), self.draft.data or ""
        if actions.finish(session, key, actor=signed_in(), answers=typed(), drawn_from=version_sent()):
            flash(NEWER)
        if not made:
            flash(AGAIN)
        return row

    def _refuse_what_is_sent(self, session: Session) -> None:
        if version_sent() > 0 and queries.find(session, signed_in(), self.draft.data or "") is None:
            self.draft.data, self.draft_version.data = new_key(), "0"
            raise RuleBroken(SENT)
