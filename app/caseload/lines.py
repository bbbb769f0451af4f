"""How a line follows from the records it tells of. Nothing else writes lines and marks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import (
    delete,
    exists,
    insert,
    select,
    update,
)
from sqlalchemy.orm import Session, object_session

from app.allegations.models import Allegation, Coding, InitialCheck, Issue
from app.casefile.models import Stay
from app.caseload.models import NEVER, NOT_YET, Line, Mark, MarkKind, Standing
from app.caseload.said import Said, by_kind, everything_said, facts
from app.cases.models import Case
from app.cases.next_steps import NextStep, next_step
from app.complaints.models import (
    Complaint,
    ComplaintState,
    Deadline,
    OrganisationToMatch,
    Part,
    Party,
)
from app.consents.models import Consent
from app.core import clock
from app.core.derived import TellsOf
from app.decisions.models import FinalDecision
from app.findings.models import Finding
from app.people.models import Person
from app.recommendations.models import Recommendation, RecommendationState

#: Lines worked out at once when all are.
BATCH = 500

#: Of which complaint each row of these tables tells.
WHOSE: dict[type[Any], TellsOf] = {
    Complaint: lambda row: (row.id,),
    Party: lambda row: (row.complaint_id,),
    Person: lambda row: _of_person(row),
    Deadline: lambda row: (row.complaint_id,),
    OrganisationToMatch: lambda row: (row.complaint_id,),
    Issue: lambda row: (row.complaint_id,),
    Allegation: lambda row: (row.complaint_id,),
    InitialCheck: lambda row: (row.allegation.complaint_id,),
    Coding: lambda row: (row.allegation.complaint_id,),
    Case: lambda row: (row.complaint_id,),
    Stay: lambda row: (row.case.complaint_id,),
    Finding: lambda row: (row.allegation.complaint_id,),
    FinalDecision: lambda row: (row.case.complaint_id,) if row.case else (),  # returned: the case tells of it
    Recommendation: lambda row: (row.case.complaint_id,),
    Consent: lambda row: (row.complaint_id,),
}
#: Somebody who complains often has thousands of complaints: only these columns touch them.
HEEDED: dict[type[Any], frozenset[str]] = {Person: frozenset({"name", "died_on"})}


def refresh(session: Session, complaints: Sequence[int]) -> None:
    """Work the lines of these complaints out again, and write what differs."""
    there = _as_kept(session, complaints)
    wanted = worked_out(session, complaints)
    for complaint_id, (values, marks) in wanted.items():
        line, old_marks = there.get(complaint_id, (None, frozenset()))
        if line is None:
            session.execute(insert(Line).values(**values))
        elif line != values:
            session.execute(update(Line).where(Line.complaint_id == complaint_id).values(**values))
        _write_marks(session, complaint_id, old_marks, marks)


def catch_up(session: Session) -> None:
    """Work out the lines of complaints that have none: those from before there were lines."""
    without = select(Complaint.id).where(~exists().where(Line.complaint_id == Complaint.id)).limit(BATCH)
    while complaints := session.scalars(without).all():
        refresh(session, complaints)


def rebuild(session: Session) -> int:
    """Work out every line there is, in portions; how many there are."""
    total = 0
    for portion in portions(session):
        refresh(session, portion)
        total += len(portion)
    return total


def differing(session: Session) -> Iterator[str]:
    """The references of complaints whose line is not what it should be; nothing if all are right."""
    for portion in portions(session):
        there = _as_kept(session, portion)
        for complaint_id, wanted in worked_out(session, portion).items():
            if there.get(complaint_id) != wanted:
                yield wanted[0]["reference"]


def portions(session: Session) -> Iterator[Sequence[int]]:
    """The ids of all complaints, `BATCH` at a time."""
    last = 0
    while found := session.scalars(
        select(Complaint.id).where(Complaint.id > last).order_by(Complaint.id).limit(BATCH)
    ).all():
        yield found
        last = found[-1]


def worked_out(
    session: Session, complaints: Sequence[int]
) -> dict[int, tuple[dict[str, Any], frozenset[tuple[MarkKind, str]]]]:
    """For each of these complaints, the values of its line and the marks it bears, by complaint."""
    said: dict[int, list[Said]] = defaultdict(list)
    for row in session.execute(everything_said(complaints)):
        said[row.complaint_id].append(Said(*row))
    due: dict[int, tuple[date, str]] = {}
    unmet = select(Deadline.complaint_id, Deadline.due_on, Deadline.rule).where(
        Deadline.complaint_id.in_(complaints), Deadline.met_on.is_(None)
    )
    for complaint_id, day, rule in session.execute(unmet):
        due[complaint_id] = min((day, rule), due.get(complaint_id, (NEVER, "")))
    rows = session.execute(facts(complaints))
    return {row.id: _line_and_marks(row, by_kind(said[row.id]), due.get(row.id, (NEVER, ""))) for row in rows}


def _line_and_marks(
    row: Any, said: dict[str, list[str]], due: tuple[date, str]
) -> tuple[dict[str, Any], frozenset[tuple[MarkKind, str]]]:
    standing = _standing(row)
    is_open = standing not in {Standing.CLOSED, Standing.CLOSED_AFTER_CHECK}
    due_on, due_rule = due if is_open else (NEVER, "")
    values = {
        "complaint_id": row.id,
        "reference": row.reference,
        "standing": standing,
        "is_case": row.stage is not None,
        "is_open": is_open,
        "is_restricted": row.is_restricted,
        "owner_id": row.owner_id,
        "received_at": row.received_at,
        "due_on": due_on,
        "due_rule": due_rule,
        "review_on": row.review_on or NEVER,
        "consent_until": (is_open and row.consent_until) or NEVER,
        "decided_on": clock.day_of(row.approved_at) if row.approved_at else NOT_YET,
        "outcome": row.outcome if row.approved_at else None,
        "next_step": _next_step(row, said),
        "affected": ", ".join(said[Part.PERSON_AFFECTED]),
        "complainants": ", ".join(said[Part.COMPLAINANT]),
        "organisations": ", ".join(said["name"]),
        "codes": " ".join(sorted(said[MarkKind.CODE])),
    }
    marks = {(kind, value) for kind in MarkKind for value in said[kind]}
    marks |= {(MarkKind.STEP, code[0]) for code in said[MarkKind.CODE]}
    return values, frozenset(marks)


def _standing(row: Any) -> Standing:
    if row.stage is not None:
        return Standing(row.stage.value)
    return {
        ComplaintState.INITIAL_CHECK: Standing.INITIAL_CHECK,
        ComplaintState.ACCEPTED: Standing.ACCEPTED,
        ComplaintState.CLOSED: Standing.CLOSED_AFTER_CHECK,
    }[row.state]


def _next_step(row: Any, said: dict[str, list[str]]) -> NextStep:
    if row.stage is None:
        return {
            ComplaintState.INITIAL_CHECK: NextStep.CHECK,
            ComplaintState.ACCEPTED: NextStep.OPEN,
            ComplaintState.CLOSED: NextStep.NOTHING,
        }[row.state]
    states = [RecommendationState(state) for state in said["recommendation"]]
    return next_step(stage=row.stage, has_owner=row.owner_id is not None, recommendations=states)


def _as_kept(
    session: Session, complaints: Sequence[int]
) -> dict[int, tuple[dict[str, Any], frozenset[tuple[MarkKind, str]]]]:
    """The lines of these complaints as they stand in the tables, in the form of `worked_out`."""
    columns = [column for column in Line.__table__.columns if column.key != "id"]
    marks: dict[int, set[tuple[MarkKind, str]]] = defaultdict(set)
    kept = select(Mark.complaint_id, Mark.kind, Mark.value).where(Mark.complaint_id.in_(complaints))
    for complaint_id, kind, value in session.execute(kept):
        marks[complaint_id].add((kind, value))
    lines = session.execute(select(*columns).where(Line.complaint_id.in_(complaints)))
    return {row.complaint_id: (dict(row._mapping), frozenset(marks[row.complaint_id])) for row in lines}


def _write_marks(
    session: Session,
    complaint_id: int,
    there: frozenset[tuple[MarkKind, str]],
    wanted: frozenset[tuple[MarkKind, str]],
) -> None:
    for kind, value in there - wanted:
        gone = Mark.complaint_id == complaint_id, Mark.kind == kind, Mark.value == value
        session.execute(delete(Mark).where(*gone))
    if new := wanted - there:
        rows = [{"complaint_id": complaint_id, "kind": kind, "value": value} for kind, value in sorted(new)]
        session.execute(insert(Mark), rows)


def _of_person(person: Person) -> Iterable[int]:
    session = object_session(person)
    parties = select(Party.complaint_id).where(Party.person_id == person.id)
    return session.scalars(parties).all() if session else ()
