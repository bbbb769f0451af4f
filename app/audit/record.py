"""Writing the chain, and reading it back.

Each entry's hash covers its number, its facts, a salted digest of its particulars and the hash of
the entry before. The text that is hashed begins with what it is, so that no other hash in the
system can be taken for one of these.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextvars import ContextVar
from datetime import UTC
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session, joinedload

from app.audit.authority import authority_of
from app.audit.events import Event
from app.audit.models import AuditDetail, AuditEntry, AuditHead
from app.core import clock

if TYPE_CHECKING:
    from app.accounts.models import Account
    from app.complaints.models import Complaint

#: The request in which things are being done, so that an entry can be matched with the access log.
request_id: ContextVar[str | None] = ContextVar("request_id", default=None)

#: Where the particulars say under which delegation something was done. No event has a field of this name.
UNDER = "done_under"

#: What the hash of an entry covers: the column, and what it is called in the text that is hashed.
COVERED = {
    "number": "number",
    "occurred_at": "occurred_at",
    "event": "event",
    "actor_id": "actor",
    "complaint_id": "complaint",
    "request_id": "request",
    "detail_digest": "detail",
    "previous_hash": "previous",
}

#: The hash before the first entry. Migration 0002 writes it into the head.
GENESIS = hashlib.sha256(b"second-read/audit/v1/genesis").hexdigest()


def record(
    session: Session, event: Event, *, actor: Account | None, complaint: Complaint | None = None
) -> int:
    """Write `event` into the same transaction as the change it tells of. Returns the id of the entry.

    An `actor` of None is the operator: a command, or the service itself. The particulars also say under which
    delegation somebody acts who could not in their own right. The head of the chain
    stays locked until the transaction ends, so entries stand in the order in which they count.
    """
    [key] = record_all(session, [event], actor=actor, complaint=complaint)
    return key


def record_all(
    session: Session, events: Sequence[Event], *, actor: Account | None, complaint: Complaint | None = None
) -> Sequence[int]:
    """Write events into the same transaction, one after the other: see `record`.

    Past the session's unit of work, which takes longer over the hundreds of a disc than the database does.
    """
    if not events:
        return []
    session.flush()  # so that a row recorded in this very transaction has its id
    head = session.scalars(
        select(AuditHead).with_for_update().execution_options(populate_existing=True)
    ).one()
    under = authority_of(session, actor)
    entries: list[dict[str, Any]] = []
    particulars: list[dict[str, Any]] = []
    length, last = head.length, head.hash
    for event in events:
        salt, detail = secrets.token_hex(16), event.detail | ({UNDER: under} if under else {})
        length += 1
        entry = {
            "number": length,
            "occurred_at": clock.now(),
            "event": event.name,
            "actor_id": actor and actor.id,
            "complaint_id": complaint and complaint.id,
            "request_id": request_id.get(),
            "detail_digest": _digest_of(salt, detail),
            "previous_hash": last,
        }
        last = _hash_of(entry)
        entries.append(entry | {"hash": last})
        particulars.append({"salt": salt, "detail": detail})
    numbered = insert(AuditEntry).returning(AuditEntry.id, sort_by_parameter_order=True)
    ids = session.scalars(numbered, entries).all()
    theirs = [told | {"entry_id": key} for key, told in zip(ids, particulars, strict=True)]
    session.execute(insert(AuditDetail), theirs)
    head.length, head.hash = length, last
    return ids


def verify(session: Session) -> Iterator[str]:
    """What is wrong with the record, in order; nothing if it is whole. Reads in portions."""
    previous, length = GENESIS, 0
    entries = select(AuditEntry).order_by(AuditEntry.number).options(joinedload(AuditEntry.particulars))
    with session.scalars(entries.execution_options(yield_per=1000)) as read:
        for entry in read:
            length += 1
            if entry.number != length:
                yield f"Entry {length} is missing: the next one is number {entry.number}."
                return
            facts = {name: getattr(entry, name) for name in COVERED}
            if entry.previous_hash != previous or entry.hash != _hash_of(facts):
                yield f"Entry {entry.number} ({entry.event}) is not what was written."
                return
            if entry.particulars is None:
                yield f"The particulars of entry {entry.number} ({entry.event}) are missing."
            elif _digest_of(entry.particulars.salt, entry.particulars.detail) != entry.detail_digest:
                yield f"The particulars of entry {entry.number} ({entry.event}) are not what was written."
            previous = entry.hash

    head = session.scalars(select(AuditHead)).one()
    if (head.length, head.hash) != (length, previous):
        yield f"The record ends at entry {length}, but its head says {head.length}."


def _hash_of(facts: Mapping[str, Any]) -> str:
    told = {name: facts[column] for column, name in COVERED.items()}
    occurred_at = told["occurred_at"].astimezone(UTC).isoformat(timespec="microseconds")
    return _sha256("entry", told | {"occurred_at": occurred_at})


def _digest_of(salt: str, detail: dict[str, Any]) -> str:
    return _sha256("detail", {"salt": salt, "detail": detail})


def _sha256(kind: str, content: dict[str, Any]) -> str:
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return hashlib.sha256(f"second-read/audit/v1/{kind}\n{text}".encode()).hexdigest()
