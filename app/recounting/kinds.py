"""Which clocks run in working days, each as a question to its own table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, false, func, or_, select
from sqlalchemy.orm import Session, aliased, contains_eager

from app.cases.models import Case, CaseStage
from app.complaints import clocks
from app.complaints.models import Complaint, ComplaintState, Deadline
from app.core import clock
from app.decisions.actions import count_comments_again
from app.decisions.models import ProvisionalViews
from app.reference import lists
from app.requests.actions import count_again as count_request_again
from app.requests.models import COUNTED, EvidenceRequest


@dataclass(frozen=True)
class Running:
    """Clocks of one kind that run, and that count the same number of working days."""

    name: str
    amount: int
    #: The rows, with their complaint; and of each the instant it is counted from and the day it is due.
    rows: Select[Any]
    began_at: Any
    due_on: Any
    complaint_of: Callable[[Any], Complaint]
    count_again: Callable[..., None]
    #: Those of a day that somebody has set by hand.
    by_hand: ColumnElement[bool]
    #: Whether people outside were told the day, so that it is not brought forward behind their backs.
    was_promised: bool = False
    #: No such clock began before this day.
    since: date = date.min


def running(session: Session) -> list[Running]:
    """All that runs in working days. Months and weeks are the same in every calendar."""
    return [*_from_receipt(), *_comment_windows(session), *_requests(session)]


def _from_receipt() -> list[Running]:
    counted = (lists.clocks()[rule] for rule in clocks.FROM_RECEIPT)
    return [
        Running(
            name=rule.name,
            amount=rule.amount,
            rows=_unmet(rule.id),
            began_at=Complaint.received_at,
            due_on=Deadline.due_on,
            complaint_of=lambda deadline: deadline.complaint,
            count_again=clocks.count_again,
            by_hand=false(),
        )
        for rule in counted
        if rule.unit == "working_days"
    ]


def _unmet(rule: str) -> Select[Any]:
    return (
        select(Deadline)
        .join(Deadline.complaint)
        .outerjoin(Complaint.case)
        .where(
            Deadline.rule == rule,
            Deadline.met_on.is_(None),
            Complaint.state != ComplaintState.CLOSED,
            or_(Case.id.is_(None), Case.stage != CaseStage.CLOSED),
        )
        .options(contains_eager(Deadline.complaint))
    )


def _comment_windows(session: Session) -> list[Running]:
    later = aliased(ProvisionalViews)
    was_shared_again = exists().where(
        later.case_id == ProvisionalViews.case_id, later.id > ProvisionalViews.id
    )
    open_ones = (
        select(ProvisionalViews)
        .join(ProvisionalViews.case)
        .where(
            Case.stage == CaseStage.PROVISIONAL_VIEWS,
            ProvisionalViews.comments_due_on >= clock.today(),
            ~was_shared_again,
        )
    )
    lengths = open_ones.with_only_columns(
        ProvisionalViews.window_days, func.min(ProvisionalViews.shared_at)
    ).group_by(ProvisionalViews.window_days)
    return [
        Running(
            name=lists.clocks()["provisional_comments"].name,
            amount=days,
            rows=open_ones.where(ProvisionalViews.window_days == days).options(
                contains_eager(ProvisionalViews.case).joinedload(Case.complaint)
            ),
            began_at=ProvisionalViews.shared_at,
            due_on=ProvisionalViews.comments_due_on,
            complaint_of=lambda views: views.case.complaint,
            count_again=count_comments_again,
            by_hand=ProvisionalViews.extended_because != "",
            was_promised=True,
            since=clock.day_of(first),
        )
        for days, first in session.execute(lengths)
    ]


def _requests(session: Session) -> list[Running]:
    """What organisations were asked for and have a day for that is still to come."""
    running = (
        select(EvidenceRequest)
        .join(EvidenceRequest.case)
        .where(
            EvidenceRequest.state.in_(COUNTED),
            EvidenceRequest.due_on >= clock.today(),
            Case.stage != CaseStage.CLOSED,
        )
    )
    days, began_at = EvidenceRequest.working_days, EvidenceRequest.counted_from
    lengths = running.with_only_columns(days, func.min(began_at)).group_by(days)
    return [
        Running(
            name=lists.clocks()["evidence_request"].name,
            amount=amount,
            rows=running.where(days == amount).options(
                contains_eager(EvidenceRequest.case).joinedload(Case.complaint)
            ),
            began_at=began_at,
            due_on=EvidenceRequest.due_on,
            complaint_of=lambda request: request.case.complaint,
            count_again=count_request_again,
            by_hand=false(),
            was_promised=True,
            since=clock.day_of(first),
        )
        for amount, first in session.execute(lengths)
        if first is not None
    ]
