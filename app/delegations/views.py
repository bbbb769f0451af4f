from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.accounts import queries as accounts
from app.accounts.models import Account
from app.core import clock
from app.core.errors import NotFound, RuleBroken
from app.database import db
from app.delegations import actions, queries
from app.delegations.forms import DelegationForm, WithdrawalForm
from app.delegations.models import Delegation
from app.duties.queries import staff
from app.policy import DELEGABLE, Permission
from app.web.access import freshly_signed_in, requires
from app.web.asked import number_asked
from app.web.identity import signed_in

blueprint = Blueprint("delegations", __name__, url_prefix="/delegations")


@blueprint.get("/")
@requires(Permission.DELEGATION_VIEW)
def search() -> ResponseReturnValue:
    after = number_asked("after")
    return render_template(
        "delegations/search.html",
        in_force=queries.in_force(db.session, clock.today()),
        past=queries.past(db.session, clock.today(), after),
        what=DELEGABLE,
        is_start=not after,
        size=queries.PAGE,
    )


@blueprint.route("/new", methods=["GET", "POST"])
@requires(Permission.DELEGATION_MAKE)
@freshly_signed_in()
def delegate() -> ResponseReturnValue:
    form = DelegationForm(signed_in(), staff(db.session))
    if form.made(
        Delegation,
        lambda session: actions.delegate(
            session, actor=signed_in(), **form.answers | {"to": _account(form.to.data)}
        ),
    ):
        flash("It is delegated. The record of what is done under it will say so.")
        return redirect(url_for("delegations.search"))
    return render_template("delegations/delegate.html", form=form)


@blueprint.route("/<key:key>/withdrawal", methods=["GET", "POST"])
@requires(Permission.DELEGATION_MAKE)
def withdraw(key: str) -> ResponseReturnValue:
    delegation = queries.delegation_of(db.session, key)
    form = WithdrawalForm()
    if form.carried_out(
        lambda session: actions.withdraw(session, delegation, actor=signed_in(), **form.answers)
    ):
        flash("It is withdrawn, from now on.")
        return redirect(url_for("delegations.search"))
    return render_template("delegations/withdraw.html", delegation=delegation, form=form, what=DELEGABLE)


def _account(key: str) -> Account:
    try:
        return accounts.by_key(db.session, key)
    except NotFound as error:
        raise RuleBroken("Select somebody from the list.", field="to") from error
