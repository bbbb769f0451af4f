"""Writing the imaging timeline: rows are recorded, changed, chosen between and struck out, never removed."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import policy
from app.accounts.models import Account
from app.audit.changes import change as change_row
from app.audit.record import record
from app.cases.models import Case
from app.core import clock
from app.core.errors import RuleBroken
from app.evidence import linking
from app.evidence.actions import parties_of
from app.evidence.models import Document
from app.organisations.models import Organisation
from app.policy import Permission
from app.reference.lists import timeline_kinds
from app.timeline import queries, words
from app.timeline.events import RowChanged, RowChosen, RowRecorded, RowStruckOut, StudyNamed
from app.timeline.models import Exactness, Row, Study


def name_study(session: Session, case: Case, *, actor: Account, name: str) -> Study:
    """Name an examination the case is about, so that rows can belong to it."""
    policy.require(actor, Permission.DOCUMENT_ADD, case)
    if any(study.name.casefold() == name.casefold() for study in queries.studies_of(session, case)):
        raise RuleBroken("An examination of this case has that name already.", field="name")
    study = Study(case=case, number=_next(session, Study, case), name=name, named_by_id=actor.id)
    session.add(study)
    record(session, StudyNamed(study=study.number, called=name), actor=actor, complaint=case.complaint)
    return study


def record_row(session: Session, case: Case, *, actor: Account, **said: Any) -> Row:
    """Record what one source says happened and when, or that it was searched for and not found.

    `said` is what `_checked` takes.
    """
    policy.require(actor, Permission.DOCUMENT_ADD, case)
    number = _next(session, Row, case)
    if number > queries.MOST_ROWS:
        raise RuleBroken(f"A timeline has {queries.MOST_ROWS} rows at the most. Change one that is there.")
    row = Row(case=case, number=number, recorded_by=actor, **_checked(case, **said))
    session.add(row)
    session.flush()
    told = RowRecorded(
        row=row.number,
        called=row.called,
        when=words.when(row),
        document=row.document.key if row.document else None,
        title=row.document.title if row.document else None,
    )
    record(session, told, actor=actor, complaint=case.complaint)
    return row


def change(session: Session, row: Row, *, actor: Account, drawn_from: int | None = None, **said: Any) -> None:
    """Write down what is known now. What the row said before stays in the record."""
    policy.require(actor, Permission.DOCUMENT_ADD, row.case)
    row.agree(drawn_from)
    _must_stand(row)
    values = _checked(row.case, **said)
    before = _told(row)
    change_row(row, **values)
    session.flush()
    after = _told(row)
    changes = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
    if not changes:
        raise RuleBroken("Nothing has been changed.")
    record(
        session,
        RowChanged(row=row.number, called=row.called, changes=changes),
        actor=actor,
        complaint=row.case.complaint,
    )


def choose(session: Session, row: Row, *, actor: Account, reasons: str) -> None:
    """Say that of several accounts of one event this one counts. The others stay, and do not count."""
    policy.require(actor, Permission.DOCUMENT_ADD, row.case)
    _must_stand(row)
    others = queries.same_event(session, row)
    if row.is_absence or not (row.is_disputed or others):
        raise RuleBroken("There is nothing to choose: no other row says when this happened.")
    for other in others:
        other.chosen_at, other.chosen_by, other.chosen_because = None, None, ""
    row.chosen_at, row.chosen_by, row.chosen_because = clock.now(), actor, reasons
    told = RowChosen(
        row=row.number,
        called=row.called,
        when=words.when(row),
        instead_of=[other.number for other in others],
        reasons=reasons,
    )
    record(session, told, actor=actor, complaint=row.case.complaint)


def strike_out(session: Session, row: Row, *, actor: Account, reasons: str) -> None:
    """Say that the row should not stand. It can still be read, and counts no more."""
    policy.require(actor, Permission.DOCUMENT_ADD, row.case)
    _must_stand(row)
    if bearing := linking.allegations_of(session, row):
        raise RuleBroken(
            f"This row is linked to allegation {', '.join(map(str, bearing))}. Take the link back first."
        )
    row.struck_at, row.struck_because = clock.now(), reasons
    told = RowStruckOut(row=row.number, called=row.called, when=words.when(row), reasons=reasons)
    record(session, told, actor=actor, complaint=row.case.complaint)


def _checked(
    case: Case,
    *,
    kind: str,
    happened_on: date,
    exactness: Exactness,
    at_time: time | None = None,
    until_on: date | None = None,
    study: Study | None = None,
    organisation: Organisation | None = None,
    body: str = "",
    document: Document | None = None,
    page: str = "",
    words: str = "",
    disputed_by: str = "",
    disputed_because: str = "",
) -> dict[str, Any]:
    """What a row is to say, if it can be said; as the columns of the row."""
    if kind not in timeline_kinds():
        raise RuleBroken("Select what happened.", field="kind")
    if (exactness is Exactness.MINUTE) != (at_time is not None):
        raise RuleBroken(
            "Enter the time if it is known to the minute, and leave it empty otherwise.", field="at_time"
        )
    happened_at = _beginning(happened_on, exactness, at_time)
    if happened_at > clock.now():
        raise RuleBroken("It must not be in the future.", field="happened_on")
    if organisation is not None and organisation not in parties_of(case):
        raise RuleBroken("Select an organisation that is party to this case.", field="organisation_code")
    if page and document is None:
        raise RuleBroken("Select the document that has this page.", field="document_key")
    if bool(disputed_by) != bool(disputed_because):
        missing = "disputed_because" if disputed_by else "disputed_by"
        raise RuleBroken("Say both who disputes it and why, or neither.", field=missing)
    return {
        "kind": kind,
        "happened_at": happened_at,
        "until_at": _searched_until(happened_on, until_on, document),
        "exactness": exactness,
        "study": study,
        "organisation": organisation,
        "body": body,
        "document": document,
        "page": page,
        "words": words,
        "disputed_by": disputed_by,
        "disputed_because": disputed_because,
    }


def _beginning(day: date, exactness: Exactness, at_time: time | None) -> datetime:
    first = day.replace(day=1) if exactness is Exactness.MONTH else day
    return clock.instant_of(first, at_time or time.min)


def _searched_until(happened_on: date, until_on: date | None, document: Document | None) -> datetime | None:
    """The end of what was searched. That something did not happen is worth what was searched for it."""
    if until_on is None:
        return None
    if until_on < happened_on:
        raise RuleBroken("The search cannot have ended before it began.", field="until_on")
    if until_on > clock.today():
        raise RuleBroken("What was searched must not reach into the future.", field="until_on")
    if document is None:
        raise RuleBroken(
            "Select the document that was searched: without it nothing shows that it did not happen.",
            field="document_key",
        )
    return min(clock.instant_of(until_on, time(23, 59, 59)), clock.now())


def _told(row: Row) -> dict[str, Any]:
    """What the row says, in the words that the record keeps."""
    return {
        "what": row.called,
        "when": words.when(row),
        "examination": row.study.name if row.study else "",
        "where": row.where,
        "source": row.document.title if row.document else "",
        "page": row.page,
        "words": row.words,
        "disputed_by": row.disputed_by,
        "disputed_because": row.disputed_because,
    }


def _must_stand(row: Row) -> None:
    if row.struck_at is not None:
        raise RuleBroken("This row is struck out. Record another one.")


def _next(session: Session, kind: type[Row] | type[Study], case: Case) -> int:
    """The next number in the case; of two at once, the database refuses the second."""
    return (session.scalar(select(func.max(kind.number)).where(kind.case_id == case.id)) or 0) + 1
