"""The order of the pages for the public, and how each is drawn."""

from __future__ import annotations

from typing import Any

from flask import Response, current_app, render_template
from flask.typing import ResponseReturnValue

from app.front_door import visitor
from app.front_door.forms import PAGES, Page
from app.front_door.models import SubmissionDraft
from app.web.forms import Drawn

TOO_MANY = (
    "We are getting too many forms at the moment, or too many from where you are. What you typed is still on this"
    " page. Try again in an hour, or call or write to us."
)
DOCUMENTS, CHECK = "documents", "check"
STEPS = [*(page.name for page in PAGES), DOCUMENTS, CHECK]


def drawn(
    template: str, draft: SubmissionDraft | None, *, status: int = 200, **given: Any
) -> ResponseReturnValue:
    """A page of this room. What was refused because too much came says so in its status as well."""
    body = render_template(
        template,
        is_public=True,
        is_large=visitor.wants_large_print(draft),
        has_form=draft is not None and draft.sent_at is None,
        address=current_app.config["OFFICE_ADDRESS"],
        telephone=current_app.config["OFFICE_TELEPHONE"],
        **given,
    )
    form = given.get("form")
    if form is not None and any(message == TOO_MANY for _target, message in form.problems):
        return Response(body, 429, {"Retry-After": "3600"})
    return Response(body, status)


def place(name: str) -> dict[str, Any]:
    """Where in the form a page stands, and what stands before it."""
    at = STEPS.index(name)
    return {"number": at + 1, "steps": len(STEPS), "before": STEPS[at - 1] if at else "start"}


def following(name: str) -> str:
    """The page that comes after one."""
    return STEPS[STEPS.index(name) + 1]


def answered(draft: SubmissionDraft, page: Page) -> Drawn | None:
    """What was answered on a page before, to draw it with."""
    pairs = draft.answers.get(page.name)
    return Drawn([(field, words) for field, words in pairs]) if pairs else None
