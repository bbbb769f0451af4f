from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.contacts import actions, queries
from app.contacts.forms import ContactForm, NewContactForm
from app.contacts.models import Contact
from app.database import db
from app.organisations import queries as organisations
from app.policy import Permission
from app.web.access import requires
from app.web.identity import signed_in

blueprint = Blueprint("contacts", __name__)


@blueprint.route("/organisations/<code:code>/contacts/new", methods=["GET", "POST"])
@requires(Permission.CONTACT_MANAGE)
def add(code: str) -> ResponseReturnValue:
    organisation = organisations.by_code(db.session, code)
    form = NewContactForm()
    if form.made(
        Contact, lambda session: actions.add_contact(session, organisation, actor=signed_in(), **form.answers)
    ):
        flash(f"{form.name.data} is among the contacts now.")
        return redirect(url_for("organisations.show", code=organisation.code))
    return render_template("contacts/add.html", organisation=organisation, form=form)


@blueprint.route("/contacts/<key:key>", methods=["GET", "POST"])
@requires(Permission.CONTACT_MANAGE)
def change(key: str) -> ResponseReturnValue:
    contact = queries.contact_of(db.session, key)
    form = ContactForm(contact)
    if form.carried_out(
        lambda session: actions.change_contact(session, contact, actor=signed_in(), **form.answers)
    ):
        flash("The change is saved. What it was before stays in the record.")
        return redirect(url_for("organisations.show", code=contact.organisation.code))
    return render_template("contacts/change.html", contact=contact, form=form)
