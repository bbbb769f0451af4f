from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app.allegations.queries import numbered
from app.cases.forms import ReasonsForm
from app.cases.models import Case
from app.consents import scopes
from app.consents.scopes import Act
from app.core import clock
from app.core.errors import RuleBroken
from app.core.files import Kept
from app.database import db
from app.evidence import actions, linking, provenance, queries
from app.evidence.forms import DiscloseForm, DocumentForm, FollowForm, LinkForm, ShowForm, WithdrawForm
from app.evidence.models import Document, EvidenceLink, Weight
from app.examining.queries import has_leaves, pages_counted, quarantine_of, require_not_infected
from app.imaging import queries as imaging
from app.messages import queries as messages
from app.organisations.models import Organisation
from app.policy import Permission
from app.requests import answers
from app.requests import queries as requests
from app.requests.in_force import noted_of
from app.requests.models import RequestItem
from app.web import uploads
from app.web.access import freshly_signed_in, with_case, with_document
from app.web.asked import number_asked, words_asked
from app.web.identity import signed_in

blueprint = Blueprint("evidence", __name__, url_prefix="/cases/<reference:reference>/evidence")


@blueprint.get("/")
@with_case(Permission.CASE_VIEW)
def search(case: Case) -> ResponseReturnValue:
    documents = queries.of_case(db.session, case)
    return render_template("evidence/search.html", case=case, documents=documents, most=queries.MOST_SHOWN)


@blueprint.route("/new", methods=["GET", "POST"])
@with_case(Permission.DOCUMENT_ADD)
def receive(case: Case) -> ResponseReturnValue:
    items = requests.answerable(db.session, case)
    form = DocumentForm(_parties(case), items)
    if form.validate_on_submit():
        try:
            kept = uploads.keep(form.file.data, field="file")
            with db.unit_of_work() as session:
                document = form.once(session, Document, lambda: _received(session, case, form, kept, items))
        except RuleBroken as refusal:
            form.refuse(refusal)
        else:
            flash("The document is received. Now say which allegation it bears upon.")
            return redirect(url_for("evidence.show", reference=case.reference, key=document.key))
    return render_template("evidence/receive.html", case=case, form=form)


@blueprint.get("/<key:key>")
@with_case(Permission.DOCUMENT_READ)
def show(case: Case, key: str) -> ResponseReturnValue:
    document = queries.in_case(db.session, case, key)
    same = queries.same_content(db.session, document)
    quarantine = quarantine_of(db.session, document)
    return render_template(
        "evidence/show.html",
        quarantine=quarantine,
        can_be_redacted=has_leaves(quarantine),
        image=imaging.of_document(db.session, document),
        messages=messages.of_document(db.session, document),
        case=case,
        document=document,
        same=same,
        answered=requests.answered_by(db.session, document),
        noted_of=noted_of,
        counted=pages_counted(db.session, document),
    )


@blueprint.get("/<key:key>/file")
@with_document(Permission.DOCUMENT_READ)
def download(document: Document) -> ResponseReturnValue:
    require_not_infected(db.session, document)
    return uploads.download(document)


@blueprint.route("/<key:key>/links/new", methods=["GET", "POST"])
@with_case(Permission.DOCUMENT_ADD)
def link(case: Case, key: str) -> ResponseReturnValue:
    document = queries.in_case(db.session, case, key)
    form = LinkForm(case.allegations)
    if form.made(
        EvidenceLink,
        lambda session: linking.link(
            session, document, numbered(case.complaint, form.number), actor=signed_in(), **form.answers
        ),
    ):
        flash("The document is linked. A finding can rest on it now.")
        return redirect(url_for("evidence.show", reference=case.reference, key=key))
    return render_template("evidence/link.html", case=case, document=document, form=form)


@blueprint.route("/links/<number:number>/take-back", methods=["GET", "POST"])
@with_case(Permission.DOCUMENT_ADD)
def take_back(case: Case, number: int) -> ResponseReturnValue:
    linked, form = queries.link_in(db.session, case, number), ReasonsForm()
    if form.carried_out(
        lambda session: linking.take_back(session, linked, actor=signed_in(), **form.answers)
    ):
        flash("The link is taken back. It can still be read, with your reasons.")
        return redirect(
            url_for("allegations.show", reference=case.reference, number=linked.allegation.number)
        )
    return render_template("evidence/take_back.html", case=case, link=linked, form=form)


@blueprint.get("/table")
@with_case(Permission.DOCUMENT_READ)
def table(case: Case) -> ResponseReturnValue:
    """Evidence against allegations; or, where it is asked for, what is linked to none."""
    passed, is_unlinked = number_asked("after"), words_asked("show") == "unlinked"
    rows = (queries.unlinked if is_unlinked else queries.linked)(db.session, case, passed=passed)
    return render_template(
        "evidence/table.html",
        case=case,
        allegations=queries.columns(db.session, case),
        rows=rows[: queries.PAGE],
        next=passed + queries.PAGE if len(rows) > queries.PAGE else None,
        is_start=not passed,
        is_unlinked=is_unlinked,
        counts=queries.linked_counts(db.session, case),
        weights=list(Weight),
    )


@blueprint.route("/<key:key>/disclosures/new", methods=["GET", "POST"])
@with_case(Permission.DOCUMENT_DISCLOSE)
@freshly_signed_in()
def disclose(case: Case, key: str) -> ResponseReturnValue:
    document = queries.in_case(db.session, case, key)
    form = DiscloseForm(_parties(case))
    if form.validate_on_submit():
        try:
            with db.unit_of_work() as session:
                to = _party(case, form.organisation.data)
                if to is None:
                    raise RuleBroken(
                        "Select an organisation that is party to this case.", field="organisation"
                    )
                imaging.require_settled(session, document)
                messages.require_settled(session, document)
                actions.disclose(
                    session,
                    document,
                    actor=signed_in(),
                    organisation=to,
                    original_is_meant=form.original_is_meant.data,
                )
        except RuleBroken as refusal:
            form.refuse(refusal)
        else:
            flash(f"{to.name} can see this document now.")
            return redirect(url_for("evidence.show", reference=case.reference, key=key))
    wanting = scopes.missing(case.complaint, Act.GIVE_TO_ORGANISATION, clock.today())
    return render_template(
        "evidence/disclose.html",
        case=case,
        document=document,
        form=form,
        wanting=wanting,
        identifying=imaging.identifying(db.session, document),
    )


@blueprint.post("/<key:key>/disclosures/<code:code>/withdraw")
@with_case(Permission.DOCUMENT_DISCLOSE)
def withdraw_disclosure(case: Case, key: str, code: str) -> ResponseReturnValue:
    with db.unit_of_work() as session:
        document = queries.in_case(session, case, key)
        disclosed = (d.organisation for d in document.disclosures if d.organisation.code == code)
        organisation = next(disclosed, None)
        if organisation is None:
            raise RuleBroken("This document was never disclosed to that organisation.")
        actions.withdraw_disclosure(session, document, actor=signed_in(), organisation=organisation)
    flash(f"{organisation.name} can no longer see this document.")
    return redirect(url_for("evidence.show", reference=case.reference, key=key))


@blueprint.route("/<key:key>/withdraw", methods=["GET", "POST"])
@with_case(Permission.DOCUMENT_DISCLOSE)
def withdraw(case: Case, key: str) -> ResponseReturnValue:
    document, form = queries.in_case(db.session, case, key), WithdrawForm()
    if form.carried_out(
        lambda session: provenance.withdraw(session, document, actor=signed_in(), **form.answers)
    ):
        flash("The document is withdrawn. It stays here, with the reason.")
        return _to(document)
    return render_template("evidence/withdraw.html", case=case, document=document, form=form)


@blueprint.route("/<key:key>/follows", methods=["GET", "POST"])
@with_case(Permission.DOCUMENT_ADD)
def follow(case: Case, key: str) -> ResponseReturnValue:
    document = queries.in_case(db.session, case, key)
    earlier = {other.key: other for other in queries.of_case(db.session, case) if other is not document}
    form = FollowForm({key: f"{other.title} ({other.place})" for key, other in earlier.items()})
    if form.carried_out(
        lambda session: provenance.follow(
            session,
            document,
            actor=signed_in(),
            earlier=earlier.get(form.earlier.data or ""),
            following=form.following.data,
        )
    ):
        flash("Both stay, and each leads to the other.")
        return _to(document)
    return render_template("evidence/follow.html", case=case, document=document, form=form)


@blueprint.route("/<key:key>/complainant", methods=["GET", "POST"])
@with_case(Permission.DOCUMENT_DISCLOSE)
@freshly_signed_in()
def show_to_complainant(case: Case, key: str) -> ResponseReturnValue:
    document, form = queries.in_case(db.session, case, key), ShowForm()
    if form.carried_out(lambda session: _show_to_complainant(session, document, form)):
        flash("The complainant may see this document now.")
        return _to(document)
    return render_template(
        "evidence/show_to_complainant.html",
        case=case,
        document=document,
        form=form,
        identifying=imaging.identifying(db.session, document),
    )


@blueprint.post("/<key:key>/complainant/withdraw")
@with_case(Permission.DOCUMENT_DISCLOSE)
def withdraw_from_complainant(case: Case, key: str) -> ResponseReturnValue:
    with db.unit_of_work() as session:
        document = queries.in_case(session, case, key)
        provenance.withdraw_from_complainant(session, document, actor=signed_in())
    flash("The complainant may no longer see this document.")
    return _to(document)


def _received(
    session: Session, case: Case, form: DocumentForm, kept: Kept, items: Mapping[str, RequestItem]
) -> Document:
    """The document as it came, and what of our requests it is in answer to."""
    document = actions.receive(
        session,
        case,
        actor=signed_in(),
        kept=kept,
        filename=uploads.name_of(form.file.data),
        media_type=uploads.type_of(form.file.data),
        organisation=_party(case, form.organisation.data),
        **form.answers,
    )
    if (chosen := form.chosen(items))["items"]:
        answers.answer(session, case, actor=signed_in(), document=document, **chosen)
    return document


def _show_to_complainant(session: Session, document: Document, form: ShowForm) -> None:
    imaging.require_settled(session, document)
    messages.require_settled(session, document)
    meant = form.original_is_meant.data
    provenance.show_to_complainant(session, document, actor=signed_in(), original_is_meant=meant)


def _to(document: Document) -> ResponseReturnValue:
    return redirect(url_for("evidence.show", reference=document.case.reference, key=document.key))


def _parties(case: Case) -> dict[str, str]:
    return {party.code: party.name for party in actions.parties_of(case)}


def _party(case: Case, code: str | None) -> Organisation | None:
    return next((party for party in actions.parties_of(case) if party.code == code), None)
