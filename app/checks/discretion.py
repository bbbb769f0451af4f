"""Whether to look into an allegation although it is late: s.9(4) of the 1993 Act.

It is opened on the facts as they are computed then, with what speaks for and against, and one person is
named to decide it. When a date changes, it was decided on other facts and is opened again.
"""

from __future__ import annotations

from sqlalchemy.orm import Session

from app import policy
from app.accounts.models import Account
from app.allegations.models import Allegation
from app.audit.record import record
from app.checks.events import DiscretionDecided, DiscretionOpened
from app.checks.facts import time_limit
from app.checks.models import Discretion
from app.checks.queries import discretion_of
from app.core import clock
from app.core.errors import NotPermitted, Overtaken, RuleBroken
from app.notices.actions import tell
from app.notices.models import NoticeKind
from app.policy import Permission


def open_discretion(
    session: Session,
    allegation: Allegation,
    *,
    actor: Account,
    decider: Account,
    for_looking: str,
    against_looking: str,
) -> Discretion:
    """Put before one person whether a late allegation is looked into; before another, if it waits too long.

    Raises `RuleBroken` if it is in time, or was decided on the same dates.
    """
    policy.require(actor, Permission.ALLEGATION_CHECK, allegation.complaint)
    facts = time_limit(allegation)
    if facts.is_in_time is not False or facts.days_late is None:
        raise RuleBroken("By its dates this allegation is not late: there is nothing to decide.")
    there = discretion_of(allegation)
    if there and there.is_decided:
        raise RuleBroken("It has been decided already, on these dates.")
    if there and there.decider is decider:
        raise RuleBroken(f"It waits for {decider.name} already.", field="decider")
    knows = policy.knows_of(session, decider, allegation.complaint)
    if not knows or not policy.may(decider, Permission.DISCRETION_DECIDE, allegation.complaint):
        raise RuleBroken(f"{decider.name} may not decide this. Name somebody who may.", field="decider")
    opened = Discretion(
        facts=facts.kept,
        for_looking=for_looking,
        against_looking=against_looking,
        decider=decider,
        opened_by=actor,
    )
    allegation.discretions.append(opened)
    told = DiscretionOpened(
        allegation=allegation.number,
        decider=decider.name,
        days_late=facts.days_late,
        for_looking=for_looking,
        against_looking=against_looking,
    )
    record(session, told, actor=actor, complaint=allegation.complaint)
    tell(session, decider, NoticeKind.DISCRETION, actor=actor, complaint=allegation.complaint)
    return opened


def decide(
    session: Session,
    allegation: Allegation,
    *,
    actor: Account,
    which: int | None = None,
    drawn_from: int | None = None,
    is_exercised: bool,
    reasons: str,
) -> Discretion:
    """Decide it, one way or the other. Only the person who was named can, and once on the same facts.

    `which` is the id of the one a form was drawn from: on other dates it is opened again, as another.
    """
    policy.require(actor, Permission.DISCRETION_DECIDE, allegation.complaint)
    waiting = discretion_of(allegation)
    if waiting is None:
        raise RuleBroken("The dates have changed since it was opened. Open it again on the new ones.")
    if which is not None and which != waiting.id:
        raise Overtaken(waiting)
    waiting.agree(drawn_from)
    if waiting.decider is not actor:
        raise NotPermitted(f"{waiting.decider.name} was named to decide this.")
    if waiting.is_decided:
        raise RuleBroken("This has been decided already, on these dates.")
    waiting.is_exercised, waiting.reasons, waiting.decided_at = is_exercised, reasons, clock.now()
    told = DiscretionDecided(
        allegation=allegation.number, is_exercised=is_exercised, reasons=reasons, facts=waiting.facts
    )
    record(session, told, actor=actor, complaint=allegation.complaint)
    return waiting


def check(allegation: Allegation, *, is_exercised: bool) -> None:
    """Raise `RuleBroken` unless the named person decided just this, on the facts as they are now."""
    decided = discretion_of(allegation)
    if decided is None or not decided.is_decided:
        raise RuleBroken(
            "It is late. Name somebody to decide whether to look into it all the same, and wait for"
            " their decision.",
            field="time_answer",
        )
    if decided.is_exercised is not is_exercised:
        way = "to look into it all the same" if decided.is_exercised else "not to look into it"
        raise RuleBroken(f"{decided.decider.name} has decided {way}.", field="time_answer")
