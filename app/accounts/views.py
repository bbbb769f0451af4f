from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts import actions, devices, limits, links, sessions
from app.accounts.forms import (
    ChooseForm,
    ForgottenForm,
    PasswordForm,
    ProofForm,
    SignInForm,
)
from app.audit.models import Access
from app.core.errors import RuleBroken
from app.database import db
from app.factors import queries as factors
from app.factors.forms import AloneForm
from app.web import identity, kept, visits, ways_in
from app.web.access import for_oneself, on_the_way_in, open_to_all
from app.web.asked import words_asked
from app.web.forms import ConfirmForm
from app.web.identity import signed_in

blueprint = Blueprint("accounts", __name__)

SENT = (
    "If there is an account with this address, a link is on its way to it. It works for 15 minutes. Nothing"
    " changes until it is used."
)
ISSUER_AWAY = "The single sign-on does not answer. Use your password, or try again in a while."
ASKED_TOO_OFTEN = "This was asked too often. Look for the letter you were sent, or try again in an hour."
FORGET_EVERYTHING = '"cache", "cookies", "storage"'
#: Whoever only leaves is known again by this browser, so that strangers cannot make them wait next time.
FORGET_ALL_BUT_COOKIES = '"cache", "storage"'


@blueprint.route("/sign-in", methods=["GET", "POST"])
@open_to_all("it is how everybody gets in")
def sign_in() -> ResponseReturnValue:
    form = SignInForm()
    if form.validate_on_submit():
        refused = identity.sign_in(form.email.data or "", form.password.data or "")
        if refused is None:
            return kept.way_on(form.kept.data, request.args.get("next"))
        form.refuse(RuleBroken(refused))
    wanted = request.args.get("next")
    return render_template(
        "accounts/sign_in.html",
        form=form,
        alone=AloneForm(formdata=None),
        kept=bool(form.kept.data),
        wanted=wanted,
    )


@blueprint.get("/sign-in/single")
@open_to_all("it leads to the issuer of the single sign-on")
def single_sign_on() -> ResponseReturnValue:
    try:
        return redirect(ways_in.leave_for_the_issuer(request.args.get("next")))
    except (OSError, ValueError, KeyError):  # it does not answer, or not as an issuer does
        flash(ISSUER_AWAY)
        return redirect(url_for("accounts.sign_in"))


@blueprint.get("/sign-in/single/back")
@open_to_all("people come back from the issuer here")
def single_sign_on_back() -> ResponseReturnValue:
    try:
        wanted = ways_in.come_back_from_the_issuer(
            state=words_asked("state"), code=request.args.get("code", "")[:2000]
        )
    except RuleBroken as refusal:
        form = SignInForm(formdata=None)
        form.refuse(refusal)
        return render_template(
            "accounts/sign_in.html", form=form, alone=AloneForm(formdata=None), kept=False, wanted=None
        ), 403
    return kept.way_on(None, wanted)


@blueprint.route("/forgotten-password", methods=["GET", "POST"])
@open_to_all("whoever has forgotten their password cannot sign in")
def forgotten_password() -> ResponseReturnValue:
    form = ForgottenForm()
    if form.validate_on_submit():
        with db.unit_of_work() as session:
            network = limits.network_of(request.remote_addr)
            within = links.ask(session, email=form.email.data or "", network=network)
        if within:
            flash(SENT)
            return redirect(url_for("accounts.sign_in"))
        form.refuse(RuleBroken(ASKED_TOO_OFTEN))
    return render_template("accounts/forgotten_password.html", form=form)


@blueprint.route("/choose-password/<token>", methods=["GET", "POST"])
@open_to_all("the link is the proof, and signs nobody in")
def choose_password(token: str) -> ResponseReturnValue:
    form = ChooseForm()
    if links.living(db.session, token) is None:
        return render_template("accounts/choose_password.html", form=None), 404
    if form.carried_out(lambda session: links.choose(session, token, password=form.password.data or "")):
        return _leave("Your password is chosen. Sign in with it.")
    return render_template("accounts/choose_password.html", form=form)


@blueprint.route("/account/confirm", methods=["GET", "POST"])
@on_the_way_in("whoever waited too long shows again that it is them")
def confirm() -> ResponseReturnValue:
    form = ProofForm()
    if form.validate_on_submit():
        refused = _shown_again(form)
        if refused is None:
            return kept.way_on(form.kept.data, request.args.get("next"))
        form.refuse(RuleBroken(refused))
    return _confirming(form)


def page_to_confirm(packed: str) -> ResponseReturnValue:
    """The page that asks who this is once more, with what waits to be sent on afterwards."""
    form = ProofForm(formdata=None)
    form.kept.data = packed
    return _confirming(form), 401


def _confirming(form: ProofForm) -> str:
    return render_template(
        "accounts/confirm.html",
        form=form,
        has_app=factors.authenticator_of(db.session, signed_in()) is not None,
        has_passkeys=bool(factors.passkeys_of(db.session, signed_in())),
        wanted=request.args.get("next") or kept.this_page(),
    )


def _shown_again(form: ProofForm) -> str | None:
    """Why what was shown is not taken; None if it was, and counts from now on."""
    if form.code.data or form.credential.data:
        return identity.show_second_factor(form.code.data, form.credential.data or "")
    refused = identity.try_password(form.password.data or "")
    if refused is None:
        with db.unit_of_work() as session:
            token = sessions.renew(session, identity.signed_in_session_id(), is_whole=False)
        identity.rise(token)
    return refused


@blueprint.post("/sign-out")
@on_the_way_in("everybody may leave")
def sign_out() -> ResponseReturnValue:
    with db.unit_of_work() as session:
        sessions.end(session, identity.signed_in_session_id())
    visits.note(Access.SIGN_OUT, "")
    return _leave("You have signed out.")


@blueprint.get("/account")
@for_oneself("where am I signed in?")
def oneself() -> ResponseReturnValue:
    return render_template(
        "accounts/oneself.html",
        alive=sessions.alive_of(db.session, signed_in()),
        this=identity.signed_in_session_id(),
        known=devices.of_account(db.session, signed_in()),
        has_factor=factors.has_one(db.session, signed_in()),
        form=ConfirmForm(),
    )


@blueprint.post("/account/sign-ins/<row:number>/end")
@for_oneself("everybody may end their own sign-ins")
def end_sign_in(number: int) -> ResponseReturnValue:
    with db.unit_of_work() as session:
        actions.end_sign_in(session, sessions.of_account(session, signed_in(), number), actor=signed_in())
    if number == identity.signed_in_session_id():
        return _leave("You have signed out.")
    flash("That sign-in is ended.")
    return redirect(url_for("accounts.oneself"))


@blueprint.post("/account/devices/<row:number>/forget")
@for_oneself("everybody may forget their own devices")
def forget_device(number: int) -> ResponseReturnValue:
    with db.unit_of_work() as session:
        devices.forget(session, number, actor=signed_in())
    flash("That device is known no longer.")
    return redirect(url_for("accounts.oneself"))


@blueprint.post("/account/sign-ins/end-others")
@for_oneself("everybody may end their own sign-ins")
def end_other_sign_ins() -> ResponseReturnValue:
    with db.unit_of_work() as session:
        this = identity.signed_in_session_id()
        actions.end_sign_ins(session, signed_in(), actor=signed_in(), but=this)
    flash("You are signed out everywhere but here.")
    return redirect(url_for("accounts.oneself"))


@blueprint.post("/account/sign-out-everywhere")
@for_oneself("everybody may end their own sign-ins")
def sign_out_everywhere() -> ResponseReturnValue:
    with db.unit_of_work() as session:
        actions.end_sign_ins(session, signed_in(), actor=signed_in())
    visits.note(Access.SIGN_OUT, "everywhere")
    return _leave("You have signed out everywhere.", forget=FORGET_EVERYTHING)


@blueprint.route("/account/password", methods=["GET", "POST"])
@for_oneself("everybody may change their own password")
def change_password() -> ResponseReturnValue:
    form = PasswordForm()
    if form.validate_on_submit():
        try:
            if refused := identity.try_password(form.current.data or ""):
                raise RuleBroken(refused, field="current")
            with db.unit_of_work() as session:
                password = form.password.data or ""
                actions.change_password(session, signed_in(), actor=signed_in(), password=password)
        except RuleBroken as refusal:
            form.refuse(refusal)
        else:
            return _leave("Your password is changed. Sign in with the new one.", forget=FORGET_EVERYTHING)
    return render_template("accounts/change_password.html", form=form)


def _leave(words: str, *, forget: str = FORGET_ALL_BUT_COOKIES) -> ResponseReturnValue:
    identity.forget()
    flash(words)
    answer = redirect(url_for("accounts.sign_in"))
    answer.headers["Clear-Site-Data"] = forget
    return answer
