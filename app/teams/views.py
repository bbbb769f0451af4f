from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.accounts import queries as accounts
from app.accounts.models import Account
from app.core.errors import NotFound, RuleBroken
from app.database import db
from app.duties.queries import staff
from app.policy import Permission
from app.teams import actions, queries
from app.teams.forms import JoinForm, NewTeamForm, TeamForm
from app.teams.models import Membership, Team
from app.web.access import requires
from app.web.identity import signed_in

blueprint = Blueprint("teams", __name__, url_prefix="/teams")


@blueprint.get("/")
@requires(Permission.TEAM_MANAGE)
def search() -> ResponseReturnValue:
    return render_template("teams/search.html", teams=queries.teams(db.session))


@blueprint.route("/new", methods=["GET", "POST"])
@requires(Permission.TEAM_MANAGE)
def make() -> ResponseReturnValue:
    form = NewTeamForm()
    if made := form.made(Team, lambda session: actions.make(session, actor=signed_in(), **form.answers)):
        flash("The team is made. Put people into it.")
        return redirect(url_for("teams.show", key=made.key))
    return render_template("teams/make.html", form=form)


@blueprint.get("/<key:key>")
@requires(Permission.TEAM_MANAGE)
def show(key: str) -> ResponseReturnValue:
    return render_template("teams/show.html", team=queries.team_of(db.session, key))


@blueprint.route("/<key:key>/change", methods=["GET", "POST"])
@requires(Permission.TEAM_MANAGE)
def change(key: str) -> ResponseReturnValue:
    team = queries.team_of(db.session, key)
    form = TeamForm(team)
    if form.carried_out(
        lambda session: actions.change_team(
            session,
            team,
            actor=signed_in(),
            **form.answers | {"leader": _account(form.leader.data, "leader")},
        )
    ):
        flash("The change is saved.")
        return redirect(url_for("teams.show", key=key))
    return render_template("teams/change.html", team=team, form=form)


@blueprint.route("/<key:key>/people/new", methods=["GET", "POST"])
@requires(Permission.TEAM_MANAGE)
def join(key: str) -> ResponseReturnValue:
    team = queries.team_of(db.session, key)
    form = JoinForm(staff(db.session))
    if form.made(
        Membership,
        lambda session: actions.join(
            session,
            team,
            actor=signed_in(),
            **form.answers | {"account": _account(form.account.data, "account")},
        ),
    ):
        flash("They are in the team now.")
        return redirect(url_for("teams.show", key=key))
    return render_template("teams/join.html", team=team, form=form)


@blueprint.post("/<key:key>/people/<key:person>/leave")
@requires(Permission.TEAM_MANAGE)
def leave(key: str, person: str) -> ResponseReturnValue:
    with db.unit_of_work() as session:
        team, account = queries.team_of(session, key), accounts.by_key(session, person)
        actions.leave(session, team, actor=signed_in(), account=account)
    flash(f"{account.name} is no longer in the team.")
    return redirect(url_for("teams.show", key=key))


@blueprint.post("/<key:key>/end")
@requires(Permission.TEAM_MANAGE)
def end(key: str) -> ResponseReturnValue:
    with db.unit_of_work() as session:
        actions.end(session, queries.team_of(session, key), actor=signed_in())
    flash("The team is no more. Who was in it stays in the record.")
    return redirect(url_for("teams.search"))


def _account(key: str | None, field: str) -> Account | None:
    try:
        return accounts.by_key(db.session, key) if key else None
    except NotFound as error:
        raise RuleBroken("Select somebody from the list.", field=field) from error
