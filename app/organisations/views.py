from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.caseload import queries as caseload
from app.caseload.questions import ask
from app.contacts import queries as contacts
from app.core import clock
from app.core.errors import NotFound
from app.database import db
from app.lineage import queries as lineage
from app.organisations import actions, queries
from app.organisations.forms import ArrangementForm, ByHandForm, NewArrangementForm, OrganisationForm
from app.organisations.models import Arrangement, Organisation
from app.policy import Permission
from app.web.access import requires
from app.web.asked import words_asked
from app.web.identity import signed_in

blueprint = Blueprint("organisations", __name__, url_prefix="/organisations")

#: How many complaints the page of an organisation shows.
SHORT = 10


@blueprint.get("/")
@requires(Permission.ORGANISATION_VIEW)
def search() -> ResponseReturnValue:
    words = words_asked("words")
    return render_template(
        "organisations/search.html",
        words=words,
        found=queries.search(db.session, words),
        most=queries.MOST_FOUND,
        total=queries.count(db.session),
    )


@blueprint.route("/new", methods=["GET", "POST"])
@requires(Permission.ORGANISATION_ADD)
def add() -> ResponseReturnValue:
    form = OrganisationForm()
    if form.validate_on_submit():
        with db.unit_of_work() as session:
            made = form.once(
                session,
                Organisation,
                lambda: actions.add_by_hand(session, actor=signed_in(), **form.answers),
            )
        flash(f"{made.name} is in the list now.")
        return redirect(url_for("organisations.show", code=made.code))
    return render_template("organisations/add.html", form=form)


@blueprint.get("/<code:code>")
@requires(Permission.ORGANISATION_VIEW)
def show(code: str) -> ResponseReturnValue:
    organisation = queries.by_code(db.session, code)
    if organisation.code != code.upper():  # a duplicate, kept under another code since
        return redirect(url_for("organisations.show", code=organisation.code))
    about = ask({"organisation": [organisation.code]})
    asker = caseload.Asker(signed_in(), clock.today())
    return render_template(
        "organisations/show.html",
        organisation=organisation,
        contacts=contacts.known_at(db.session, organisation, clock.today()),
        history=lineage.history_of(db.session, organisation),
        merges=lineage.merges_into(db.session, organisation),
        about=about,
        answer=caseload.page(db.session, asker, about, size=SHORT),
        counted=caseload.COUNTED,
    )


@blueprint.route("/<code:code>/change", methods=["GET", "POST"])
@requires(Permission.ORGANISATION_ADD)
def change(code: str) -> ResponseReturnValue:
    organisation = queries.by_code(db.session, code)
    form = ByHandForm(organisation)
    if form.carried_out(
        lambda session: actions.change_by_hand(session, organisation, actor=signed_in(), **form.answers)
    ):
        flash("The change is saved. Checks that rested on it are asked for again.")
        return redirect(url_for("organisations.show", code=code))
    return render_template("organisations/change.html", organisation=organisation, form=form)


@blueprint.route("/<code:code>/arrangements/new", methods=["GET", "POST"])
@requires(Permission.ORGANISATION_ADD)
def record_arrangement(code: str) -> ResponseReturnValue:
    organisation = queries.by_code(db.session, code)
    form = NewArrangementForm()
    if form.made(
        Arrangement,
        lambda session: actions.record_arrangement(session, organisation, actor=signed_in(), **form.answers),
    ):
        flash("The arrangement is recorded.")
        return redirect(url_for("organisations.show", code=code))
    return render_template("organisations/record_arrangement.html", organisation=organisation, form=form)


@blueprint.route("/<code:code>/arrangements/<number:number>", methods=["GET", "POST"])
@requires(Permission.ORGANISATION_ADD)
def change_arrangement(code: str, number: int) -> ResponseReturnValue:
    organisation = queries.by_code(db.session, code)
    if number > len(organisation.arrangements):
        raise NotFound("There is no arrangement of that number.")
    arrangement = organisation.arrangements[number - 1]
    form = ArrangementForm(arrangement)
    if form.carried_out(
        lambda session: actions.change_arrangement(session, arrangement, actor=signed_in(), **form.answers)
    ):
        flash("The change is saved. Checks that rested on it are asked for again.")
        return redirect(url_for("organisations.show", code=code))
    return render_template("organisations/change_arrangement.html", organisation=organisation, form=form)
