from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.allegations.queries import numbered
from app.cases.models import Case
from app.database import db
from app.evidence.models import Document, EvidenceLink
from app.evidence.queries import in_case
from app.examining import actions as examining
from app.examining.queries import require_not_infected
from app.policy import Permission
from app.reading import actions, queries
from app.reading.forms import CiteForm
from app.web import uploads
from app.web.access import with_case, with_document
from app.web.asked import number_asked, words_asked
from app.web.identity import signed_in

blueprint = Blueprint("reading", __name__, url_prefix="/cases/<reference:reference>/evidence")

#: How wide a page is shown, in hundredths of the room there is for it.
ZOOMS = (100, 150, 200, 300)


@blueprint.get("/<key:key>/read")
@with_case(Permission.DOCUMENT_READ)
def show(case: Case, key: str) -> ResponseReturnValue:
    document = in_case(db.session, case, key)
    require_not_infected(db.session, document)
    cited, words = words_asked("cited"), words_asked("words")
    asked = number_asked("page") or next(iter(queries.pages_in(cited, 99_999)), 1)
    leaf = queries.leaf(db.session, document, asked)
    return render_template(
        "reading/show.html",
        case=case,
        document=document,
        leaf=leaf,
        cited=cited,
        words=words,
        text=queries.marked_words(leaf.words, words),
        hits=queries.hits(db.session, document, words),
        most=queries.MOST_HITS,
        zoom=zoom_asked(),
        zooms=ZOOMS,
    )


@blueprint.get("/<key:key>/pages/<number:page>")
@with_document(Permission.DOCUMENT_READ)
def picture(document: Document, page: int) -> ResponseReturnValue:
    require_not_infected(db.session, document)
    return uploads.drawn_picture(queries.picture_of(db.session, document, page))


@blueprint.post("/<key:key>/draw")
@with_case(Permission.DOCUMENT_READ)
def have_drawn(case: Case, key: str) -> ResponseReturnValue:
    with db.unit_of_work() as session:
        examining.have_drawn(session, in_case(session, case, key), actor=signed_in())
    flash("Its pages are being drawn. It takes a minute or so.")
    return redirect(url_for("reading.show", reference=case.reference, key=key))


@blueprint.route("/<key:key>/cite", methods=["GET", "POST"])
@with_case(Permission.DOCUMENT_ADD)
def cite(case: Case, key: str) -> ResponseReturnValue:
    document = in_case(db.session, case, key)
    require_not_infected(db.session, document)
    leaf = queries.leaf(db.session, document, number_asked("page"))
    form = CiteForm(case.allegations, leaf.page)
    if linked := form.made(
        EvidenceLink,
        lambda session: actions.cite(
            session,
            document,
            numbered(case.complaint, form.number),
            actor=signed_in(),
            note=form.note.data,
            weight=form.weight.data,
            reason=form.reason.data,
            page=form.page.data,
            last_page=form.last_page.data,
            box=form.box,
        ),
    ):
        flash("It is cited. The allegation’s evidence leads back to this page.")
        return redirect(url_for("reading.show", reference=case.reference, key=key, cited=linked.page))
    return render_template("reading/cite.html", case=case, document=document, leaf=leaf, form=form)


def zoom_asked() -> int:
    """One of `ZOOMS`."""
    asked = number_asked("zoom")
    return asked if asked in ZOOMS else ZOOMS[0]
