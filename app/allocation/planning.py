"""Who would get which case, and why some get none: worked out before anything is given, and again when it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy.orm import Session

from app import policy
from app.accounts.models import Account
from app.allocation import queries
from app.allocation.models import MOST
from app.cases.models import Case, CaseStage
from app.core import clock
from app.core.errors import RuleBroken
from app.policy import Permission
from app.policy.visibility import ABSENT

BEING_APPROVED = "Its decision is being approved: it keeps its investigator until that is over."
TOO_MANY = f"At most {MOST} cases can be given at once. Give some of them first."
NOBODY = "Choose an investigator: nobody in your team can be given cases."


class Give(NamedTuple):
    """A case, who gets it, and the version in which it was looked at."""

    case: Case
    to: Account


class Refused(NamedTuple):
    reference: str
    why: str


@dataclass(frozen=True)
class Plan:
    given: Sequence[Give]
    refused: Sequence[Refused]
    #: Why some of those asked for get none of the cases.
    left_out: Sequence[str] = ()

    @property
    def pairs(self) -> str:
        """The plan as a form keeps it: each case with its version and whoever gets it."""
        return " ".join(f"{give.case.reference}~{give.case.version}~{give.to.key}" for give in self.given)


def plan(session: Session, actor: Account, references: Sequence[str], keys: Sequence[str]) -> Plan:
    """Spread these cases evenly over the investigators of these keys, or with none, over the actor's team.

    Each case goes to whoever has the fewest open cases among those who can be given it. Raises `RuleBroken`
    if there is nobody, nothing, or too much to give.
    """
    policy.require(actor, Permission.CASE_ALLOCATE)
    if not references:
        raise RuleBroken("Tick at least one case.", field="case")
    if len(references) > MOST:
        raise RuleBroken(TOO_MANY, field="case")
    able = queries.able(session, actor, keys)
    if not able:
        raise RuleBroken(NOBODY, field="to")
    cases = queries.cases_called(session, actor, references)
    load, named = queries.open_cases_of(session, able), queries.named_for(session, cases.values())
    given, refused = [], []
    whys: dict[Account, set[str | None]] = {to: set() for to in able}
    for reference in references:
        case = cases.get(reference)
        why = why_not(actor, case)
        barred = {} if case is None or why else {to: why_not_to(case, to, named) for to in able}
        for one, reason in barred.items():
            whys[one].add(reason)
        fit = [to for to, reason in barred.items() if reason is None]
        if case is None or why or not fit:
            reasons = dict.fromkeys(reason for reason in barred.values() if reason)
            refused.append(Refused(reference, why or " ".join(reasons)))
            continue
        to = min(fit, key=lambda one: (load[one.id], one.name, one.id))
        load[to.id] += 1
        given.append(Give(case, to))
    left_out = [reason for reasons in whys.values() if None not in reasons for reason in reasons if reason]
    return Plan(given, refused, left_out)


def why_not(actor: Account, case: Case | None) -> str | None:
    """Why this case cannot be given to anybody now; None if it can."""
    if case is None:
        return ABSENT
    if case.stage is CaseStage.APPROVAL:
        return BEING_APPROVED
    return policy.refusal(actor, Permission.CASE_ALLOCATE, case)


def why_not_to(case: Case, to: Account, named: set[tuple[int, int]]) -> str | None:
    """Why this person cannot be given the case; None if they can. `named` says who is named for what."""
    if case.owner_id == to.id:
        return f"{to.name} has this case already."
    if any(conflict.touches(case.complaint) for conflict in to.conflicts):
        return f"{to.name} has a conflict of interest here."
    if absence := to.absence_on(clock.today()):
        return f"{to.name} is away until {absence.to_on.day} {absence.to_on:%B %Y}."
    is_closed_to = case.complaint.is_restricted and (case.complaint_id, to.id) not in named
    if is_closed_to and not policy.may(to, Permission.COMPLAINT_VIEW_RESTRICTED):
        return f"{to.name} is not named among those who may know of this restricted case."
    return None
