"""Searching: what goes straight to a complaint, and what is looked up by its words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session, joinedload

from app import policy
from app.accounts.models import Account
from app.allegations.models import Allegation
from app.caseload.models import Line
from app.caseload.questions import read_day
from app.complaints.models import Complaint, Party
from app.core.dialect.asking import planned_anew
from app.core.dialect.words import FullText, Looked
from app.core.references import read_reference
from app.enquiries.models import Enquiry
from app.enquiries.queries import visible as visible_enquiries
from app.people.models import Person
from app.people.nhs_number import tidy
from app.policy import Permission, visible_lines
from app.search import excerpts, names
from app.search.index import PARTS
from app.search.models import SearchText
from app.search.words import name_term_of, term_of, words_of

PAGE, COUNTED = 25, 200
MOST_WORDS, LONGEST_WORD = 12, 60
EXCERPTS = 2


@dataclass(frozen=True)
class Excerpt:
    """A piece of a text in which something was found: pieces of it, each found or not."""

    part: str
    pieces: Sequence[tuple[str, bool]]


@dataclass(frozen=True)
class Hit:
    line: Line
    excerpts: Sequence[Excerpt]


@dataclass(frozen=True)
class Answer:
    """What was found. `total` is exact up to `COUNTED`; above, it is None. `last` is where the next page begins."""

    hits: Sequence[Hit]
    total: int | None
    last: int | None = None
    also: Sequence[str] = ()


def straight_to(session: Session, account: Account, words: str) -> Sequence[Line]:
    """The lines that words name exactly: a reference, NHS number, birth date or organisation's reference."""
    ways: list[ColumnElement[bool]] = []
    if reference := read_reference(words):
        ways.append(Line.reference == reference)
    if re.fullmatch(r"[0-9]{10}", number := tidy(words)):
        ways.append(_of_people(Person.nhs_number == number))
    if day := read_day(words):
        ways.append(_of_people(Person.born_on == day))
    if any(char.isdigit() for char in words):
        theirs = select(Allegation.complaint_id).where(Allegation.organisation_reference == words.upper())
        sources = select(Complaint.id).where(Complaint.source_reference == words)
        ways += [Line.complaint_id.in_(theirs), Line.complaint_id.in_(sources)]
    if not ways:
        return []
    found = visible_lines(account).where(or_(*ways)).options(joinedload(Line.owner))
    return session.scalars(
        found.order_by(Line.received_at.desc(), Line.complaint_id.desc()).limit(PAGE)
    ).all()


def enquiry_named(session: Session, account: Account, words: str) -> str | None:
    """The reference of the enquiry that words name exactly, if this person may look at it."""
    reference = read_reference(words)
    if not reference or not policy.may(account, Permission.ENQUIRY_VIEW):
        return None
    named = visible_enquiries(account).where(Enquiry.reference == reference)
    return session.scalar(named.with_only_columns(Enquiry.reference))


@planned_anew
def find(session: Session, account: Account, words: str, *, before: int = 0, best: bool = False) -> Answer:
    """Complaints in which all the words stand, newest first; with `best`, the best of the newest first."""
    asked = words.split()[:MOST_WORDS]
    looked = [one for word in asked if (one := _looked_for(session, word[:LONGEST_WORD])).terms]
    if not looked:
        return Answer([], 0)
    text = FullText(session, looked)
    total = _count(session, account, text)
    found = _found(account, text, few=total is not None, before=before, best=best)
    rows = session.execute(found).all()
    shown = rows[:PAGE]
    terms = {term for one in looked for term in one.terms}
    in_names = {term for one in looked for term in (*one.terms, *one.in_names)}
    hits = [Hit(line, list(_excerpts(written, terms, in_names))) for line, written in shown]
    last = shown[-1][0].complaint_id if len(rows) > PAGE and not best else None
    return Answer(hits, total, last, sorted(in_names - terms))


def _looked_for(session: Session, word: str) -> Looked:
    parts = list(words_of(word))
    term = parts[0][0] if len(parts) == 1 else term_of(word)
    if not term:
        return Looked(())
    name = name_term_of(word)
    return Looked((term,), tuple(dict.fromkeys([name, *names.alike(session, name)])) if name else ())


def _count(session: Session, account: Account, text: FullText) -> int | None:
    some = _matching(account, text).with_only_columns(Line.complaint_id).limit(COUNTED + 1)
    found = session.scalar(select(func.count()).select_from(some.subquery())) or 0
    return found if found <= COUNTED else None


def _matching(account: Account, text: FullText) -> Any:
    """The lines this person may know of in which the words stand."""
    matching = visible_lines(account).join(text.table, text.complaint_id == Line.complaint_id)
    return matching.where(text.matches).with_only_columns(Line.complaint_id.label("complaint_id"))


def _found(account: Account, text: FullText, *, few: bool, before: int, best: bool) -> Select[Any]:
    """Few matches are gathered first and then put in order; of many, the newest are met one by one."""
    matching = _matching(account, text)
    if best:  # only then: how well the words stand is costly to know
        matching = matching.add_columns(text.rank.label("rank"))
    if before:
        matching = matching.where(text.complaint_id < before)
    if not few:
        matching = matching.order_by(text.complaint_id.desc())
    gathered = matching.limit(COUNTED if few or best else PAGE + 1).cte("found")
    order = [*([gathered.c.rank.desc()] if best else []), gathered.c.complaint_id.desc()]
    # Put in order before their lines and texts are read: those are long
    first = select(gathered).order_by(*order).limit(PAGE + 1).subquery()
    lines = (
        visible_lines(account)
        .join(first, first.c.complaint_id == Line.complaint_id)
        .join(SearchText, SearchText.complaint_id == Line.complaint_id)
        .options(joinedload(Line.owner))
        .add_columns(SearchText)
    )
    return lines.order_by(*([first.c.rank.desc()] if best else []), first.c.complaint_id.desc())


def _excerpts(written: SearchText, terms: set[str], in_names: set[str]) -> Iterator[Excerpt]:
    """The first pieces of what is written in which something stands that was looked for."""
    return islice(_every_excerpt(written, terms, in_names), EXCERPTS)


def _every_excerpt(written: SearchText, terms: set[str], in_names: set[str]) -> Iterator[Excerpt]:
    for part in PARTS:
        wanted = in_names if part == "people" else terms
        text = getattr(written, part)
        if found := excerpts.spans(text, wanted, names_only=part == "people"):
            yield Excerpt(part, list(excerpts.pieces(text, found)))


def _of_people(are: ColumnElement[bool]) -> ColumnElement[bool]:
    return Line.complaint_id.in_(select(Party.complaint_id).join(Party.person).where(are))
