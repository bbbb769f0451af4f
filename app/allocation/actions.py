from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy.orm import Session

from app import policy
from app.accounts.models import Account
from app.allocation import queries
from app.allocation.events import CasesGiven, CasesGivenBack
from app.allocation.models import MOST, UNDONE_WITHIN, BulkAllocation, GivenCase
from app.allocation.planning import TOO_MANY, why_not, why_not_to
from app.audit.record import record
from app.cases import actions as cases
from app.cases.models import Case
from app.core import clock
from app.core.errors import CaseworkError, RuleBroken
from app.policy import Permission

CHANGED = "Somebody has changed this case since you looked at it."
NO_LONGER = "Whoever was to get it is no investigator any more."
NONE_GIVEN = "None of these cases could be given any more. What follows is worked out anew: confirm it again."
TOO_LATE = "This was more than 24 hours ago. Give the cases one by one, or make another allocation."
NOTHING_TO_UNDO = (
    "There is nothing to undo: it has been undone, or something has happened in each case since."
)


class Asked(NamedTuple):
    """What was confirmed for one case: the version that was looked at, and the key of whoever gets it."""

    reference: str
    version: int
    to: str


def give(session: Session, *, actor: Account, asked: Sequence[Asked]) -> BulkAllocation:
    """Give each case to whom the plan said, all in this one transaction.

    What has changed since the plan was drawn is left out and kept with its reason. Raises `RuleBroken` if
    nothing is left, and then changes nothing.
    """
    policy.require(actor, Permission.CASE_ALLOCATE)
    if len(asked) > MOST:
        raise RuleBroken(TOO_MANY)
    found = queries.cases_called(session, actor, [one.reference for one in asked])
    named = queries.named_for(session, found.values())
    to = {one.key: one for one in queries.able(session, actor, {one.to for one in asked} or {""})}
    bulk = BulkAllocation(made_by=actor, missing=len(asked) - len(found))
    session.add(bulk)
    session.flush()
    for one in asked:
        if case := found.get(one.reference):
            _give_one(session, bulk, case, one, to.get(one.to), named)
    done = [given for given in bulk.given if given.stands]
    if not done:
        raise RuleBroken(NONE_GIVEN)
    told = CasesGiven(bulk=bulk.key, given=len(done), left_out=len(asked) - len(done))
    record(session, told, actor=actor)
    return bulk


def undo(session: Session, bulk: BulkAllocation, *, actor: Account) -> int:
    """Give back each case in which nothing has happened since, within 24 hours; how many were given back.

    Raises `RuleBroken` if there is none.
    """
    policy.require(actor, Permission.CASE_ALLOCATE)
    if clock.now() - bulk.created_at > UNDONE_WITHIN:
        raise RuleBroken(TOO_LATE)
    mine = queries.given_in(session, actor, bulk)
    kept = why_not_undone(session, actor, mine)
    going = [given for given in mine if given.stands and given.case_id not in kept]
    if not going:
        raise RuleBroken(NOTHING_TO_UNDO)
    for given in going:
        cases.give_back(session, given.case, actor=actor, owner=given.was, bulk=bulk.key)
        given.undone_at = clock.now()
    told = CasesGivenBack(bulk=bulk.key, given_back=len(going), left_out=len(kept))
    record(session, told, actor=actor)
    return len(going)


def why_not_undone(session: Session, actor: Account, given: Sequence[GivenCase]) -> dict[int, str]:
    """Why a case that was given is not given back, by its id; those that can be are not in it."""
    standing = [one for one in given if one.stands]
    touched = queries.touched_since(session, standing)
    reasons = {}
    for one in standing:
        if one.case_id in touched or one.case.owner_id != one.to_id:
            reasons[one.case_id] = "Something has happened in it since."
        elif why := why_not(actor, one.case) or cases.why_not_have(one.case, one.was):
            reasons[one.case_id] = why
    return reasons


def _give_one(
    session: Session,
    bulk: BulkAllocation,
    case: Case,
    one: Asked,
    to: Account | None,
    named: set[tuple[int, int]],
) -> None:
    given = GivenCase(case=case, was=case.owner, to=to or bulk.made_by, left_out="")
    if to is None:
        given.left_out = NO_LONGER
    elif case.version != one.version:
        given.left_out = CHANGED
    elif reason := why_not(bulk.made_by, case) or why_not_to(case, to, named):
        given.left_out = reason
    else:
        try:
            given.entry_id = cases.allocate(session, case, actor=bulk.made_by, owner=to, bulk=bulk.key)
        except CaseworkError as refusal:  # raised before anything is changed
            given.left_out = str(refusal)
    bulk.given.append(given)
