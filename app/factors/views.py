from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app.accounts import queries as accounts
from app.accounts import sessions
from app.core import sealing
from app.core.errors import NotPermitted, RuleBroken
from app.database import db
from app.factors import actions, codes, passkeys, queries
from app.factors.forms import AloneForm, AskForm, AuthenticatorForm, PasskeyForm
from app.policy import Permission
from app.web import identity, kept, ways_in
from app.web.access import freshly_signed_in, on_the_way_in, open_to_all, requires
from app.web.forms import ConfirmForm
from app.web.identity import signed_in

blueprint = Blueprint("factors", __name__)

#: How long the page that shows a new secret may stay open, in seconds.
SECRET_WAITS = 3600
SHOW_FIRST = "Show your second factor first."


@blueprint.route("/sign-in/second-factor", methods=["GET", "POST"])
@on_the_way_in("it asks for the second factor")
def ask() -> ResponseReturnValue:
    if identity.is_signed_in():
        return redirect(kept.local_path(request.args.get("next")))
    if not queries.has_one(db.session, signed_in()):
        return redirect(url_for("factors.mine"))
    form = AskForm()
    if form.validate_on_submit():
        refused = identity.show_second_factor(form.code.data, form.credential.data or "")
        if refused is None:
            return kept.way_on(form.kept.data, request.args.get("next"))
        form.refuse(RuleBroken(refused, field=None if form.credential.data else "code"))
    return _asking(form)


def ask_page(packed: str) -> ResponseReturnValue:
    """The page that asks for the second factor, with what waits to be sent on afterwards."""
    form = AskForm(formdata=None)
    form.kept.data = packed
    return _asking(form), 401


def _asking(form: AskForm) -> str:
    has_passkeys = bool(queries.passkeys_of(db.session, signed_in()))
    wanted = request.args.get("next")
    return render_template("factors/ask.html", form=form, has_passkeys=has_passkeys, wanted=wanted)


@blueprint.post("/sign-in/passkey")
@on_the_way_in("it asks for the second factor, or for it once more")
def challenge() -> ResponseReturnValue:
    """What the browser is to ask a passkey, for the script of the page."""
    with db.unit_of_work() as session:
        options = passkeys.challenge_to_show(
            session, identity.signed_in_session_id(), signed_in(), identity.this_site()
        )
    return Response(options, content_type="application/json")


@blueprint.post("/sign-in/passkey/alone/challenge")
@open_to_all("it is a way in")
def challenge_alone() -> ResponseReturnValue:
    """What the browser is to ask any passkey of ours, for the script of the page where people sign in."""
    return Response(ways_in.ask_a_passkey_alone(), content_type="application/json")


@blueprint.post("/sign-in/passkey/alone")
@open_to_all("it is a way in")
def sign_in() -> ResponseReturnValue:
    form, wanted = AloneForm(), request.args.get("next")
    if form.validate_on_submit():
        refused = ways_in.sign_in_by_passkey(form.credential.data or "")
        if refused is None:
            return kept.way_on(None, wanted)
        flash(refused)
    return redirect(url_for("accounts.sign_in", next=wanted))


@blueprint.get("/account/second-factor")
@on_the_way_in("whoever has no second factor yet sets one up here")
def mine() -> ResponseReturnValue:
    if identity.is_halfway() and queries.has_one(db.session, signed_in()):
        return redirect(url_for("factors.ask"))
    return render_template(
        "factors/mine.html",
        is_halfway=identity.is_halfway(),
        authenticator=queries.authenticator_of(db.session, signed_in()),
        passkeys=queries.passkeys_of(db.session, signed_in()),
        left=queries.recovery_codes_left(db.session, signed_in()),
        form=ConfirmForm(),
    )


@blueprint.route("/account/second-factor/authenticator", methods=["GET", "POST"])
@on_the_way_in("whoever has no second factor yet sets one up here")
@freshly_signed_in(to_read=True)
def set_up_authenticator() -> ResponseReturnValue:
    _not_before_it_is_shown()
    form, account = AuthenticatorForm(), signed_in()
    secret = _secret_of(form) or codes.new_secret()
    if form.validate_on_submit():
        try:
            with db.unit_of_work() as session:
                is_first = not queries.has_one(session, account)
                actions.set_up_authenticator(
                    session, account, actor=account, secret=secret, code=form.code.data
                )
                risen = _rise(session, with_codes=is_first)
        except RuleBroken as refusal:
            form.refuse(refusal)
        else:
            return _changed(risen, "Your authenticator is set up.")
    form.locked.data = sealing.lock(f"{account.key} {secret}")
    picture = codes.picture_of(secret, email=account.email)
    return render_template("factors/set_up_authenticator.html", form=form, secret=secret, picture=picture)


@blueprint.post("/account/second-factor/authenticator/remove")
@on_the_way_in("everybody may remove their own; before it is shown it is refused")
@freshly_signed_in()
def remove_authenticator() -> ResponseReturnValue:
    _not_before_it_is_shown()
    with db.unit_of_work() as session:
        required = identity.must_have_a_second_factor()
        actions.remove_authenticator(session, signed_in(), actor=signed_in(), is_required=required)
        risen = _rise(session)
    return _changed(risen, "Your authenticator is removed.")


@blueprint.route("/account/second-factor/passkeys/new", methods=["GET", "POST"])
@on_the_way_in("whoever has no second factor yet sets one up here")
@freshly_signed_in(to_read=True)
def add_passkey() -> ResponseReturnValue:
    _not_before_it_is_shown()
    form, account = PasskeyForm(), signed_in()
    if form.validate_on_submit():
        try:
            with db.unit_of_work() as session:
                waiting = passkeys.take_challenge(session, identity.signed_in_session_id())
            with db.unit_of_work() as session:
                is_first = not queries.has_one(session, account)
                passkeys.add(
                    session,
                    account,
                    actor=account,
                    name=form.name.data,
                    answer=form.credential.data or "",
                    challenge=waiting,
                    site=identity.this_site(),
                )
                risen = _rise(session, with_codes=is_first)
        except RuleBroken as refusal:
            form.refuse(refusal)
        else:
            return _changed(risen, f"The passkey “{form.name.data}” is added.")
    return render_template("factors/add_passkey.html", form=form)


@blueprint.post("/account/second-factor/passkeys/challenge")
@on_the_way_in("whoever has no second factor yet sets one up here")
@freshly_signed_in()
def challenge_to_add() -> ResponseReturnValue:
    """What the browser is to ask a new passkey, for the script of the page."""
    _not_before_it_is_shown()
    with db.unit_of_work() as session:
        options = passkeys.challenge_to_add(
            session, identity.signed_in_session_id(), signed_in(), identity.this_site()
        )
    return Response(options, content_type="application/json")


@blueprint.post("/account/second-factor/passkeys/<row:number>/remove")
@on_the_way_in("everybody may remove their own; before it is shown it is refused")
@freshly_signed_in()
def remove_passkey(number: int) -> ResponseReturnValue:
    _not_before_it_is_shown()
    with db.unit_of_work() as session:
        required = identity.must_have_a_second_factor()
        passkey = queries.passkey_of(session, signed_in(), number)
        actions.remove_passkey(session, passkey, actor=signed_in(), is_required=required)
        risen = _rise(session)
    return _changed(risen, "The passkey is removed.")


@blueprint.post("/account/second-factor/recovery-codes")
@on_the_way_in("everybody may have new ones; before a second factor is shown it is refused")
@freshly_signed_in()
def make_recovery_codes() -> ResponseReturnValue:
    _not_before_it_is_shown()
    with db.unit_of_work() as session:
        made = actions.make_recovery_codes(session, signed_in(), actor=signed_in())
    return render_template("factors/make_recovery_codes.html", codes=made)


@blueprint.post("/accounts/<key:key>/second-factor/remove")
@requires(Permission.ACCOUNT_MANAGE)
@freshly_signed_in()
def forget(key: str) -> ResponseReturnValue:
    with db.unit_of_work() as session:
        actions.forget(session, accounts.by_key(session, key), actor=signed_in())
    flash("Their second factors are removed, and they have been signed out.")
    return redirect(url_for("accounts.show", key=key))


def _not_before_it_is_shown() -> None:
    """Halfway, only whoever has no second factor yet may set one up: it is no way round the one there is."""
    if identity.is_halfway() and queries.has_one(db.session, signed_in()):
        raise NotPermitted(SHOW_FIRST)


def _rise(session: Session, *, with_codes: bool = False) -> tuple[str, Sequence[str]]:
    """End every other sign-in of this account, and let this one go on, whole, under another token."""
    made = actions.make_recovery_codes(session, signed_in(), actor=signed_in()) if with_codes else ()
    sessions.end_all(session, signed_in(), but=identity.signed_in_session_id())
    return sessions.renew(session, identity.signed_in_session_id(), is_whole=True), made


def _changed(risen: tuple[str, Sequence[str]], words: str) -> ResponseReturnValue:
    token, made = risen
    identity.rise(token)
    if made:
        return render_template("factors/make_recovery_codes.html", codes=made)
    flash(words)
    return redirect(url_for("factors.mine"))


def _secret_of(form: AuthenticatorForm) -> str | None:
    """The secret this form was drawn with, for this very account and lately."""
    whose, _, secret = (sealing.unlock(form.locked.data or "", seconds=SECRET_WAITS) or "").partition(" ")
    return secret if whose == signed_in().key else None
