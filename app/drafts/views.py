from __future__ import annotations

from flask import Blueprint, current_app, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from app.core import clock
from app.core.errors import RuleBroken
from app.core.text import clean
from app.database import db
from app.drafts import actions, queries
from app.web import kept
from app.web.access import for_oneself
from app.web.drafted import FORMS, typed, version_sent, where
from app.web.identity import signed_in

blueprint = Blueprint("drafts", __name__, url_prefix="/drafts")

MOST_FIELDS, LONGEST_ADDRESS = 200, 500
MEANWHILE = (
    "This draft was saved, sent or thrown away in another window meanwhile. That one is as it was: what you"
    " typed here is kept as a draft of its own."
)


@blueprint.get("/")
@for_oneself("what somebody has typed and not sent is theirs alone")
def mine() -> ResponseReturnValue:
    return render_template(
        "drafts/mine.html",
        drafts=queries.kept_by(db.session, signed_in()),
        thrown_away=queries.thrown_away_by(db.session, signed_in()),
        forms=FORMS,
        most=queries.MOST,
        days=current_app.config["DRAFT_DAYS"],
        undo=actions.UNDO,
    )


@blueprint.post("/<key:key>")
@for_oneself("what somebody has typed and not sent is theirs alone")
def save(key: str) -> ResponseReturnValue:
    """Keep a form as far as it is filled in: for the script that asks every few seconds, and for its button."""
    form, address = _where()
    try:
        with db.unit_of_work() as session:
            saved = actions.save(
                session,
                actor=signed_in(),
                key=key,
                form=form,
                address=address,
                answers=_typed(),
                drawn_from=version_sent(),
            )
    except RuleBroken as refusal:
        if _is_script():
            return jsonify(told=str(refusal)), 409
        raise
    told = f"Draft saved at {clock.now().astimezone(clock.LONDON):%H:%M}."
    if saved is None:
        told = "This form has been sent already. No draft of it is kept."
    elif saved.is_beside:
        told = MEANWHILE
    if _is_script():
        if saved is None:
            return jsonify(told=told)
        draft = saved.draft
        return jsonify(told=told, key=draft.key, version=draft.version, address=draft.leads_to)
    flash(told)
    return redirect(saved.draft.leads_to if saved else url_for("drafts.mine"))


@blueprint.post("/<key:key>/throw-away")
@for_oneself("what somebody has typed and not sent is theirs alone")
def throw_away(key: str) -> ResponseReturnValue:
    with db.unit_of_work() as session:
        actions.throw_away(queries.by_key(session, signed_in(), key))
    flash("The draft is thrown away. For a week you can bring it back, below.")
    return redirect(url_for("drafts.mine"))


@blueprint.post("/<key:key>/bring-back")
@for_oneself("what somebody has typed and not sent is theirs alone")
def bring_back(key: str) -> ResponseReturnValue:
    with db.unit_of_work() as session:
        actions.bring_back(session, queries.by_key(session, signed_in(), key), actor=signed_in())
    flash("The draft is back.")
    return redirect(url_for("drafts.mine"))


def _where() -> tuple[str, str]:
    """The form that is written in, and its address. Raises `RuleBroken` for a page that keeps no drafts."""
    address = kept.local_path(clean(request.form.get("draft_of", "")[:LONGEST_ADDRESS]))
    try:
        endpoint = where(address)[0]
    except HTTPException:
        endpoint = ""
    if endpoint not in FORMS:
        raise RuleBroken("No draft is kept of this page.")
    return endpoint, address


def _typed() -> list[tuple[str, str]]:
    if len(list(request.form.items(multi=True))) > MOST_FIELDS:
        raise RuleBroken("That is more than any form of ours asks. No draft of it is kept.")
    return typed()


def _is_script() -> bool:
    return request.headers.get("Accept") == "application/json"
