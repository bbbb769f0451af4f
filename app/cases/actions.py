from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from app import policy
from app.accounts.models import Account, Role
from app.audit.record import record
from app.cases import workflow
from app.cases.events import CaseAllocated, CaseGivenBack, CaseOpened, MediationBegun
from app.cases.models import Case, Closure, Mediation
from app.checks import answers
from app.complaints import clocks
from app.complaints import workflow as complaints
from app.complaints.models import Complaint
from app.core import clock
from app.core.errors import RuleBroken
from app.notices.actions import tell
from app.notices.models import NoticeKind
from app.policy import Permission


def open_case(session: Session, complaint: Complaint, *, actor: Account) -> Case:
    """Take the complaint on: a case for what was accepted, at primary investigation, under its reference.

    Raises `RuleBroken` where an allegation was decided on facts that have changed since.
    """
    answers.require_to_hold(complaint)
    complaints.take(session, complaint, complaints.ACCEPT, actor=actor)
    case = Case(complaint=complaint)
    session.add(case)
    opened = CaseOpened(allegations=[allegation.number for allegation in case.allegations])
    record(session, opened, actor=actor, complaint=complaint)
    return case


def allocate(session: Session, case: Case, *, actor: Account, owner: Account, bulk: str = "") -> int:
    """Give the case to an investigator, or to another one. `bulk` is the key of what it is given with.

    Returns the id of the entry in the record. Raises `RuleBroken` before anything is changed.
    """
    policy.require(actor, Permission.CASE_ALLOCATE, case)
    if case.owner is owner:
        raise RuleBroken(f"{owner.name} has this case already.", field="owner")
    if reason := why_not_have(case, owner):
        raise RuleBroken(reason, field="owner")
    before, case.owner = case.owner, owner
    told = CaseAllocated(
        to_id=owner.id,
        to_name=owner.name,
        from_id=before.id if before else None,
        from_name=before.name if before else None,
        bulk=bulk,
    )
    tell(session, owner, NoticeKind.ALLOCATED, actor=actor, complaint=case.complaint)
    return record(session, told, actor=actor, complaint=case.complaint)


def give_back(session: Session, case: Case, *, actor: Account, owner: Account | None, bulk: str) -> None:
    """Undo that the case was given: to whoever had it before, or to nobody."""
    policy.require(actor, Permission.CASE_ALLOCATE, case)
    if reason := why_not_have(case, owner):
        raise RuleBroken(reason)
    before, case.owner = case.owner, owner
    told = CaseGivenBack(
        to_id=owner.id if owner else None,
        to_name=owner.name if owner else None,
        from_name=before.name if before else None,
        bulk=bulk,
    )
    record(session, told, actor=actor, complaint=case.complaint)


def why_not_have(case: Case, owner: Account | None) -> str | None:
    """Why this person cannot have the case; None if they can. Nobody can always have it."""
    if owner is None:
        return None
    if Role.INVESTIGATOR not in owner.roles or not owner.is_active:
        return f"{owner.name} is not an investigator."
    if any(conflict.touches(case.complaint) for conflict in owner.conflicts):
        return f"{owner.name} has a conflict of interest here and cannot be given this case."
    return None


def investigate_in_detail(session: Session, case: Case, *, actor: Account) -> None:
    """Start the detailed investigation. From here on the organisations may comment: s.11(1)."""
    workflow.take(session, case, workflow.INVESTIGATE_IN_DETAIL, actor=actor)
    case.put_to_parties_at = clock.now()


def send_to_mediation(
    session: Session, case: Case, *, actor: Account, mediator: str, until_on: date, reasons: str
) -> None:
    """Let the parties try to agree first, with the help of a mediator. The clocks go on running."""
    if until_on <= clock.today():
        raise RuleBroken("Enter a day in the future: until then the parties have.", field="until_on")
    workflow.take(session, case, workflow.MEDIATE, actor=actor, reasons=reasons)
    session.add(Mediation(case=case, mediator=mediator, until_on=until_on))
    told = MediationBegun(mediator=mediator, until_on=until_on)
    record(session, told, actor=actor, complaint=case.complaint)
    session.expire(case, ["mediation"])


def end_mediation(session: Session, case: Case, *, actor: Account, reasons: str) -> None:
    """The parties did not agree: the case goes on where it was."""
    workflow.take(session, case, workflow.END_MEDIATION, actor=actor, reasons=reasons)


def take_back(session: Session, case: Case, *, actor: Account, reasons: str) -> None:
    """Back to primary investigation, where an error was made in going on.

    The organisations no longer see the allegations: they are put to them anew when the case goes on.
    """
    workflow.take(session, case, workflow.RETURN_TO_PRIMARY, actor=actor, reasons=reasons)
    case.put_to_parties_at = None


def reopen(session: Session, case: Case, *, actor: Account, reasons: str) -> None:
    """Resume what was discontinued, or take up again what was closed before an investigation.

    The twelve months of s.14(2HA) run from receipt, as if the case had never been closed.
    """
    resumed = case.closure is Closure.DISCONTINUED
    step = workflow.RESUME_INVESTIGATION if resumed else workflow.TAKE_UP_AGAIN
    workflow.take(session, case, step, actor=actor, reasons=reasons)
    case.duplicate_of = None
    clocks.run_again(session, case.complaint, actor=actor)


def close(session: Session, case: Case, *, actor: Account, closure: Closure, reasons: str) -> None:
    """Close the case for one of the reasons that need no other case. See `corrections` for duplicates."""
    able = (one for one in workflow.STEPS if one.closure is not Closure.DUPLICATE)
    step = next((one for one in able if one.closure is closure), None)
    if step is None:
        raise RuleBroken("Select why the case is closed.", field="closure")
    workflow.take(session, case, step, actor=actor, reasons=reasons)
    clocks.conclude(session, case.complaint, actor=actor)
