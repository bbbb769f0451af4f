from __future__ import annotations

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from app.accounts.models import Account
from app.cases.models import Case
from app.core.errors import RuleBroken
from app.core.text import clean, whole_number
from app.database import db
from app.evidence import queries as evidence
from app.evidence.actions import Arrived, parties_of
from app.policy import Permission
from app.receiving import actions, archives, arriving, queries
from app.receiving.forms import DeliveryForm, FilesForm
from app.receiving.models import Delivery, Upload, UploadState
from app.requests import answers
from app.requests import queries as requests
from app.requests.in_force import noted_of
from app.web import uploads, visits
from app.web.access import with_case
from app.web.forms import ConfirmForm
from app.web.identity import signed_in

blueprint = Blueprint("receiving", __name__, url_prefix="/cases/<reference:reference>/deliveries")


@blueprint.get("/")
@with_case(Permission.CASE_VIEW)
def search(case: Case) -> ResponseReturnValue:
    deliveries = [(each, queries.found_in(db.session, each)) for each in queries.of_case(db.session, case)]
    return render_template("receiving/search.html", case=case, deliveries=deliveries)


@blueprint.route("/new", methods=["GET", "POST"])
@with_case(Permission.DOCUMENT_ADD)
def begin(case: Case) -> ResponseReturnValue:
    parties = {party.code: party for party in parties_of(case)}
    earlier = {each.key: each for each in queries.of_case(db.session, case)}
    items = requests.answerable(db.session, case)
    form = DeliveryForm(
        {code: party.name for code, party in parties.items()},
        {key: each.label for key, each in earlier.items()},
        items,
    )

    def begun(session: Session) -> Delivery:
        delivery = actions.begin(
            session,
            case,
            actor=signed_in(),
            organisation=parties.get(form.organisation.data or ""),
            supplements=earlier.get(form.supplements.data or ""),
            **form.answers,
        )
        if (chosen := form.chosen(items))["items"]:
            answers.answer(session, case, actor=signed_in(), delivery=delivery, **chosen)
        return delivery

    if delivery := form.made(Delivery, begun):
        return redirect(url_for("receiving.add", reference=case.reference, key=delivery.key))
    return render_template("receiving/begin.html", case=case, form=form)


@blueprint.get("/<key:key>")
@with_case(Permission.DOCUMENT_READ)
def show(case: Case, key: str) -> ResponseReturnValue:
    delivery = queries.in_case(db.session, case, key)
    return render_template(
        "receiving/show.html",
        case=case,
        delivery=delivery,
        found=queries.found_in(db.session, delivery),
        documents=queries.documents_of(db.session, delivery),
        under_way=queries.under_way(db.session, delivery),
        most=queries.MOST_SHOWN,
        answered=requests.answered_by_delivery(db.session, delivery),
        noted_of=noted_of,
    )


@blueprint.route("/<key:key>/files", methods=["GET", "POST"])
@with_case(Permission.DOCUMENT_ADD)
def add(case: Case, key: str) -> ResponseReturnValue:
    """Files sent with a plain form, and the place from which our script sends them in parts."""
    delivery, form = queries.in_case(db.session, case, key), FilesForm()
    if form.validate_on_submit():
        try:
            arrived = [_kept(file) for file in form.files.data]
            with db.unit_of_work() as session:
                form.once(session, Delivery, lambda: _all_of(session, delivery, arrived))
        except RuleBroken as refusal:
            form.refuse(refusal)
        else:
            flash("Received, byte for byte." if len(arrived) == 1 else f"{len(arrived)} files received.")
            return redirect(url_for("receiving.show", reference=case.reference, key=key))
    limit = arriving.limits().file
    under_way = queries.under_way(db.session, delivery)
    return render_template(
        "receiving/add.html", case=case, delivery=delivery, form=form, limit=limit, under_way=under_way
    )


@blueprint.route("/<key:key>/close", methods=["GET", "POST"])
@with_case(Permission.DOCUMENT_ADD)
def close(case: Case, key: str) -> ResponseReturnValue:
    delivery, form = queries.in_case(db.session, case, key), ConfirmForm()
    if form.carried_out(lambda session: actions.close(session, delivery, actor=signed_in())):
        flash("All of it is in. What was found stands beside what was declared.")
        return redirect(url_for("receiving.show", reference=case.reference, key=key))
    found = queries.found_in(db.session, delivery)
    return render_template("receiving/close.html", case=case, delivery=delivery, found=found, form=form)


@blueprint.route("/archives/<key:key>", methods=["GET", "POST"])
@with_case(Permission.DOCUMENT_ADD)
def unpack(case: Case, key: str) -> ResponseReturnValue:
    document, form, me = evidence.in_case(db.session, case, key), ConfirmForm(), signed_in().id
    if form.validate_on_submit():
        sha256, reference = document.sha256, case.reference
        db.close()  # nobody waits while it is unpacked
        try:
            arrived = archives.contents(arriving.stored(), sha256)
            with db.unit_of_work() as session:
                archive = evidence.in_case(session, case, key)
                archives.unpack(session, archive, arrived, actor=session.get_one(Account, me))
        except RuleBroken as refusal:
            form.refuse(refusal)
            case, document = (found := evidence.in_case(db.session, case, key)).case, found
        else:
            flash(f"{len(arrived)} files are unpacked, each as a document of its own.")
            return redirect(url_for("evidence.search", reference=reference))
    return render_template("receiving/unpack.html", case=case, document=document, form=form)


@blueprint.post("/<key:key>/uploads")
@with_case(Permission.DOCUMENT_ADD)
def announce(case: Case, key: str) -> ResponseReturnValue:
    """Say that a file will come in parts, or that one that was begun goes on."""
    path, filename = uploads.folders_and_name(request.form.get("place", ""))
    size = whole_number(request.form.get("bytes"), figures=15)
    try:
        if size is None:
            raise RuleBroken("Say how many bytes it has.")
        with db.unit_of_work() as session:
            upload = actions.announce(
                session,
                queries.in_case(session, case, key),
                actor=signed_in(),
                files=arriving.stored(),
                limits=arriving.limits(),
                filename=filename,
                path=path,
                media_type=clean(request.form.get("type", ""))[:100] or "application/octet-stream",
                modified=clean(request.form.get("modified", ""))[:40],
                size=size,
            )
    except RuleBroken as refusal:
        return jsonify(told=str(refusal)), 409
    return _how_far(case, upload)


@blueprint.get("/uploads/<key:key>")
@with_case(Permission.DOCUMENT_ADD)
def asked(case: Case, key: str) -> ResponseReturnValue:
    """How many bytes of it are here: from where whoever sends it goes on."""
    return _how_far(case, queries.upload_of(db.session, case, signed_in(), key))


@blueprint.post("/uploads/<key:key>/parts/<version:number>")
@with_case(Permission.DOCUMENT_ADD)
def take_part(case: Case, key: str, number: int) -> ResponseReturnValue:
    """The next part of a file, as the body of the request and nothing else."""
    reference = case.reference
    upload = queries.upload_of(db.session, case, signed_in(), key)
    if number:
        visits.goes_on()
    upload_id = upload.id
    try:
        if upload.state is UploadState.ARRIVING and not upload.is_whole:
            db.close()  # nobody waits while the body comes
            content = arriving.read_part(request.stream)
            arriving.take_part(db.session.get_one(Upload, upload_id), number, content)
        upload = db.session.get_one(Upload, upload_id)
        if upload.state is UploadState.ARRIVING and upload.is_whole:
            arriving.finish(upload)
    except RuleBroken as refusal:
        return jsonify(told=str(refusal), **_facts(reference, db.session.get_one(Upload, upload_id))), 409
    return jsonify(**_facts(reference, db.session.get_one(Upload, upload_id)))


def _how_far(case: Case, upload: Upload) -> ResponseReturnValue:
    return jsonify(**_facts(case.reference, upload))


def _facts(reference: str, upload: Upload) -> dict[str, str | int]:
    document = upload.document
    return {
        "key": upload.key,
        "part": arriving.PART,
        "received": upload.received,
        "size": upload.size,
        "state": upload.state.value,
        "problem": upload.problem,
        "sha256": document.sha256 if document else "",
        "parts": url_for("receiving.take_part", reference=reference, key=upload.key, number=0)[:-1],
        "document": url_for("evidence.show", reference=reference, key=document.key) if document else "",
    }


def _kept(file: FileStorage) -> Arrived:
    return Arrived(
        kept=uploads.keep(file, field="files"),
        filename=uploads.name_of(file),
        media_type=uploads.type_of(file),
    )


def _all_of(session: Session, delivery: Delivery, arrived: list[Arrived]) -> Delivery:
    actions.add_all(session, delivery, actor=signed_in(), arrived=arrived, limits=arriving.limits())
    return delivery
