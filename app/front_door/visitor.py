"""The browser of somebody who complains: which form it holds, by a token that stands in no page and no address."""

from __future__ import annotations

from flask import Response, current_app, flash, request
from sqlalchemy.orm import Session

from app.accounts import limits as accounts
from app.front_door import actions, queries
from app.front_door.forms import UNSEEN
from app.front_door.limits import Bounds
from app.front_door.models import SubmissionDraft
from app.web.asked import words_asked
from app.web.cookies import is_loopback_http

MEGABYTE = 1024 * 1024
NEW_FORM = (
    "This is a new form. If you answered other pages before, those answers are not in it: the link we sent you by"
    " e-mail leads back to them, under “Come back to a form you have saved” on the first page."
)


def form_here(session: Session) -> SubmissionDraft | None:
    """The form that this browser holds, if it is not sent."""
    draft = held(session)
    return draft if draft is not None and draft.sent_at is None else None


def held(session: Session) -> SubmissionDraft | None:
    """The form that this browser holds, sent or not: for sending it, and for its receipt."""
    return queries.by_token(session, request.cookies.get(_cookie(), ""))


def begin(session: Session, *, is_amid: bool) -> tuple[SubmissionDraft, str]:
    """A new form, and its token. Whoever begins `is_amid`, on a later page, may think that it is one there was."""
    if is_amid:
        flash(NEW_FORM)
    return actions.begin(session)


def hold(answer: Response, token: str) -> Response:
    """Have the browser hold this form until it is closed. No script sees the token, and no other site."""
    answer.set_cookie(
        _cookie(), token, path="/", secure=not is_loopback_http(), httponly=True, samesite="Lax"
    )
    return answer


def let_go(answer: Response) -> Response:
    """Have the browser hold no form any more."""
    answer.delete_cookie(_cookie(), path="/", secure=not is_loopback_http(), httponly=True, samesite="Lax")
    return answer


def is_machine() -> bool:
    """Whether what nobody sees was filled in."""
    return bool(request.form.get(UNSEEN))


def network() -> str:
    """What the visitor is counted as."""
    return accounts.network_of(request.remote_addr)


def bounds() -> Bounds:
    """How much may come in, as this office has set it."""
    config = current_app.config
    return Bounds(
        per_network=config["FORMS_PER_NETWORK"],
        in_all=config["FORMS_PER_HOUR"],
        days=config["FORM_DAYS"],
        bytes_in_form=config["FORM_FILES_LIMIT"],
        bytes_in_all=config["FORMS_WAITING_MB"] * MEGABYTE,
    )


def wants_large_print(draft: SubmissionDraft | None) -> bool:
    """Whether pages are drawn large: as the address asks, or as was chosen before."""
    asked = words_asked("print")
    return asked == "large" or (asked != "normal" and draft is not None and draft.wants_large_print)


def _cookie() -> str:
    return "second-read-form" if is_loopback_http() else "__Host-second-read-form"
