"""The pages on which somebody says what came of an item. They belong to the room's one blueprint."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app.cases.models import Case
from app.core.errors import RuleBroken
from app.database import db
from app.evidence import queries as evidence
from app.policy import Permission
from app.receiving import queries as receiving
from app.requests import answers, queries
from app.requests.forms import AnswerForm, AnswerItemForm, SettleForm, TakeBackForm
from app.requests.models import DocumentAnswer
from app.requests.views import OF_CASE, ONE, blueprint
from app.web.access import with_case
from app.web.identity import signed_in

ITEM = f"{ONE}/items/<number:item>"

__all__ = ["blueprint"]


@blueprint.route(ITEM, methods=["GET", "POST"])
@with_case(Permission.DOCUMENT_ADD)
def settle(case: Case, number: int, item: int) -> ResponseReturnValue:
    found = queries.item_numbered(db.session, case, number, item)
    form = SettleForm(found)
    if form.carried_out(lambda session: answers.settle(session, found, actor=signed_in(), **form.answers)):
        flash(f"Item {item}: {found.state.label.lower()}.")
        return _to(case, number)
    return render_template("requests/settle.html", case=case, item=found, form=form)


@blueprint.route(f"{ITEM}/answers/new", methods=["GET", "POST"])
@with_case(Permission.DOCUMENT_ADD)
def answer_item(case: Case, number: int, item: int) -> ResponseReturnValue:
    found = queries.item_numbered(db.session, case, number, item)
    documents = {one.key: one for one in evidence.of_case(db.session, case) if one.withdrawn_at is None}
    form = AnswerItemForm(found, {key: f"{one.title} ({one.place})" for key, one in documents.items()})

    def answer(session: Session) -> DocumentAnswer:
        given = form.answers
        document = documents.get(given.pop("document_key") or "")
        if document is None:
            raise RuleBroken("Select a document of this case.", field="document_key")
        return answers.answer(session, case, actor=signed_in(), items=[found], document=document, **given)[0]

    if form.made(DocumentAnswer, answer):
        flash(f"Item {item}: {found.state.label.lower()}.")
        return _to(case, number)
    return render_template("requests/answer_item.html", case=case, item=found, form=form)


@blueprint.route(f"{ITEM}/answers/<number:answer>/take-back", methods=["GET", "POST"])
@with_case(Permission.DOCUMENT_ADD)
def take_back(case: Case, number: int, item: int, answer: int) -> ResponseReturnValue:
    given, form = queries.answer_numbered(db.session, case, number, item, answer), TakeBackForm()
    if form.carried_out(
        lambda session: answers.take_back(session, given, actor=signed_in(), reasons=form.reasons.data)
    ):
        flash("It is taken back. It stays in the record.")
        return _to(case, number)
    return render_template("requests/take_back.html", case=case, given=given, form=form)


@blueprint.route(f"{OF_CASE}/documents/<key:key>", methods=["GET", "POST"])
@with_case(Permission.DOCUMENT_ADD)
def answer_with_document(case: Case, key: str) -> ResponseReturnValue:
    document, items = evidence.in_case(db.session, case, key), queries.answerable(db.session, case)
    form = AnswerForm(items)
    if form.made(
        DocumentAnswer,
        lambda session: answers.answer(
            session, case, actor=signed_in(), document=document, **form.chosen(items)
        )[0],
    ):
        flash("It is written down what the document is in answer to.")
        return redirect(url_for("evidence.show", reference=case.reference, key=key))
    return render_template(
        "requests/answer_with_document.html", case=case, document=document, items=items, form=form
    )


@blueprint.route(f"{OF_CASE}/deliveries/<key:key>", methods=["GET", "POST"])
@with_case(Permission.DOCUMENT_ADD)
def answer_with_delivery(case: Case, key: str) -> ResponseReturnValue:
    delivery, items = receiving.in_case(db.session, case, key), queries.answerable(db.session, case)
    form = AnswerForm(items)
    if form.made(
        DocumentAnswer,
        lambda session: answers.answer(
            session, case, actor=signed_in(), delivery=delivery, **form.chosen(items)
        )[0],
    ):
        flash("It is written down what the delivery is in answer to.")
        return redirect(url_for("receiving.show", reference=case.reference, key=key))
    return render_template(
        "requests/answer_with_delivery.html", case=case, delivery=delivery, items=items, form=form
    )


def _to(case: Case, number: int) -> ResponseReturnValue:
    return redirect(url_for("requests.show", reference=case.reference, number=number))
