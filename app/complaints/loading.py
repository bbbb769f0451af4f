"""Complaints from a file, all of it or nothing: what `rows` has read is logged, row by row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import policy
from app.accounts.models import Account
from app.allegations.actions import make_allegation, record_issue
from app.audit.record import record
from app.complaints.actions import log
from app.complaints.events import OrganisationMatched
from app.complaints.models import Channel, Complaint, OrganisationToMatch
from app.complaints.rows import PRECISIONS, Refused, Row, quoted
from app.core import clock
from app.organisations.models import FAMILY_HEALTH, Organisation, OrganisationKind
from app.organisations.queries import exactly_named
from app.policy import Permission

#: Whom an allegation is made against. Any other body that is named and known is noted, no more.
NHS_KINDS = FAMILY_HEALTH | {
    OrganisationKind.NHS_TRUST,
    OrganisationKind.COMMISSIONER,
    OrganisationKind.WELSH_BOARD,
}


@dataclass(frozen=True)
class Loaded:
    """What loading did. Names are counted as often as rows name them."""

    rows: int
    allegations: int
    matched: int
    to_match: int


def load(session: Session, rows: Sequence[Row], *, actor: Account | None) -> Loaded:
    """Log a complaint for each row, with its issue, and an allegation for each NHS body it names.

    A name is matched to the register only if it is, whole, the name of one organisation; any other
    waits for a person. Raises `Refused` for rows that were loaded before.
    """
    policy.require(actor, Permission.COMPLAINT_LOG)
    _refuse_what_is_here(session, rows)
    named: dict[str, Organisation | None] = {}
    allegations = matched = to_match = 0
    for row in rows:
        complaint = _log(session, row, actor)
        issue = record_issue(session, complaint, actor=actor, kind=row.kind, words=row.issue)
        alleged: set[Organisation] = set()
        for words in row.organisations:
            if words not in named:
                named[words] = exactly_named(session, words)
            organisation = named[words]
            if organisation is None:
                complaint.to_match.append(OrganisationToMatch(words=words))
                to_match += 1
                continue
            matched += 1
            if organisation.kind in NHS_KINDS and organisation not in alleged:
                make_allegation(session, issue, actor=actor, organisation=organisation, modality=row.modality)
                alleged.add(organisation)
                allegations += 1
            else:
                _note_match(session, complaint, words, organisation, actor)
    return Loaded(len(rows), allegations, matched, to_match)


def _refuse_what_is_here(session: Session, rows: Sequence[Row]) -> None:
    sources = {row.source for row in rows}
    of_these = select(Complaint.source, Complaint.source_reference).where(Complaint.source.in_(sources))
    here = {(source, reference) for source, reference in session.execute(of_these)}
    again = [
        f"Line {row.line}, column reference: {quoted(row.reference)} is already loaded."
        for row in rows
        if (row.source, row.reference) in here
    ]
    if again:
        raise Refused(again)


def _log(session: Session, row: Row, actor: Account | None) -> Complaint:
    received_at = clock.instant_of(row.received_on, time(0)) if row.received_on else clock.now()
    caution = PRECISIONS[row.received_precision]
    return log(
        session,
        actor=actor,
        channel=Channel.LOADED,
        received_at=received_at,
        made_on=clock.day_of(received_at),
        narrative=f"{caution}\n\n{row.narrative}" if caution else row.narrative,
        wanted=row.wanted,
        complainant=None,
        source=row.source,
        source_reference=row.reference,
    )


def _note_match(
    session: Session, complaint: Complaint, words: str, organisation: Organisation, actor: Account | None
) -> None:
    """Keep, where no allegation tells it, whom a name meant."""
    complaint.to_match.append(
        OrganisationToMatch(
            words=words,
            settled_at=clock.now(),
            settled_by_id=actor and actor.id,
            organisation_id=organisation.id,
        )
    )
    told = OrganisationMatched(words=words, code=organisation.code)
    record(session, told, actor=actor, complaint=complaint)
