from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.complaints.models import Complaint
from app.database import db
from app.enquiries import queries as enquiries
from app.policy import Permission
from app.reference.lists import urgent
from app.risk import actions, queries
from app.risk.forms import AcknowledgeForm
from app.web.access import requires, with_complaint
from app.web.asked import number_asked, words_asked
from app.web.identity import signed_in

blueprint = Blueprint("risk", __name__)


@blueprint.post("/complaints/<reference:reference>/urgent")
@with_complaint(Permission.ALERT_RAISE)
def raise_for_complaint(complaint: Complaint) -> ResponseReturnValue:
    with db.unit_of_work() as session:
        alert = actions.raise_alert(session, complaint, actor=signed_in())
    return redirect(url_for("risk.show", key=alert.key))


@blueprint.post("/enquiries/<reference:reference>/urgent")
@requires(Permission.ALERT_RAISE)
def raise_for_enquiry(reference: str) -> ResponseReturnValue:
    enquiry = enquiries.by_reference(db.session, signed_in(), reference)
    with db.unit_of_work() as session:
        alert = actions.raise_alert(session, enquiry, actor=signed_in())
    return redirect(url_for("risk.show", key=alert.key))


@blueprint.get("/urgent/")
@requires(Permission.ALERT_ACKNOWLEDGE)
def search() -> ResponseReturnValue:
    is_acknowledged, after = words_asked("show") == "known", number_asked("after")
    return render_template(
        "risk/search.html",
        alerts=queries.page(db.session, signed_in(), is_acknowledged=is_acknowledged, after=after),
        is_acknowledged=is_acknowledged,
        size=queries.PAGE,
        is_start=not after,
    )


@blueprint.get("/urgent/<key:key>")
@requires(Permission.ALERT_RAISE)
def show(key: str) -> ResponseReturnValue:
    alert = queries.by_key(db.session, signed_in(), key)
    return render_template("risk/show.html", alert=alert, script=urgent())


@blueprint.route("/urgent/<key:key>/acknowledgement", methods=["GET", "POST"])
@requires(Permission.ALERT_ACKNOWLEDGE)
def acknowledge(key: str) -> ResponseReturnValue:
    alert = queries.by_key(db.session, signed_in(), key)
    form = AcknowledgeForm(alert)
    if form.carried_out(
        lambda session: actions.acknowledge(session, alert, actor=signed_in(), **form.answers)
    ):
        flash("It is recorded that you know of it, and what is done.")
        return redirect(url_for("risk.search"))
    return render_template("risk/acknowledge.html", alert=alert, form=form)
