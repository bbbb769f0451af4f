from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.cases.forms import ReasonsForm
from app.complaints.models import Complaint, Party
from app.consents import actions, bases, disagreements, queries, scopes
from app.consents.forms import (
    BOTH,
    AcceptForm,
    BasisForm,
    ConsentForm,
    DecideForm,
    DisagreementForm,
    ShownForm,
    WithdrawForm,
)
from app.consents.models import Basis, Consent, Disagreement
from app.consents.rights import actors_in
from app.consents.scopes import Act
from app.core import clock
from app.core.errors import NotFound, RuleBroken
from app.database import db
from app.evidence.models import Document
from app.policy import Permission
from app.web.access import requires, with_complaint
from app.web.asked import number_asked
from app.web.identity import signed_in
from app.web.templating import page_beside

blueprint = Blueprint("consents", __name__)


@blueprint.get("/consents/")
@requires(Permission.COMPLAINT_LIST)
def search() -> ResponseReturnValue:
    """Those that end soon or have ended while the complaint is open."""
    after = number_asked("after")
    return render_template(
        "consents/search.html",
        consents=queries.ending(db.session, signed_in(), clock.today(), after),
        size=queries.PAGE,
        is_start=not after,
        day=clock.today(),
    )


@blueprint.get("/complaints/<reference:reference>/consents")
@with_complaint(Permission.COMPLAINT_VIEW)
def show(complaint: Complaint) -> ResponseReturnValue:
    consents = queries.of_complaint(db.session, complaint)
    return page_beside(
        "consents/show.html",
        complaint,
        consents=consents,
        actors=actors_in(complaint, clock.today()),
        acts=[(act, scopes.missing(complaint, act, clock.today())) for act in Act],
        positions={party.id: number for number, party in enumerate(complaint.parties, 1)},
    )


@blueprint.route("/complaints/<reference:reference>/consents/new", methods=["GET", "POST"])
@with_complaint(Permission.CONSENT_RECORD)
def give(complaint: Complaint) -> ResponseReturnValue:
    people = {party.person.key: party.person for party in complaint.parties}
    documents = queries.documents_of(db.session, signed_in(), complaint)
    form = ConsentForm(people, documents)

    def given(session: Any) -> Consent:
        answers = form.answers | {
            "giver": _chosen(people, form.giver.data, "giver"),
            "to": people.get(form.to.data or ""),
            "document": _document(documents, form.document.data),
        }
        return actions.give(session, complaint, actor=signed_in(), **answers)

    if form.made(Consent, given):
        return _back(complaint, "The consent is recorded.")
    return page_beside("consents/give.html", complaint, form=form)


@blueprint.route("/complaints/<reference:reference>/consents/<number:number>", methods=["GET", "POST"])
@with_complaint(Permission.CONSENT_RECORD)
def change(complaint: Complaint, number: int) -> ResponseReturnValue:
    consent = queries.numbered(db.session, complaint, number)
    documents = queries.documents_of(db.session, signed_in(), complaint)
    form = ShownForm(consent, documents)

    def changed(session: Any) -> None:
        answers = form.answers | {"document": _document(documents, form.document.data)}
        actions.change(session, consent, actor=signed_in(), **answers)

    if form.carried_out(changed):
        return _back(complaint, "The change is saved. What it said before stays in the record.")
    return page_beside("consents/change.html", complaint, form=form, consent=consent)


@blueprint.route(
    "/complaints/<reference:reference>/consents/<number:number>/withdrawal", methods=["GET", "POST"]
)
@with_complaint(Permission.CONSENT_RECORD)
def withdraw(complaint: Complaint, number: int) -> ResponseReturnValue:
    consent = queries.numbered(db.session, complaint, number)
    form = WithdrawForm()
    if form.carried_out(
        lambda session: actions.withdraw(session, consent, actor=signed_in(), **form.answers)
    ):
        return _back(complaint, "The consent is withdrawn. It stays in the list, with what was said.")
    return page_beside("consents/withdraw.html", complaint, form=form, consent=consent)


@blueprint.route("/complaints/<reference:reference>/people/<number:party>/basis", methods=["GET", "POST"])
@with_complaint(Permission.CONSENT_RECORD)
def say_basis(complaint: Complaint, party: int) -> ResponseReturnValue:
    acting = _party(complaint, party)
    documents = queries.documents_of(db.session, signed_in(), complaint)
    form = BasisForm(documents)

    def said(session: Any) -> Basis:
        answers = form.answers | {"document": _document(documents, form.document.data)}
        return bases.say(session, acting, actor=signed_in(), **answers)

    if form.made(Basis, said):
        return _back(
            complaint, "It is recorded by what right they act. Somebody has to accept what shows it."
        )
    return page_beside("consents/say_basis.html", complaint, form=form, party=acting)


@blueprint.route(
    "/complaints/<reference:reference>/people/<number:party>/basis/acceptance", methods=["GET", "POST"]
)
@with_complaint(Permission.BASIS_ACCEPT)
def accept_basis(complaint: Complaint, party: int) -> ResponseReturnValue:
    basis = _party(complaint, party).standing_basis
    if basis is None:
        raise NotFound("Nobody has said by what right they act. Record that first.")
    form = AcceptForm()
    if form.carried_out(lambda session: bases.accept(session, basis, actor=signed_in(), **form.answers)):
        return _back(complaint, "The basis is accepted.")
    return page_beside("consents/accept_basis.html", complaint, form=form, basis=basis)


@blueprint.route("/complaints/<reference:reference>/disagreements/new", methods=["GET", "POST"])
@with_complaint(Permission.DISAGREEMENT_RECORD)
def record_disagreement(complaint: Complaint) -> ResponseReturnValue:
    people = {party.person.key: party.person for party in complaint.parties}
    form = DisagreementForm(people)

    def recorded(session: Any) -> Disagreement:
        answers = form.answers | {name: _chosen(people, form[name].data, name) for name in ("one", "other")}
        return disagreements.record_disagreement(session, complaint, actor=signed_in(), **answers)

    if form.made(Disagreement, recorded):
        return _back(
            complaint, "It is recorded, and shown on every page. A manager decides with whom we deal."
        )
    return page_beside("consents/record_disagreement.html", complaint, form=form)


@blueprint.route("/complaints/<reference:reference>/disagreements/<number:number>", methods=["GET", "POST"])
@with_complaint(Permission.DISAGREEMENT_DECIDE)
def decide_disagreement(complaint: Complaint, number: int) -> ResponseReturnValue:
    disagreement = _disagreement(complaint, number)
    form = DecideForm(disagreement)
    offered = {one.key: one for one in (disagreement.one, disagreement.other)} | {BOTH: None}

    def decided(session: Any) -> None:
        dealt_with = _chosen(offered, form.dealt_with.data, "dealt_with")
        answers = form.answers | {"dealt_with": dealt_with}
        disagreements.decide(session, disagreement, actor=signed_in(), **answers)

    if form.carried_out(decided):
        return _back(complaint, "It is decided. What is printed follows it from now on.")
    return page_beside("consents/decide_disagreement.html", complaint, form=form, disagreement=disagreement)


@blueprint.route(
    "/complaints/<reference:reference>/disagreements/<number:number>/end", methods=["GET", "POST"]
)
@with_complaint(Permission.DISAGREEMENT_DECIDE)
def end_disagreement(complaint: Complaint, number: int) -> ResponseReturnValue:
    disagreement = _disagreement(complaint, number)
    form = ReasonsForm()
    if form.carried_out(
        lambda session: disagreements.end(session, disagreement, actor=signed_in(), **form.answers)
    ):
        return _back(complaint, "The disagreement is over. What was decided stays in the list.")
    return page_beside("consents/end_disagreement.html", complaint, form=form, disagreement=disagreement)


def _back(complaint: Complaint, told: str) -> ResponseReturnValue:
    flash(told)
    return redirect(url_for("consents.show", reference=complaint.reference))


def _party(complaint: Complaint, number: int) -> Party:
    """The first, second … party to the complaint. Raises `NotFound`."""
    if number > len(complaint.parties):
        raise NotFound("There is nobody of that number in this complaint.")
    return complaint.parties[number - 1]


def _chosen(offered: dict[str, Any], key: str | None, field: str) -> Any:
    if key not in offered:
        raise RuleBroken("Select one of the list.", field=field)
    return offered[key]


def _document(offered: dict[str, Document], key: str | None) -> Document | None:
    return _chosen(offered, key, "document") if key else None


def _disagreement(complaint: Complaint, number: int) -> Disagreement:
    """The disagreement of that number in the complaint. Raises `NotFound`."""
    if number > len(complaint.disagreements):
        raise NotFound("There is no disagreement of that number here.")
    return complaint.disagreements[number - 1]
