"""Proceedings elsewhere, and the stay of a case because of one. The clocks of the Act are not stayed."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from app import policy
from app.accounts.models import Account
from app.audit.changes import change as change_row
from app.audit.record import record
from app.casefile.actions import next_number
from app.casefile.events import CaseResumed, CaseStayed, ProceedingChanged, ProceedingRecorded, StayReviewed
from app.casefile.models import Proceeding, ProceedingKind, Stay
from app.cases.models import Case
from app.complaints.models import Complaint
from app.core import clock
from app.core.errors import RuleBroken
from app.policy import Permission


def record_proceeding(
    session: Session,
    complaint: Complaint,
    *,
    actor: Account,
    kind: ProceedingKind,
    body: str,
    their_reference: str = "",
    began_on: date | None = None,
    expected_on: date | None = None,
    ended_on: date | None = None,
    words: str = "",
) -> Proceeding:
    """Record a proceeding elsewhere about the same events."""
    policy.require(actor, Permission.PROCEEDING_RECORD, complaint)
    _check_days(began_on, ended_on)
    proceeding = Proceeding(
        complaint=complaint,
        number=next_number(session, Proceeding, complaint),
        kind=kind,
        body=body,
        their_reference=their_reference,
        began_on=began_on,
        expected_on=expected_on,
        ended_on=ended_on,
        words=words,
        recorded_by=actor,
    )
    session.add(proceeding)
    told = ProceedingRecorded(
        proceeding=proceeding.number, kind=kind, called=proceeding.called, began_on=began_on
    )
    record(session, told, actor=actor, complaint=complaint)
    return proceeding


def change_proceeding(
    session: Session,
    proceeding: Proceeding,
    *,
    actor: Account,
    drawn_from: int | None = None,
    kind: ProceedingKind,
    body: str,
    their_reference: str = "",
    began_on: date | None = None,
    expected_on: date | None = None,
    ended_on: date | None = None,
    words: str = "",
) -> None:
    """Write down what is known of it now. What was written before stays in the record."""
    policy.require(actor, Permission.PROCEEDING_RECORD, proceeding.complaint)
    proceeding.agree(drawn_from)
    _check_days(began_on, ended_on)
    changes = change_row(
        proceeding,
        kind=kind,
        body=body,
        their_reference=their_reference,
        began_on=began_on,
        expected_on=expected_on,
        ended_on=ended_on,
        words=words,
    )
    if not changes:
        raise RuleBroken("Nothing has been changed.")
    told = ProceedingChanged(proceeding=proceeding.number, called=proceeding.called, changes=changes)
    record(session, told, actor=actor, complaint=proceeding.complaint)


def stay(
    session: Session,
    case: Case,
    *,
    actor: Account,
    proceeding: Proceeding,
    review_on: date,
    reasons: str,
) -> Stay:
    """Let the case wait because of a proceeding. s.14(2HA) goes on counting: nothing in the Act stays it."""
    policy.require(actor, Permission.CASE_STAY, case)
    if case.stay is not None:
        raise RuleBroken("The case is stayed already.")
    if proceeding.complaint_id != case.complaint_id or proceeding.ended_on is not None:
        raise RuleBroken("Select a proceeding of this complaint that has not ended.", field="proceeding")
    _check_review(review_on)
    stayed = Stay(case=case, proceeding=proceeding, review_on=review_on, reasons=reasons, stayed_by=actor)
    session.add(stayed)
    case.touch()  # of two who stay it at once, one is told
    told = CaseStayed(
        proceeding=proceeding.number, called=proceeding.called, review_on=review_on, reasons=reasons
    )
    record(session, told, actor=actor, complaint=case.complaint)
    session.expire(case, ["stay"])
    return stayed


def keep_stayed(session: Session, case: Case, *, actor: Account, review_on: date, reasons: str) -> None:
    """The stay was looked at: the case still has to wait."""
    stayed = _stay_of(case, actor)
    _check_review(review_on)
    told = StayReviewed(was_to_be_reviewed_on=stayed.review_on, review_on=review_on, reasons=reasons)
    stayed.review_on = review_on
    record(session, told, actor=actor, complaint=case.complaint)


def resume(session: Session, case: Case, *, actor: Account, reasons: str) -> None:
    """The case need not wait any longer."""
    stayed = _stay_of(case, actor)
    stayed.ended_at, stayed.ended_because = clock.now(), reasons
    record(session, CaseResumed(reasons=reasons), actor=actor, complaint=case.complaint)
    session.expire(case, ["stay"])


def _stay_of(case: Case, actor: Account) -> Stay:
    policy.require(actor, Permission.CASE_STAY, case)
    if case.stay is None:
        raise RuleBroken("The case is not stayed.")
    return case.stay


def _check_days(began_on: date | None, ended_on: date | None) -> None:
    if began_on and ended_on and ended_on < began_on:
        raise RuleBroken("It cannot have ended before it began.", field="ended_on")


def _check_review(review_on: date) -> None:
    if review_on <= clock.today():
        raise RuleBroken("The day to look again must be in the future.", field="review_on")
