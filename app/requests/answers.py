"""What came of what was asked: that a document answers an item, or that the organisation says why none will come."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import policy
from app.accounts.models import Account
from app.audit.record import record
from app.cases.models import Case
from app.core import clock
from app.core.errors import RuleBroken
from app.evidence import provenance
from app.evidence.models import Document
from app.policy import Permission
from app.receiving.models import Delivery
from app.requests import workflow
from app.requests.events import AnswerTakenBack, ItemAnswered, ItemSettled
from app.requests.models import (
    MISSING,
    DocumentAnswer,
    EvidenceRequest,
    Extent,
    ItemState,
    RequestItem,
    RequestState,
)


def answer(
    session: Session,
    case: Case,
    *,
    actor: Account,
    items: Sequence[RequestItem],
    document: Document | None = None,
    delivery: Delivery | None = None,
    extent: Extent | None,
    in_force_from: date | None = None,
    in_force_until: date | None = None,
) -> list[DocumentAnswer]:
    """Say that a document, or all of a delivery, is in answer to these items, and whether that is all of each.

    The days from which and until which it was in force are kept for the items that ask for them.
    """
    policy.require(actor, Permission.DOCUMENT_ADD, case)
    if not items:
        raise RuleBroken("Select at least one item.", field="in_answer_to")
    if extent is None:
        raise RuleBroken("Say whether that is all of what was asked for.", field="extent")
    if in_force_from and in_force_until and in_force_until < in_force_from:
        raise RuleBroken("Its last day must not be before its first.", field="in_force_until")
    if document is not None:
        provenance.require_standing(document)
    for item in items:
        _must_be_of(case, item)
        if any((one.document, one.delivery) == (document, delivery) for one in item.standing):
            raise RuleBroken(f"It answers item {item.number} already.", field="in_answer_to")
    made = []
    for item in items:
        days = (in_force_from, in_force_until) if item.asks_in_force else (None, None)
        one = DocumentAnswer(
            document=document, delivery=delivery, by=actor, in_force_from=days[0], in_force_until=days[1]
        )
        item.answers.append(one)
        _became(item, _with(item, extent), actor=actor)
        session.flush()
        told = ItemAnswered(
            request=item.request.number,
            item=item.number,
            by=one.title,
            document=document.key if document else None,
            delivery=delivery.key if delivery else None,
            state=item.state,
            in_force_from=days[0],
            in_force_until=days[1],
        )
        record(session, told, actor=actor, complaint=case.complaint)
        made.append(one)
    _settled(session, {item.request for item in items}, actor=actor)
    return made


def settle(
    session: Session,
    item: RequestItem,
    *,
    actor: Account,
    drawn_from: int | None = None,
    state: ItemState,
    explanation: str,
) -> None:
    """Write down that an item is not held or refused, with why, as the organisation says; or that it is wanted
    after all, with our reasons."""
    policy.require(actor, Permission.DOCUMENT_ADD, item.request.case)
    item.agree(drawn_from)
    _must_be_of(item.request.case, item)
    if not explanation:
        raise RuleBroken("Enter how the organisation explains it.", field="explanation")
    if item.state is ItemState.RECEIVED:
        raise RuleBroken("It was received. Take back what it was answered with first.", field="state")
    if state not in {*MISSING, ItemState.OUTSTANDING}:
        raise RuleBroken("What is received is said of the document that came.", field="state")
    if state is ItemState.OUTSTANDING and item.state not in MISSING:
        raise RuleBroken("It is outstanding now.", field="state")
    was = item.state
    wanted_again = ItemState.IN_PART if item.standing else ItemState.OUTSTANDING
    _became(item, state if state in MISSING else wanted_again, actor=actor, explanation=explanation)
    told = ItemSettled(
        request=item.request.number, item=item.number, was=was, state=item.state, explanation=explanation
    )
    record(session, told, actor=actor, complaint=item.request.case.complaint)
    _settled(session, {item.request}, actor=actor)


def take_back(session: Session, given: DocumentAnswer, *, actor: Account, reasons: str) -> None:
    """Say that it is no answer to the item after all. Without another one, the item is outstanding again."""
    item = given.item
    policy.require(actor, Permission.DOCUMENT_ADD, item.request.case)
    _must_be_of(item.request.case, item)
    if given.ended_at is not None:
        raise RuleBroken("This has been taken back already.")
    given.ended_at, given.ended_by_id, given.ended_because = clock.now(), actor.id, reasons
    if not item.standing and item.state not in MISSING:
        _became(item, ItemState.OUTSTANDING, actor=actor)
    told = AnswerTakenBack(request=item.request.number, item=item.number, by=given.title, reasons=reasons)
    record(session, told, actor=actor, complaint=item.request.case.complaint)
    _settled(session, {item.request}, actor=actor)


def _must_be_of(case: Case, item: RequestItem) -> None:
    """Raise `RuleBroken` unless something may be said of the item: its request has gone out, and stands."""
    if item.request.case_id != case.id:
        raise RuleBroken("Select an item that was asked for in this case.", field="in_answer_to")
    if item.request.state in {RequestState.DRAFTED, RequestState.WITHDRAWN}:
        standing = "not sent yet" if item.request.state is RequestState.DRAFTED else "withdrawn"
        raise RuleBroken(f"Request {item.request.number} is {standing}.", field="in_answer_to")


def _with(item: RequestItem, extent: Extent) -> ItemState:
    """What an item becomes by one more answer: what was whole stays whole."""
    if extent is Extent.WHOLE or item.state is ItemState.RECEIVED:
        return ItemState.RECEIVED
    return ItemState.IN_PART


def _became(item: RequestItem, state: ItemState, *, actor: Account, explanation: str = "") -> None:
    is_open = state is ItemState.OUTSTANDING
    item.state, item.explanation = state, explanation if state in MISSING else ""
    item.settled_at = None if is_open else clock.now()
    item.settled_by = None if is_open else actor


def _settled(session: Session, requests: set[EvidenceRequest], *, actor: Account) -> None:
    """Complete what has nothing outstanding, and ask again for what has something outstanding after all."""
    for request in sorted(requests, key=lambda one: one.number):
        if request.is_with_the_body and not request.wanted:
            workflow.take(session, request, workflow.COMPLETE, actor=actor)
        elif request.state is RequestState.COMPLETE and request.wanted:
            workflow.take(session, request, workflow.ASK_AGAIN, actor=actor)


def _answers(session: Session, document: Document) -> str | None:
    """Why a document that answers an item cannot be withdrawn."""
    standing = select(DocumentAnswer).where(
        DocumentAnswer.document_id == document.id, DocumentAnswer.ended_at.is_(None)
    )
    found = session.scalar(standing.limit(1))
    if found is None:
        return None
    return f"it is in answer to item {found.item.number} of request {found.item.request.number}"


provenance.RELIANCES.append(_answers)
