"""The days on which the person aggrieved may first have had notice, and which of them is chosen."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from app import policy
from app.accounts.models import Account
from app.allegations import actions as allegations
from app.allegations.models import Allegation, KnowledgeDate, KnowledgeSource
from app.audit.record import record
from app.checks.events import KnowledgeDateAdded, KnowledgeDateChosen
from app.core.errors import NotFound, RuleBroken
from app.policy import Permission

#: More candidates than this are no longer an aid to deciding.
MOST = 20


def add(
    session: Session,
    allegation: Allegation,
    *,
    actor: Account,
    known_on: date,
    source: KnowledgeSource,
    note: str = "",
    is_disputed: bool = False,
) -> KnowledgeDate:
    """Write down one more day on which they may have known. It is chosen only by `choose`."""
    policy.require(actor, Permission.ALLEGATION_CHECK, allegation.complaint)
    allegations.check_knowledge(known_on, allegation.event_on, allegation.complaint)
    if len(allegation.known_dates) >= MOST:
        raise RuleBroken(f"There are {MOST} days already. Choose among them.")
    if any((d.known_on, d.source, d.note) == (known_on, source, note) for d in allegation.known_dates):
        raise RuleBroken("This day is in the list already, from the same source.", field="known_on")
    added = KnowledgeDate(
        known_on=known_on, source=source, note=note, is_disputed=is_disputed, added_by=actor
    )
    allegation.known_dates.append(added)
    allegation.touch()
    told = KnowledgeDateAdded(
        allegation=allegation.number, known_on=known_on, source=source, note=note, is_disputed=is_disputed
    )
    record(session, told, actor=actor, complaint=allegation.complaint)
    return added


def choose(
    session: Session,
    allegation: Allegation,
    *,
    actor: Account,
    drawn_from: int | None = None,
    known: KnowledgeDate,
    reasons: str,
) -> None:
    """Count the year from this one of the days in the list. The day before it stays in the record."""
    policy.require(actor, Permission.ALLEGATION_CHECK, allegation.complaint)
    allegation.agree(drawn_from)
    if known not in allegation.known_dates:
        raise NotFound("There is no such day in the list.")
    if known.is_chosen:
        raise RuleBroken("The year is counted from this day already.", field="known")
    was = allegation.knowledge_on
    allegation.knowledge_on, allegation.knowledge_source = known.known_on, known.source
    allegation.knowledge_note, allegation.knowledge_reason = known.note, reasons
    told = KnowledgeDateChosen(
        allegation=allegation.number, known_on=known.known_on, was=was, reasons=reasons
    )
    record(session, told, actor=actor, complaint=allegation.complaint)
