"""Complaints from a file, all of it or nothing: what `rows` has read is logged, row by row."""

from __future__ import annotations

from collections import defaultdict
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
from app.complaints.events import OrganisationMatched, TextRepeated
from app.complaints.models import Channel, Complaint, OrganisationToMatch
from app.complaints.rows import PRECISIONS, Refused, Row, quoted
from app.core import clock
from app.core.text import digest_of
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
    """What loading did. Names are counted as often as rows name them.

    `repeated` are the complaints that say, word for word, what an earlier one says.
    """

    rows: int
    allegations: int
    matched: int
    to_match: int
    repeated: int = 0


def load(session: Session, rows: Sequence[Row], *, actor: Account | None) -> Loaded:
    """Log a complaint for each row, with its issue, and an allegation for each NHS body it names.

    A name is matched to the register only if it is, whole, the name of one organisation; any other
    waits for a person. A text that is here already is loaded all the same, said to be so in its story,
    and waits to be compared; a file names nobody, so that there is nothing else to compare. Raises
    `Refused` for rows that were loaded before.
    """
    policy.require(actor, Permission.COMPLAINT_LOG)
    _refuse_what_is_here(session, rows)
    named: dict[str, Organisation | None] = {}
    said = _said_before(session, rows)
    allegations = matched = to_match = repeated = 0
    for row in rows:
        complaint = _log(session, row, actor)
        repeated += _note_repeat(session, complaint, said, actor)
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
    return Loaded(len(rows), allegations, matched, to_match, repeated)


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
    return log(
        session,
        actor=actor,
        channel=Channel.LOADED,
        received_at=received_at,
        made_on=clock.day_of(received_at),
        narrative=_narrative(row),
        wanted=row.wanted,
        complainant=None,
        source=row.source,
        source_reference=row.reference,
    )


def _narrative(row: Row) -> str:
    caution = PRECISIONS[row.received_precision]
    return f"{caution}\n\n{row.narrative}" if caution else row.narrative


def _said_before(session: Session, rows: Sequence[Row]) -> dict[str, list[int]]:
    """By the digest of a text, the complaints that said it before; not those few that not everybody may know of."""
    digests = {digest_of(_narrative(row)) for row in rows} - {""}
    here = select(Complaint.digest, Complaint.id).where(
        Complaint.digest.in_(digests), Complaint.is_restricted.is_(False)
    )
    said: dict[str, list[int]] = defaultdict(list)
    for digest, number in session.execute(here.order_by(Complaint.id)):
        said[digest].append(number)
    return said


def _note_repeat(
    session: Session, complaint: Complaint, said: dict[str, list[int]], actor: Account | None
) -> bool:
    """Keep in its story that an earlier complaint says the same; whether one does."""
    if not complaint.digest:
        return False
    earlier = list(said[complaint.digest])
    if earlier:
        complaint.is_to_compare = True
        record(session, TextRepeated(complaints=earlier), actor=actor, complaint=complaint)
    said[complaint.digest].append(complaint.id)
    return bool(earlier)


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
