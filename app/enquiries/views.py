from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.database import db
from app.doubles import actions as doubles
from app.enquiries import actions, queries, workflow
from app.enquiries.forms import CloseForm, ConfirmationForm, OfferForm, TakeForm, WriteForm
from app.enquiries.models import Enquiry
from app.people import queries as people
from app.policy import Permission
from app.web.access import requires
from app.web.asked import number_asked, words_asked
from app.web.forms import EditingForm
from app.web.identity import signed_in

blueprint = Blueprint("enquiries", __name__, url_prefix="/enquiries")


@blueprint.get("/")
@requires(Permission.ENQUIRY_VIEW)
def search() -> ResponseReturnValue:
    asked, after = words_asked("show"), number_asked("after")
    shown = asked if asked in queries.SHOWN else "open"
    return render_template(
        "enquiries/search.html",
        enquiries=queries.page(db.session, signed_in(), shown, after),
        shown=shown,
        choices=queries.SHOWN,
        size=queries.PAGE,
        is_start=not after,
    )


@blueprint.route("/new", methods=["GET", "POST"])
@requires(Permission.ENQUIRY_TAKE)
def take() -> ResponseReturnValue:
    """Somebody new, or, with their key in the address, somebody known already."""
    key = words_asked("person")
    known = people.by_key(db.session, signed_in(), key) if key else None
    form = TakeForm()
    if made := form.made(
        Enquiry, lambda session: doubles.take(session, actor=signed_in(), person=known, **form.answers)
    ):
        flash(f"The enquiry is written down. Its reference is {made.reference}.")
        return redirect(url_for("enquiries.show", reference=made.reference))
    return render_template("enquiries/take.html", form=form, known=known)


@blueprint.get("/<reference:reference>")
@requires(Permission.ENQUIRY_VIEW)
def show(reference: str) -> ResponseReturnValue:
    enquiry = queries.by_reference(db.session, signed_in(), reference)
    return render_template(
        "enquiries/show.html",
        enquiry=enquiry,
        steps=workflow.open_to(signed_in(), enquiry),
        became=queries.became(db.session, signed_in(), enquiry),
    )


@blueprint.route("/<reference:reference>/offer", methods=["GET", "POST"])
@requires(Permission.ENQUIRY_TAKE)
def offer(reference: str) -> ResponseReturnValue:
    return _moved(reference, OfferForm, actions.offer_to_write, "enquiries/offer.html", "It waits for them.")


@blueprint.route("/<reference:reference>/writing", methods=["GET", "POST"])
@requires(Permission.ENQUIRY_TAKE)
def write(reference: str) -> ResponseReturnValue:
    return _moved(
        reference, WriteForm, actions.write_down, "enquiries/write.html", "It waits to be confirmed."
    )


@blueprint.route("/<reference:reference>/confirmation", methods=["GET", "POST"])
@requires(Permission.ENQUIRY_TAKE)
def confirm(reference: str) -> ResponseReturnValue:
    told = "It is in writing now. Log the complaint."
    return _moved(reference, ConfirmationForm, actions.confirm, "enquiries/confirm.html", told)


@blueprint.route("/<reference:reference>/close", methods=["GET", "POST"])
@requires(Permission.ENQUIRY_TAKE)
def close(reference: str) -> ResponseReturnValue:
    return _moved(reference, CloseForm, actions.close, "enquiries/close.html", "The enquiry is closed.")


def _moved(
    reference: str,
    form_of: Callable[[Enquiry], EditingForm],
    action: Callable[..., None],
    template: str,
    told: str,
) -> ResponseReturnValue:
    """One step of an enquiry: its form, its action, and back to its page."""
    enquiry = queries.by_reference(db.session, signed_in(), reference)
    form = form_of(enquiry)
    if form.carried_out(lambda session: action(session, enquiry, actor=signed_in(), **form.answers)):
        flash(told)
        return redirect(url_for("enquiries.show", reference=enquiry.reference))
    answer: dict[str, Any] = {"enquiry": enquiry, "form": form}
    return render_template(template, **answer)
