from __future__ import annotations

from flask import Blueprint, current_app, flash, redirect, render_template, send_file, url_for
from flask.typing import ResponseReturnValue

from app.audit.models import Access
from app.bundles import actions, queries
from app.bundles.forms import BundleForm
from app.bundles.models import Bundle, Whom
from app.cases.models import Case
from app.core.errors import NotFound
from app.database import db
from app.evidence.actions import parties_of
from app.organisations.models import Organisation
from app.policy import Permission
from app.web import visits
from app.web.access import freshly_signed_in, with_case
from app.web.asked import words_asked
from app.web.identity import signed_in
from app.web.uploads import as_attachment

blueprint = Blueprint("bundles", __name__, url_prefix="/cases/<reference:reference>/bundles")


@blueprint.get("/")
@with_case(Permission.DOCUMENT_READ)
def of_case(case: Case) -> ResponseReturnValue:
    bundles = queries.of_case(db.session, case)
    return render_template(
        "bundles/of_case.html", case=case, bundles=bundles, most=queries.MOST_SHOWN, parties=parties_of(case)
    )


@blueprint.route("/new", methods=["GET", "POST"])
@with_case(Permission.DOCUMENT_DISCLOSE)
def ask_for(case: Case) -> ResponseReturnValue:
    """The form is drawn for whom the address names, with what they may be given ticked."""
    whom, organisation = _for_whom(case, words_asked("for"))
    rows = queries.candidates(db.session, case)
    refused = queries.refusals(db.session, case, whom, organisation)
    form = BundleForm(
        {party.code: party.name for party in parties_of(case)},
        {
            document.key: document.title + ("" if queries.can_be_bound(known) else " (supplied separately)")
            for document, known in rows
        },
        whom=whom,
        organisation=organisation.code if organisation else "",
        chosen=[d.key for d, known in rows if d.id not in refused and queries.can_be_bound(known)],
    )
    if form.made(
        Bundle,
        lambda session: actions.ask_for(
            session,
            case,
            actor=signed_in(),
            whom=form.whom.data,
            organisation=_party(case, form.organisation.data or ""),
            because=form.because.data,
            documents=form.documents.data,
        ),
    ):
        flash("The bundle is being made. You get an e-mail when it is ready.")
        return redirect(url_for("bundles.of_case", reference=case.reference))
    left_out = [(document.title, refused[document.id]) for document, _known in rows if document.id in refused]
    return render_template("bundles/ask_for.html", case=case, form=form, left_out=left_out)


@blueprint.post("/<key:key>/cancel")
@with_case(Permission.DOCUMENT_DISCLOSE)
def cancel(case: Case, key: str) -> ResponseReturnValue:
    with db.unit_of_work() as session:
        actions.cancel(session, queries.access_bundle(session, signed_in(), case, key), actor=signed_in())
    flash("The bundle is cancelled.")
    return redirect(url_for("bundles.of_case", reference=case.reference))


@blueprint.get("/<key:key>/download")
@with_case(Permission.DOCUMENT_DISCLOSE)
@freshly_signed_in(to_read=True)
def download(case: Case, key: str) -> ResponseReturnValue:
    bundle = queries.access_bundle(db.session, signed_in(), case, key)
    if bundle.sha256 is None:
        raise NotFound("This bundle is not there: it is still being made, or it has been kept long enough.")
    actions.require_still(db.session, bundle)
    visits.note(Access.DOWNLOADED, f"{case.reference} bundle {bundle.number} {bundle.sha256}")
    content = current_app.extensions["bundles"].open(bundle.sha256)
    answer = send_file(content, mimetype="application/pdf", conditional=False, etag=False)
    return as_attachment(answer, f"{case.reference}-bundle-{bundle.number}.pdf")


def _for_whom(case: Case, asked: str) -> tuple[Whom, Organisation | None]:
    """The code of a party, or who else; an adviser unless the address names somebody."""
    if party := _party(case, asked):
        return Whom.ORGANISATION, party
    return (Whom.COMPLAINANT if asked == Whom.COMPLAINANT else Whom.ADVISER), None


def _party(case: Case, code: str) -> Organisation | None:
    return next((party for party in parties_of(case) if party.code == code), None)
