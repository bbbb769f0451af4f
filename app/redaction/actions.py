"""Marks on pages, put there and taken away by several people, and copies in which what they cover is gone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from app import policy
from app.accounts.models import Account
from app.audit.record import record
from app.core import clock
from app.core.errors import RuleBroken
from app.core.files import Kept
from app.core.work import Taken
from app.evidence.actions import enter
from app.evidence.events import DocumentFollows
from app.evidence.models import CopyKind, Document, Following, Supplier
from app.evidence.provenance import require_standing
from app.examining.kinds import MOST_DRAWN, PDF
from app.examining.queries import has_leaves, quarantine_of, require_not_infected
from app.policy import Permission
from app.reading.boxes import Box
from app.reading.queries import leaf
from app.redaction import queries
from app.redaction.events import DocumentRedacted, RedactionMarked, RedactionsConfirmed, RedactionStruckOut
from app.redaction.models import Aim, Reason, Redacting, RedactionMark


def mark(
    session: Session,
    document: Document,
    *,
    actor: Account,
    page: int,
    box: Box | None,
    reason: Reason,
    words: str,
) -> RedactionMark:
    """Say that a place is to be blacked out, and why."""
    _require(session, document, actor)
    in_all = leaf(session, document, 1).in_all
    if not 1 <= page <= in_all:
        raise RuleBroken(f"Enter a page from 1 to {in_all}.", field="page")
    if box is None:
        raise RuleBroken("Draw the place on the page, or enter its four sides.", field="left")
    if reason is Reason.OTHER and not words:
        raise RuleBroken("Enter the reason in words.", field="words")
    there = queries.standing(session, document)
    if len(there) >= queries.MOST_MARKS:
        raise RuleBroken(f"A document takes {queries.MOST_MARKS:,} marks. Take some away first.")
    sides = [box.left, box.top, box.right, box.bottom]
    if any(other.page == page and other.box == sides for other in there):
        raise RuleBroken("This very place is marked already.", field="left")
    made = _made(document, actor, page, sides, reason, words=words)
    session.add(made)
    told = RedactionMarked(
        document=document.key, title=document.title, page=page, box=sides, reason=reason.label, words=words
    )
    record(session, told, actor=actor, complaint=document.case.complaint)
    return made


def find(session: Session, document: Document, *, actor: Account, words: str, reason: Reason) -> Redacting:
    """Have every place proposed where these words stand. Each is then to be looked at."""
    _require(session, document, actor)
    quarantine = quarantine_of(session, document)
    if quarantine is None or quarantine.media_type != PDF:
        raise RuleBroken("Only the words of a PDF can be found. Mark the places of a picture yourself.")
    if reason is Reason.OTHER:
        raise RuleBroken("Select a reason that holds for every place.", field="reason")
    if queries.is_at_it(session, document, Aim.FIND):
        raise RuleBroken("Other words are still being looked for. Wait until they are found.")
    asked = Redacting(document=document, account=actor, aim=Aim.FIND, words=words, reason=reason)
    session.add(asked)
    return asked


def propose(session: Session, taken: Taken[Redacting], found: Sequence[tuple[int, list[int]]]) -> None:
    """Keep the places that were found, for somebody to look at. Raises `LeaseLost`."""
    asked = taken.done(session)
    document = asked.document
    there = {(other.page, *other.box) for other in queries.standing(session, document)}
    room = queries.MOST_MARKS - len(there)
    new = [
        (page, box)
        for page, box in dict.fromkeys((p, tuple(b)) for p, b in found)
        if (page, *box) not in there
    ]
    assert asked.reason
    for page, box in new[:room]:
        proposed = _made(document, asked.account, page, box, asked.reason, words=f"“{asked.words}”")
        proposed.is_proposed = True
        session.add(proposed)
    asked.found = len(new[:room])
    if len(new) > room:
        asked.problem = f"There are more places than a document takes marks: only {room:,} are proposed."


def confirm(
    session: Session, document: Document, *, actor: Account, mark: RedactionMark | None = None
) -> int:
    """Have a proposed place blacked out, or every proposed place of the document. How many."""
    _require(session, document, actor)
    proposed = [one for one in queries.standing(session, document) if one.is_proposed]
    chosen = [one for one in proposed if mark is None or one is mark]
    if not chosen:
        raise RuleBroken("No place is proposed that nobody has looked at.")
    for one in chosen:
        one.is_proposed = False
    told = RedactionsConfirmed(
        document=document.key, title=document.title, marks=[[one.page, *one.box] for one in chosen]
    )
    record(session, told, actor=actor, complaint=document.case.complaint)
    return len(chosen)


def strike_out(session: Session, mark: RedactionMark, *, actor: Account) -> None:
    """Say that a place is not to be blacked out after all. The mark stays, struck out."""
    document = mark.document
    _require(session, document, actor)
    if mark.struck_at is not None:
        raise RuleBroken("This mark is taken away already.")
    mark.struck_at, mark.struck_by = clock.now(), actor
    told = RedactionStruckOut(document=document.key, title=document.title, page=mark.page, box=mark.box)
    record(session, told, actor=actor, complaint=document.case.complaint)


def ask_for_copy(session: Session, document: Document, *, actor: Account, title: str) -> Redacting:
    """Have a copy made with everything blacked out that is marked now. `title` is what people outside see."""
    _require(session, document, actor)
    marks = queries.standing(session, document)
    if any(one.is_proposed for one in marks):
        raise RuleBroken(
            "Some places are proposed and nobody has looked at them. Confirm them or take them away."
        )
    if not marks:
        raise RuleBroken("Nothing is marked. Mark what is to be blacked out first.")
    if leaf(session, document, 1).in_all > MOST_DRAWN:
        raise RuleBroken(
            f"A document of more than {MOST_DRAWN:,} pages cannot be redacted here. Split it first."
        )
    if title.casefold() == document.title.casefold():
        raise RuleBroken(
            "Give the copy a name of its own: people outside are not told that of the original.",
            field="title",
        )
    if queries.is_at_it(session, document, Aim.COPY):
        raise RuleBroken("A redacted copy is being made. Wait until it is there.")
    frozen = [
        {"page": one.page, "box": one.box, "reason": one.reason.value, "words": one.words} for one in marks
    ]
    asked = Redacting(document=document, account=actor, aim=Aim.COPY, words=title, marks=frozen)
    session.add(asked)
    return asked


def finish_copy(session: Session, taken: Taken[Redacting], kept: Kept, pages: int) -> Document:
    """Enter the copy as a document of the case. Raises `LeaseLost`, and `NotPermitted` if they no longer may."""
    asked = taken.done(session)
    original, actor = asked.document, asked.account
    policy.require(actor, Permission.DOCUMENT_ADD, original.case)
    copy = enter(
        session,
        original.case,
        actor=actor,
        kept=kept,
        filename=f"redacted-copy-{asked.id}.pdf",
        media_type=PDF,
        title=asked.words,
        supplier=Supplier.OFFICE,
        organisation=None,
        supplied_on=clock.today(),
        copy_kind=CopyKind.COPY,
        pages=pages,
    )
    copy.follows, copy.following, asked.copy = original, Following.REDACTED, copy
    events = (
        DocumentFollows(
            document=copy.key, title=copy.title, earlier=original.title, following=Following.REDACTED
        ),
        DocumentRedacted(
            document=original.key,
            title=original.title,
            copy=copy.key,
            copy_title=copy.title,
            sha256=kept.sha256,
            marks=len(asked.marks),
        ),
    )
    for told in events:
        record(session, told, actor=actor, complaint=original.case.complaint)
    return copy


def _made(
    document: Document, actor: Account, page: int, sides: Sequence[int], reason: Reason, *, words: str
) -> RedactionMark:
    left, top, right, bottom = sides
    where: dict[str, Any] = {"page": page, "left": left, "top": top, "right": right, "bottom": bottom}
    return RedactionMark(document=document, reason=reason, words=words, added_by=actor, **where)


def _require(session: Session, document: Document, actor: Account) -> None:
    policy.require(actor, Permission.DOCUMENT_ADD, document.case)
    require_standing(document)
    require_not_infected(session, document)
    if not has_leaves(quarantine_of(session, document)):
        raise RuleBroken("Only a PDF or a picture can be redacted here, once it has been recognised as one.")
