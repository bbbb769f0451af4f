from __future__ import annotations

from datetime import datetime, time

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.core import clock
from app.database import db
from app.demonstration import clock as moved
from app.demonstration.forms import ClockForm
from app.policy import Permission
from app.web.access import requires
from app.web.identity import signed_in

blueprint = Blueprint("demonstration", __name__, url_prefix="/demonstration")


@blueprint.before_app_request
def read_the_clock() -> None:
    """Another process may have moved it since the last request."""
    with db.sessionmaker() as session:
        moved.read(session)


@blueprint.route("/clock", methods=["GET", "POST"])
@requires(Permission.CLOCK_MOVE)
def move_clock() -> ResponseReturnValue:
    form = ClockForm()
    if form.carried_out(lambda session: moved.move(session, actor=signed_in(), to=_instant(form))):
        flash("The clock is moved. Every rule of the office reads it.")
        return redirect(url_for("demonstration.move_clock"))
    return render_template("demonstration/move_clock.html", form=form)


def _instant(form: ClockForm) -> datetime:
    there = clock.now().astimezone(clock.LONDON)
    hours, _, minutes = (form.to_time.data or f"{there:%H:%M}").replace(".", ":").partition(":")
    return clock.instant_of(form.to_day.data, time(int(hours), int(minutes)))
