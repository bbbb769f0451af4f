"""What is indexed of a complaint, and how it follows from the records. Nothing else writes it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Select, String, exists, insert, literal, select, type_coerce, union_all, update
from sqlalchemy.orm import Session

from app.allegations.models import Allegation, InitialCheck, Issue
from app.casefile.models import Note
from app.caseload.lines import BATCH, portions
from app.complaints.models import Complaint, Party
from app.core.derived import TellsOf
from app.evidence.models import EvidenceLink
from app.findings.models import Finding
from app.people.models import Person
from app.search import names
from app.search.models import SearchText
from app.search.words import name_terms_of, terms_of

#: The parts of what is indexed, in the order they are shown in.
PARTS = ("people", "narrative", "issues", "notes", "findings")
#: Of which complaint rows tell that lines say nothing of.
WHOSE: dict[type[Any], TellsOf] = {
    EvidenceLink: lambda row: (row.allegation.complaint_id,),
    Note: lambda row: (row.complaint_id,),
}


def refresh(session: Session, complaints: Sequence[int], *, anew: bool = False) -> None:
    """Index these complaints again, where what they say has changed; `anew`, where it has not too."""
    there = _as_kept(session, complaints, PARTS)
    for complaint_id, texts in worked_out(session, complaints).items():
        if there.get(complaint_id) == texts and not anew:
            continue
        values = {**texts, **_terms_of(texts)}
        names.learn(session, values["name_terms"].split())
        if complaint_id in there:
            mine = SearchText.complaint_id == complaint_id
            session.execute(update(SearchText).where(mine).values(**values))
        else:
            session.execute(insert(SearchText).values(complaint_id=complaint_id, **values))


def _terms_of(texts: dict[str, str]) -> dict[str, str]:
    """By what a complaint that says this is looked for: the names of its people, and all else."""
    rest = (term for part in PARTS[1:] for term in terms_of(texts[part]))
    return {"name_terms": " ".join(name_terms_of(texts["people"])), "terms": " ".join(rest)}


def rebuild(session: Session) -> int:
    """Index every complaint anew, in portions; how many there are."""
    total = 0
    for portion in portions(session):
        refresh(session, portion, anew=True)
        total += len(portion)
    return total


def catch_up(session: Session) -> None:
    """Index the complaints that are not: those from before there was an index."""
    without = select(Complaint.id).where(~exists().where(SearchText.complaint_id == Complaint.id))
    while complaints := session.scalars(without.limit(BATCH)).all():
        refresh(session, complaints)


def differing(session: Session) -> Iterator[str]:
    """The references of complaints that are not indexed as they should be; nothing if all are."""
    for portion in portions(session):
        there = _as_kept(session, portion, (*PARTS, "name_terms", "terms"))
        wanted = worked_out(session, portion)
        wrong = [n for n, texts in wanted.items() if there.get(n) != {**texts, **_terms_of(texts)}]
        yield from session.scalars(select(Complaint.reference).where(Complaint.id.in_(wrong))).all()


def _as_kept(
    session: Session, complaints: Sequence[int], columns: Sequence[str]
) -> dict[int, dict[str, str]]:
    """These columns of what is indexed of these complaints, by complaint."""
    kept = select(SearchText.complaint_id, *(getattr(SearchText, column) for column in columns))
    found = session.execute(kept.where(SearchText.complaint_id.in_(complaints)))
    return {row.complaint_id: dict(zip(columns, row[1:], strict=True)) for row in found}


def worked_out(session: Session, complaints: Sequence[int]) -> dict[int, dict[str, str]]:
    """What each of these complaints says, by complaint and part, as written."""
    said: dict[int, dict[str, dict[str, None]]] = {
        number: {part: {} for part in PARTS}
        for number in session.scalars(select(Complaint.id).where(Complaint.id.in_(complaints)))
    }
    for complaint_id, part, words in session.execute(_everything_written(complaints)):
        if words:
            said[complaint_id][part][words] = None
    return {
        number: {part: "\n".join(texts) for part, texts in parts.items()} for number, parts in said.items()
    }


def _written(complaint_id: Any, part: str, words: Any, place: Any) -> Select[Any]:
    return select(
        complaint_id.label("complaint_id"),
        literal(part, String).label("part"),
        type_coerce(words, String).label("words"),
        place.label("place"),
    )


def _everything_written(complaints: Sequence[int]) -> Any:
    parts = [part.where(next(iter(part.selected_columns)).in_(complaints)) for part in _WRITTEN]
    written = union_all(*parts).subquery("written")
    columns = written.c.complaint_id, written.c.part, written.c.words
    return select(*columns).order_by(written.c.complaint_id, written.c.part, written.c.place)


_FOUND = tuple(
    _written(Allegation.complaint_id, "findings", column, Finding.id).join(Finding.allegation)
    for column in (Finding.happened, Finding.should_have_happened, Finding.gap, Finding.injustice_reasons)
)
_LINKED = tuple(
    _written(Allegation.complaint_id, "notes", column, EvidenceLink.id)
    .join(EvidenceLink.allegation)
    .where(EvidenceLink.struck_at.is_(None))
    for column in (EvidenceLink.note, EvidenceLink.reason)
)
_WRITTEN: Sequence[Select[Any]] = (
    _written(Party.complaint_id, "people", Person.name, Party.id).join(Party.person),
    _written(Complaint.id, "narrative", Complaint.narrative, Complaint.id),
    _written(Complaint.id, "narrative", Complaint.wanted, Complaint.id + 1),
    _written(Issue.complaint_id, "issues", Issue.words, Issue.number),
    *_LINKED,
    _written(Allegation.complaint_id, "notes", InitialCheck.reasons, InitialCheck.id).join(
        InitialCheck.allegation
    ),
    _written(Note.complaint_id, "notes", Note.words, Note.id).where(Note.struck_at.is_(None)),
    *_FOUND,
)
