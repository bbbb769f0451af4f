"""What the office asks of organisations, and how it asks again. What came of each item is in `answers`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import policy
from app.accounts.models import Account
from app.audit.changes import change as change_row
from app.audit.record import record
from app.cases.models import Case
from app.consents import scopes
from app.consents.scopes import Act
from app.core import calendar, clock
from app.core.calendar import Otherwise
from app.core.errors import RuleBroken
from app.evidence.actions import parties_of
from app.notices.actions import tell_officers
from app.notices.models import NoticeKind
from app.organisations.models import Organisation
from app.policy import Permission
from app.reference.lists import requested_items
from app.requests import letters, workflow
from app.requests.events import RequestChanged, RequestCountedAgain, RequestDrafted
from app.requests.models import EvidenceRequest, RequestItem, RequestState, RequestStep, StepKind

#: How many items one request has at the most, and how long one in our own words is.
MOST_ITEMS, LONGEST_ITEM = 60, 1000


def make(
    session: Session,
    case: Case,
    *,
    actor: Account,
    organisation: Organisation,
    kinds: Sequence[str],
    own: str = "",
    words: str = "",
    working_days: int,
    addressed_to: str = "",
) -> EvidenceRequest:
    """Draft a request. `kinds` are keys of the list of items; `own` has items of our own, one in each line."""
    policy.require(actor, Permission.REQUEST_MAKE, case)
    if organisation not in parties_of(case):
        raise RuleBroken("Select an organisation that is party to this case.")
    request = EvidenceRequest(
        case=case,
        organisation=organisation,
        number=_next(session, case),
        words=words,
        working_days=working_days,
        addressed_to=addressed_to,
        asked_by=actor,
    )
    request.items = _items(case, organisation, kinds, own)
    session.add(request)
    session.flush()
    drafted = RequestDrafted(
        request=request.number,
        organisation=organisation.known_as,
        items=[item.called for item in request.items],
    )
    record(session, drafted, actor=actor, complaint=case.complaint)
    return request


def change(
    session: Session,
    request: EvidenceRequest,
    *,
    actor: Account,
    drawn_from: int | None = None,
    kinds: Sequence[str],
    own: str = "",
    **answers: Any,
) -> None:
    """Change a request while it is a draft."""
    policy.require(actor, Permission.REQUEST_MAKE, request.case)
    request.agree(drawn_from)
    if request.state is not RequestState.DRAFTED:
        raise RuleBroken("It has been sent, and can no longer be changed. Make another one.")
    items = _items(request.case, request.organisation, kinds, own)
    was, now = [item.words for item in request.items], [item.words for item in items]
    changes = change_row(request, **answers)
    if was != now:
        changes["items"] = ["; ".join(was), "; ".join(now)]
        request.items.clear()
        session.flush()  # their numbers are free only once they are gone
        request.items = items
        request.touch()
    if changes:
        told = RequestChanged(request=request.number, changes=changes)
        record(session, told, actor=actor, complaint=request.case.complaint)


def send(session: Session, request: EvidenceRequest, *, actor: Account, **given: Any) -> RequestStep:
    """Send the request: from now on the organisation sees it through its own door, and its days run."""
    return go_out(session, request, StepKind.REQUEST, actor=actor, **given)


def chase(session: Session, request: EvidenceRequest, *, actor: Account, **given: Any) -> RequestStep:
    """Ask again for what is outstanding, and for nothing else."""
    return go_out(session, request, StepKind.CHASER, actor=actor, **given)


def warn(session: Session, request: EvidenceRequest, *, actor: Account, **given: Any) -> RequestStep:
    """Say formally what s.12 lets us do and what may follow under s.13."""
    return go_out(session, request, StepKind.FORMAL_WARNING, actor=actor, **given)


def certify(session: Session, request: EvidenceRequest, *, actor: Account, **given: Any) -> RequestStep:
    """Put it to the ombudsman to certify to the High Court under s.13. What follows is not done here."""
    return go_out(session, request, StepKind.CERTIFICATE_MEMO, actor=actor, **given)


def go_out(
    session: Session,
    request: EvidenceRequest,
    kind: StepKind,
    *,
    actor: Account,
    drawn_from: int | None = None,
    words: str | None = None,
    working_days: int | None = None,
) -> RequestStep:
    """One letter of the ladder: what it says is kept as it goes out, and its days are counted from today.

    Raises `RuleBroken` where whoever it concerns has taken back that it is shown to the organisation.
    """
    workflow.check(actor, request, workflow.LETTERS[kind])
    request.agree(drawn_from)
    if request.organisation not in parties_of(request.case):
        raise RuleBroken(f"{request.organisation.name} is party to this case no more. Withdraw the request.")
    is_memo = kind is StepKind.CERTIFICATE_MEMO
    if words is None:
        words = request.words if kind is StepKind.REQUEST else ""
    if not is_memo:
        scopes.require(request.case.complaint, Act.GIVE_TO_ORGANISATION)
    days = None if is_memo else working_days or request.working_days
    due_on = calendar.working_days_after(clock.today(), days) if days else None
    step = RequestStep(
        number=len(request.steps) + 1,
        kind=kind,
        taken_on=clock.today(),
        by=actor,
        words=words,
        working_days=days,
        due_on=due_on,
        content=letters.content_of(session, request, kind),
    )
    workflow.take(session, request, workflow.LETTERS[kind], actor=actor, words=words, due_on=due_on)
    request.steps.append(step)
    if days:
        request.working_days, request.counted_from, request.due_on = days, clock.now(), due_on
        request.asked_on = request.asked_on or clock.today()
        tell_officers(session, request.organisation, NoticeKind.ASKED, actor=actor)
    return step


def withdraw(session: Session, request: EvidenceRequest, *, actor: Account, reasons: str) -> None:
    """Ask for it no more. What was sent and what came of it stays."""
    workflow.take(session, request, workflow.WITHDRAW, actor=actor, words=reasons)


def count_again(
    session: Session, request: EvidenceRequest, *, actor: Account | None, otherwise: Otherwise
) -> None:
    """Count the days of a request that runs by another calendar. The old day stays in the record."""
    assert request.counted_from is not None
    assert request.due_on is not None
    began = clock.day_of(request.counted_from)
    was, due_on = request.due_on, calendar.working_days_after(began, request.working_days, otherwise)
    request.due_on = due_on
    told = RequestCountedAgain(
        request=request.number, due_on=due_on, was=was, calendar=calendar.version(otherwise)
    )
    record(session, told, actor=actor, complaint=request.case.complaint)


def _items(case: Case, organisation: Organisation, kinds: Sequence[str], own: str) -> list[RequestItem]:
    """The items in the order of the list, then those of our own; numbered from 1."""
    listed, about = requested_items(), letters.against(case, organisation)
    chosen = [item for item in listed.values() if item.key in set(kinds)]
    ours = [line.strip() for line in own.splitlines() if line.strip()]
    if not chosen and not ours:
        raise RuleBroken("Choose at least one item, or write one of your own.", field="kinds")
    if len(chosen) + len(ours) > MOST_ITEMS:
        raise RuleBroken(f"A request has {MOST_ITEMS} items at the most. Make another one.", field="own")
    if any(len(line) > LONGEST_ITEM for line in ours):
        raise RuleBroken(f"One item has {LONGEST_ITEM:,} characters at the most.", field="own")
    items = [
        RequestItem(
            kind=item.key,
            name=item.name,
            words=letters.filled_in(item.words, about),
            asks_in_force=item.asks_in_force,
        )
        for item in chosen
    ]
    items += [RequestItem(words=line) for line in ours]
    for number, item in enumerate(items, 1):
        item.number = number
    return items


def _next(session: Session, case: Case) -> int:
    """The next number in the case; of two at once, the database refuses the second."""
    last = select(func.max(EvidenceRequest.number)).where(EvidenceRequest.case_id == case.id)
    return (session.scalar(last) or 0) + 1
