from __future__ import annotations

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from flask.typing import ResponseReturnValue

from app.audit.models import Access
from app.cases.models import Case
from app.core.errors import NotFound
from app.core.text import whole_number
from app.database import db
from app.evidence import queries as evidence
from app.evidence.models import Document
from app.examining.queries import require_not_infected
from app.imaging import actions, copies, queries
from app.imaging.forms import CopyForm, DecideForm
from app.imaging.looking import NOT_FOR_DIAGNOSIS, pane
from app.imaging.models import AdviserCopy
from app.policy import Permission
from app.web import uploads, visits
from app.web.access import freshly_signed_in, with_case, with_document
from app.web.identity import signed_in

blueprint = Blueprint("imaging", __name__, url_prefix="/cases/<reference:reference>/imaging")


@blueprint.get("/")
@with_case(Permission.DOCUMENT_READ)
def of_case(case: Case) -> ResponseReturnValue:
    studies = queries.of_case(db.session, case)
    return render_template("imaging/of_case.html", case=case, studies=studies, most=queries.MOST_SHOWN)


@blueprint.route("/<key:key>/decide", methods=["GET", "POST"])
@with_case(Permission.DOCUMENT_DISCLOSE)
def decide(case: Case, key: str) -> ResponseReturnValue:
    told, form = queries.in_case(db.session, case, key), DecideForm()
    if form.carried_out(lambda session: actions.decide(session, told, actor=signed_in(), **form.answers)):
        flash("It is decided, with your name and your reasons.")
        return redirect(url_for("imaging.of_case", reference=case.reference))
    return render_template("imaging/decide.html", case=case, told=told, form=form)


@blueprint.get("/<key:key>/look")
@with_case(Permission.DOCUMENT_READ)
def look(case: Case, key: str) -> ResponseReturnValue:
    """The frames of a study, and beside them those of another, if the address names one."""
    told = queries.in_case(db.session, case, key)
    others = queries.others_of_patient(db.session, told.study)
    beside = next((other for other in others if other.key == request.args.get("beside")), None)
    panes = [pane(db.session, told.study, _number("at"))]
    panes += [pane(db.session, beside, _number("beside_at"))] if beside else []
    return render_template(
        "imaging/look.html",
        case=case,
        told=told,
        panes=panes,
        others=others,
        beside=beside,
        not_for_diagnosis=NOT_FOR_DIAGNOSIS,
    )


@blueprint.get("/images/<key:key>")
@with_case(Permission.DOCUMENT_READ)
def image(case: Case, key: str) -> ResponseReturnValue:
    document = evidence.in_case(db.session, case, key)
    found = queries.image_of(db.session, document)
    return render_template(
        "imaging/image.html",
        case=case,
        document=document,
        image=found,
        drawn=queries.drawn(db.session, [document.id]).get(document.id),
        identifying=queries.identifying(db.session, document),
    )


@blueprint.get("/images/<key:key>/frames/<number:number>.png")
@with_document(Permission.DOCUMENT_READ, kind=Access.OPENED)
def frame(document: Document, number: int) -> ResponseReturnValue:
    return _picture(document, "frame", number)


@blueprint.get("/images/<key:key>/values/<number:number>.png")
@with_document(Permission.DOCUMENT_READ, kind=Access.OPENED)
def values(document: Document, number: int) -> ResponseReturnValue:
    """The values of a frame, packed into colours for our script: see `app.examining.readers.frames`."""
    return _picture(document, "values", number)


@blueprint.get("/<key:key>/copies/")
@with_case(Permission.DOCUMENT_DISCLOSE)
def copies_of(case: Case, key: str) -> ResponseReturnValue:
    told = queries.in_case(db.session, case, key)
    made = queries.copies_of(db.session, told.study)
    return render_template(
        "imaging/copies_of.html", case=case, told=told, copies=made, most=queries.MOST_SHOWN
    )


@blueprint.route("/<key:key>/copies/new", methods=["GET", "POST"])
@with_case(Permission.DOCUMENT_DISCLOSE)
@freshly_signed_in()
def ask_for_copy(case: Case, key: str) -> ResponseReturnValue:
    told = queries.in_case(db.session, case, key)
    images = {each.document.key: each for each in copies.images_of(told.study)}
    wanted = [request.args["image"]] if request.args.get("image") in images else list(images)
    form = CopyForm({key: image.document.place for key, image in images.items()}, wanted)
    asked = [images[key] for key in form.images.data or () if key in images]
    chosen = [image.document for image in asked]
    if form.made(
        AdviserCopy,
        lambda session: copies.ask_for(session, told, actor=signed_in(), documents=chosen, **form.answers),
    ):
        flash("The copy is being made. It is here in a minute or so.")
        return redirect(url_for("imaging.copies_of", reference=case.reference, key=key))
    picture = queries.first_drawn(db.session, asked)
    return render_template("imaging/ask_for_copy.html", case=case, told=told, form=form, picture=picture)


@blueprint.get("/copies/<key:key>/file")
@with_case(Permission.DOCUMENT_DISCLOSE)
@freshly_signed_in(to_read=True)
def download_copy(case: Case, key: str) -> ResponseReturnValue:
    copy = queries.copy_in_case(db.session, case, key)
    copies.require_free(db.session, queries.told(copy.study), [image.document for image in copy.images])
    visits.note(Access.DOWNLOADED, f"{copy.key} for {copy.made_for}")
    return uploads.as_attachment(_archive(copy), copy.filename)


def _archive(copy: AdviserCopy) -> Response:
    try:
        content = current_app.extensions["copies"].open(copy.sha256 or "")
    except FileNotFoundError:
        raise NotFound("This copy is not there: it is still being made, or has to be made again.") from None
    return send_file(content, mimetype="application/zip", conditional=False, etag=False)


def _picture(document: Document, kind: str, number: int) -> ResponseReturnValue:
    require_not_infected(db.session, document)
    return uploads.drawn_picture(queries.picture_of(db.session, document, kind, number))


def _number(name: str) -> int:
    """What the address says under that name, if it is a number."""
    return whole_number(request.args.get(name), figures=5) or 1
