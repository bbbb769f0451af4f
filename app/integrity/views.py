from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.database import db
from app.integrity import actions, queries
from app.integrity.forms import SettleForm
from app.policy import Permission
from app.web.access import requires
from app.web.identity import signed_in

blueprint = Blueprint("integrity", __name__, url_prefix="/integrity")


@blueprint.route("/", methods=["GET", "POST"])
@requires(Permission.INTEGRITY_SETTLE)
def search() -> ResponseReturnValue:
    """What was found wrong in the store, and a form to say what was done about one of it."""
    found = {check.key: check for check in queries.found(db.session)}
    form = SettleForm({key: queries.called(check) for key, check in found.items()})
    if form.carried_out(
        lambda session: actions.settle(
            session,
            found.get(form.file.data or ""),
            actor=signed_in(),
            settlement=form.settlement.data,
        )
    ):
        flash("What was done is kept. The file is looked at again within thirty days.")
        return redirect(url_for("integrity.search"))
    return render_template("integrity/search.html", form=form, **queries.told(db.session, signed_in(), found))
