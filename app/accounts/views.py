from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app.accounts import actions, queries, sessions
from app.accounts.forms import AccountForm, PasswordForm, RolesForm, SignInForm
from app.accounts.models import Account
from app.audit.models import Access
from app.core.errors import NotFound, RuleBroken
from app.database import db
from app.organisations import queries as organisations
from app.organisations.models import Organisation
from app.policy import Permission
from app.web import identity, kept, visits
from app.web.access import for_oneself, open_to_all, requires
from app.web.asked import words_asked
from app.web.forms import ConfirmForm
from app.web.identity import signed_in

blueprint = Blueprint("accounts", __name__)

FORGET_EVERYTHING = '"cache", "cookies", "storage"'


@blueprint.route("/sign-in", methods=["GET", "POST"])
@open_to_all("it is how everybody gets in")
def sign_in() -> ResponseReturnValue:
    form = SignInForm()
    if form.validate_on_submit():
        refused = identity.sign_in(form.email.data or "", form.password.data or "")
        if refused is None:
            waiting = kept.carry_on_page(form.kept.data)
            return waiting or redirect(kept.local_path(request.args.get("next")))
        form.refuse(RuleBroken(refused))
    return render_template("accounts/sign_in.html", form=form, kept=bool(form.kept.data))


@blueprint.post("/sign-out")
@for_oneself("everybody may leave")
def sign_out() -> ResponseReturnValue:
    with db.unit_of_work() as session:
        sessions.end(session, identity.signed_in_session_id())
    visits.note(Access.SIGN_OUT, "")
    return _leave("You have signed out.")


@blueprint.get("/account")
@for_oneself("where am I signed in?")
def oneself() -> ResponseReturnValue:
    alive = sessions.alive_of(db.session, signed_in())
    this = identity.signed_in_session_id()
    return render_template("accounts/oneself.html", alive=alive, this=this, form=ConfirmForm())


@blueprint.post("/account/sign-out-everywhere")
@for_oneself("everybody may end their own sign-ins")
def sign_out_everywhere() -> ResponseReturnValue:
    with db.unit_of_work() as session:
        sessions.end_all(session, signed_in())
    visits.note(Access.SIGN_OUT, "everywhere")
    return _leave("You have signed out everywhere.")


@blueprint.route("/account/password", methods=["GET", "POST"])
@for_oneself("everybody may change their own password")
def change_password() -> ResponseReturnValue:
    form = PasswordForm()
    if form.validate_on_submit():
        try:
            with db.unit_of_work() as session:
                actions.change_password(session, signed_in(), actor=signed_in(), **form.answers)
        except RuleBroken as refusal:
            form.refuse(refusal)
        else:
            return _leave("Your password is changed. Sign in with the new one.")
    return render_template("accounts/change_password.html", form=form)


@blueprint.get("/accounts/")
@requires(Permission.ACCOUNT_MANAGE)
def search() -> ResponseReturnValue:
    after = words_asked("after")
    accounts = queries.everyone(db.session, after)
    return render_template("accounts/search.html", accounts=accounts, is_start=not after, size=queries.PAGE)


@blueprint.route("/accounts/new", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_MANAGE)
def create() -> ResponseReturnValue:
    form = AccountForm()
    if form.validate_on_submit():
        try:
            with db.unit_of_work() as session:
                answers = form.answers | {"organisation": _organisation(session, form.organisation.data)}
                made = form.once(
                    session, Account, lambda: actions.create(session, actor=signed_in(), **answers)
                )
        except RuleBroken as refusal:
            form.refuse(refusal)
        else:
            flash(f"{made.name} can sign in now.")
            return redirect(url_for("accounts.show", key=made.key))
    return render_template("accounts/create.html", form=form)


@blueprint.get("/accounts/<key:key>")
@requires(Permission.ACCOUNT_MANAGE)
def show(key: str) -> ResponseReturnValue:
    return render_template("accounts/show.html", person=queries.by_key(db.session, key))


@blueprint.route("/accounts/<key:key>/roles", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_MANAGE)
def change_roles(key: str) -> ResponseReturnValue:
    person = queries.by_key(db.session, key)
    form = RolesForm(person)
    if form.validate_on_submit():
        try:
            with db.unit_of_work() as session:
                answers = form.answers | {"organisation": _organisation(session, form.organisation.data)}
                actions.change_roles(session, person, actor=signed_in(), **answers)
        except RuleBroken as refusal:
            form.refuse(refusal)
        else:
            flash(f"{person.name} has been signed out, and has the new roles from now on.")
            return redirect(url_for("accounts.show", key=key))
    if not form.is_submitted():
        form.organisation.data = person.organisation.code if person.organisation else ""
    return render_template("accounts/change_roles.html", form=form, person=person)


@blueprint.post("/accounts/<key:key>/suspend")
@requires(Permission.ACCOUNT_MANAGE)
def suspend(key: str) -> ResponseReturnValue:
    with db.unit_of_work() as session:
        actions.suspend(session, queries.by_key(session, key), actor=signed_in())
    flash("They have been signed out, and cannot sign in any more.")
    return redirect(url_for("accounts.show", key=key))


@blueprint.post("/accounts/<key:key>/restore")
@requires(Permission.ACCOUNT_MANAGE)
def restore(key: str) -> ResponseReturnValue:
    with db.unit_of_work() as session:
        actions.restore(session, queries.by_key(session, key), actor=signed_in())
    flash("They can sign in again.")
    return redirect(url_for("accounts.show", key=key))


def _organisation(session: Session, code: str) -> Organisation | None:
    try:
        return organisations.by_code(session, code) if code else None
    except NotFound as error:
        raise RuleBroken(str(error), field="organisation") from error


def _leave(words: str) -> ResponseReturnValue:
    identity.forget()
    flash(words)
    answer = redirect(url_for("accounts.sign_in"))
    answer.headers["Clear-Site-Data"] = FORGET_EVERYTHING
    return answer
