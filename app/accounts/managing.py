"""The pages on which an administrator manages accounts: who there is, with which roles, and where from."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app.accounts import actions, links, queries, sessions
from app.accounts.forms import AccountForm, RolesForm
from app.accounts.models import Account
from app.accounts.views import blueprint
from app.contacts import queries as contacts
from app.core.errors import NotFound, RuleBroken
from app.database import db
from app.factors import queries as factors
from app.organisations import queries as organisations
from app.organisations.models import Organisation
from app.policy import Permission
from app.teams import queries as teams
from app.web.access import freshly_signed_in, requires
from app.web.asked import words_asked
from app.web.identity import signed_in


@blueprint.get("/accounts/")
@requires(Permission.ACCOUNT_MANAGE)
def search() -> ResponseReturnValue:
    after = words_asked("after")
    accounts = queries.everyone(db.session, after)
    return render_template("accounts/search.html", accounts=accounts, is_start=not after, size=queries.PAGE)


@blueprint.route("/accounts/new", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_MANAGE)
@freshly_signed_in()
def create() -> ResponseReturnValue:
    form = AccountForm()
    if made := form.made(
        Account,
        lambda session: actions.create(
            session,
            actor=signed_in(),
            **form.answers | {"organisation": _organisation(session, form.organisation.data)},
        ),
    ):
        flash(f"{made.name} has been sent a link to choose a password. It works for 24 hours.")
        return redirect(url_for("accounts.show", key=made.key))
    return render_template("accounts/create.html", form=form)


@blueprint.get("/accounts/<key:key>")
@requires(Permission.ACCOUNT_MANAGE)
def show(key: str) -> ResponseReturnValue:
    person = queries.by_key(db.session, key)
    return render_template(
        "accounts/show.html",
        person=person,
        alive=sessions.alive_of(db.session, person),
        has_factor=factors.has_one(db.session, person),
        contact=contacts.contact_of_account(db.session, person),
        memberships=teams.memberships_of(db.session, person),
    )


@blueprint.post("/accounts/<key:key>/invite")
@requires(Permission.ACCOUNT_MANAGE)
@freshly_signed_in()
def invite(key: str) -> ResponseReturnValue:
    with db.unit_of_work() as session:
        links.invite(session, queries.by_key(session, key), actor=signed_in())
    flash("A new link is on its way. The one from before does not work any more.")
    return redirect(url_for("accounts.show", key=key))


@blueprint.post("/accounts/<key:key>/sign-ins/end")
@requires(Permission.ACCOUNT_MANAGE)
def end_sign_ins_of(key: str) -> ResponseReturnValue:
    with db.unit_of_work() as session:
        actions.end_sign_ins(session, queries.by_key(session, key), actor=signed_in())
    flash("They have been signed out everywhere.")
    return redirect(url_for("accounts.show", key=key))


@blueprint.route("/accounts/<key:key>/roles", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_MANAGE)
@freshly_signed_in()
def change_roles(key: str) -> ResponseReturnValue:
    person = queries.by_key(db.session, key)
    form = RolesForm(person)
    if form.carried_out(
        lambda session: actions.change_roles(
            session,
            person,
            actor=signed_in(),
            **form.answers | {"organisation": _organisation(session, form.organisation.data)},
        )
    ):
        flash(f"{person.name} has been signed out, and has the new roles from now on.")
        return redirect(url_for("accounts.show", key=key))
    if not form.is_submitted():
        form.organisation.data = person.organisation.code if person.organisation else ""
    return render_template("accounts/change_roles.html", form=form, person=person)


@blueprint.post("/accounts/<key:key>/suspend")
@requires(Permission.ACCOUNT_MANAGE)
@freshly_signed_in()
def suspend(key: str) -> ResponseReturnValue:
    with db.unit_of_work() as session:
        actions.suspend(session, queries.by_key(session, key), actor=signed_in())
    flash("They have been signed out, and cannot sign in any more.")
    return redirect(url_for("accounts.show", key=key))


@blueprint.post("/accounts/<key:key>/restore")
@requires(Permission.ACCOUNT_MANAGE)
@freshly_signed_in()
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
