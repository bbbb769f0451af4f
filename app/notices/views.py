from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.database import db
from app.notices import actions, queries
from app.notices.forms import ChoiceForm
from app.web.access import for_oneself
from app.web.identity import signed_in

blueprint = Blueprint("notices", __name__)


@blueprint.route("/account/notices", methods=["GET", "POST"])
@for_oneself("everybody chooses how often they are told")
def choose() -> ResponseReturnValue:
    form = ChoiceForm(data={"choice": queries.choice_of(db.session, signed_in())})
    if form.validate_on_submit():
        with db.unit_of_work() as session:
            actions.choose(session, actor=signed_in(), **form.answers)
        flash("It is kept how often you want to be told.")
        return redirect(url_for("accounts.oneself"))
    return render_template("notices/choose.html", form=form)
