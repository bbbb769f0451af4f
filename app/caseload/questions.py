"""What a list can be asked: filters that combine and can be turned round, an order, columns, a place in it.

A question is what stands in an address after its question mark. It is read without trust: what means
nothing is left out, with a sentence that says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from urllib.parse import parse_qs, urlencode

from app.caseload.models import Flag, MarkKind, Standing
from app.core import calendar
from app.core.terms import Term
from app.core.text import clean
from app.findings.models import Outcome
from app.reference import lists

LONGEST_VALUE, MOST_VALUES, LONGEST_QUERY = 100, 20, 2000
#: How a sentence ends about what a list does without.
LEFT_OUT = " It was left out."
#: Who has it: words that mean somebody else for each who asks.
ME, NOBODY, MY_TEAM, COVERED = "me", "nobody", "my-team", "covered"
YES, NO = "yes", "no"
#: Whether an organisation that is asked for means also those it came from. It is nothing by itself.
LINEAGE = "lineage"

Reader = Callable[[str], str | None]


class Sort(Term):
    """The orders a list can be in."""

    NEWEST = "newest", "Received, newest first"
    OLDEST = "oldest", "Received, oldest first"
    DUE = "due", "Due, soonest first"
    DECIDED = "decided", "Decided, newest first"


class Column(Term):
    """What a list can show beside the reference, which it always shows."""

    AFFECTED = "affected", "Person affected"
    COMPLAINANTS = "complainants", "Complainant"
    ORGANISATIONS = "organisations", "Against"
    STANDING = "standing", "Stage"
    NEXT_STEP = "next_step", "Next"
    DUE_ON = "due_on", "Due"
    RECEIVED_AT = "received_at", "Received"
    AGE = "age", "Age"
    OWNER = "owner", "Investigator"
    CODES = "codes", "Failure codes"
    OUTCOME = "outcome", "Outcome"
    DECIDED_ON = "decided_on", "Decided"


USUAL_COLUMNS = (
    Column.AFFECTED,
    Column.ORGANISATIONS,
    Column.STANDING,
    Column.NEXT_STEP,
    Column.DUE_ON,
    Column.OWNER,
)


def _one_of(values: Mapping[str, Any] | type[Term]) -> Reader:
    known = {term.value for term in values} if isinstance(values, type) else None
    return lambda word: word if word in (values if known is None else known) else None


def _day(words: str) -> str | None:
    day = read_day(words)
    return day.isoformat() if day else None


def read_day(words: str) -> date | None:
    """A day as people type it in one box, 27/3/2026 or 2026-03-27; None for anything else."""
    parts = words.replace(".", "/").replace("-", "/").split("/")
    if len(parts) != 3 or not all(part.isascii() and part.isdigit() and len(part) < 5 for part in parts):
        return None
    year, month, day = map(int, parts if len(parts[0]) == 4 else reversed(parts))
    try:
        found = date(year, month, day)
    except ValueError:
        return None
    return found if calendar.FIRST_DAY <= found <= calendar.LAST_DAY else None


@dataclass(frozen=True)
class Filter:
    """One thing a list can be filtered by."""

    name: str
    label: str
    read: Reader
    otherwise: str
    terms: Callable[[], Mapping[str, str]] | None = None
    mark: MarkKind | None = None
    is_day: bool = False


def _terms(terms: type[Term]) -> Callable[[], Mapping[str, str]]:
    return lambda: {term.value: term.label for term in terms}


def _steps() -> Mapping[str, str]:
    return {step.letter: f"{step.letter} {step.name}" for step in lists.taxonomy().steps}


def _codes() -> Mapping[str, str]:
    return {code: f"{code} {failure.name}" for code, failure in lists.taxonomy().by_code.items()}


def _modalities() -> Mapping[str, str]:
    return {code: modality.name for code, modality in lists.modalities().items()}


_YES_NO = {YES: "Yes", NO: "No"}
_DAY_WANTED = "“{}” is not a day. Write it like 27/3/2026."

FILTERS: Mapping[str, Filter] = {
    one.name: one
    for one in (
        Filter("standing", "Stage", _one_of(Standing), "There is no stage “{}”.", _terms(Standing)),
        Filter("open", "Open", _one_of(_YES_NO), "Open is yes or no, not “{}”.", lambda: _YES_NO),
        Filter("case", "A case", _one_of(_YES_NO), "A case is yes or no, not “{}”.", lambda: _YES_NO),
        Filter("overdue", "Overdue", _one_of({YES: ""}), "Overdue is yes or left out.", lambda: {YES: "Yes"}),
        Filter(
            "review",
            "Stay to be looked at",
            _one_of({YES: ""}),
            "This is yes or left out.",
            lambda: {YES: "Yes"},
        ),
        Filter("owner", "Investigator", lambda words: words, "There is no investigator “{}”."),
        Filter("team", "Team of the investigator", lambda words: words, "There is no team “{}”."),
        Filter(
            "organisation",
            "Organisation",
            lambda words: words,
            "There is no organisation “{}”.",
            mark=MarkKind.ORGANISATION,
        ),
        Filter(
            LINEAGE,
            "With those it came from",
            _one_of({YES: ""}),
            "This is yes or left out.",
            lambda: {YES: "Yes"},
        ),
        Filter(
            "step",
            "Pathway step",
            lambda word: _one_of(_steps())(word.upper()),
            "There is no pathway step “{}”.",
            _steps,
            MarkKind.STEP,
        ),
        Filter(
            "code",
            "Failure code",
            lambda word: _one_of(_codes())(word.upper()),
            "There is no failure code “{}”.",
            _codes,
            MarkKind.CODE,
        ),
        Filter(
            "modality",
            "Modality",
            lambda word: _one_of(_modalities())(word.upper()),
            "There is no modality “{}”.",
            _modalities,
            MarkKind.MODALITY,
        ),
        Filter("flag", "Flag", _one_of(Flag), "There is no flag “{}”.", _terms(Flag), MarkKind.FLAG),
        Filter("outcome", "Outcome", _one_of(Outcome), "There is no outcome “{}”.", _terms(Outcome)),
        Filter("received-from", "Received from", _day, _DAY_WANTED, is_day=True),
        Filter("received-to", "Received to", _day, _DAY_WANTED, is_day=True),
        Filter("due-from", "Due from", _day, _DAY_WANTED, is_day=True),
        Filter("due-to", "Due to", _day, _DAY_WANTED, is_day=True),
        Filter("decided-from", "Decided from", _day, _DAY_WANTED, is_day=True),
        Filter("decided-to", "Decided to", _day, _DAY_WANTED, is_day=True),
    )
}


@dataclass(frozen=True)
class Place:
    """A line in an order: what the order goes by there, and its complaint, for lines that are alike in it."""

    sort: Sort
    value: date | datetime
    complaint_id: int

    def __str__(self) -> str:
        return f"{self.sort}~{self.value.isoformat()}~{self.complaint_id}"

    @classmethod
    def read(cls, words: str, sort: Sort) -> Place | None:
        """The place those words name in this order; None if they name none."""
        parts = words.split("~")
        if len(parts) != 3 or parts[0] != sort or not (parts[2].isascii() and parts[2].isdigit()):
            return None
        kind = datetime if sort in {Sort.NEWEST, Sort.OLDEST} else date
        try:
            value = kind.fromisoformat(parts[1])
        except ValueError:
            return None
        known = not isinstance(value, datetime) or value.tzinfo is not None
        return cls(sort, value, int(parts[2][:18])) if known else None


@dataclass(frozen=True)
class Question:
    """What is asked of a list. `problems` says what was left out, and why."""

    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    turned: frozenset[str] = frozenset()
    sort: Sort = Sort.NEWEST
    columns: tuple[Column, ...] = USUAL_COLUMNS
    problems: Mapping[str, str] = field(default_factory=dict, compare=False)

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The question as an address says it, only what differs from the usual."""
        pairs = [(name, value) for name, values in self.filters.items() for value in values]
        pairs += [("except", name) for name in sorted(self.turned)]
        if self.sort is not Sort.NEWEST:
            pairs.append(("sort", self.sort.value))
        if self.columns != USUAL_COLUMNS:
            pairs += [("column", column.value) for column in self.columns]
        return pairs

    @property
    def query(self) -> str:
        return urlencode(self.pairs)

    def but(self, name: str, values: Sequence[str], problem: str = "") -> Question:
        """The same question with other values of one filter, or without it."""
        filters = {**self.filters, name: tuple(values)}
        if not values:
            del filters[name]
        problems = {**self.problems, name: problem} if problem else self.problems
        return replace(self, filters=filters, turned=self.turned & filters.keys(), problems=problems)

    def without(self, name: str, value: str | None = None) -> Question:
        """The same question with one filter, or one value of it, less."""
        left = [one for one in self.filters.get(name, ()) if value is not None and one != value]
        return self.but(name, left)


def ask(asked: Mapping[str, Sequence[str]]) -> Question:
    """The question that these values of an address put."""
    filters: dict[str, tuple[str, ...]] = {}
    problems: dict[str, str] = {}
    for name, one in FILTERS.items():
        words = [clean(value[:LONGEST_VALUE]) for value in asked.get(name, ())[:MOST_VALUES]]
        read = {word: one.read(word) for word in words if word}
        if values := tuple(dict.fromkeys(value for value in read.values() if value)):
            filters[name] = values[:1] if one.is_day else values
        for word in (word for word, value in read.items() if not value):
            problems[name] = one.otherwise.format(word) + LEFT_OUT
    turned = frozenset(name for name in asked.get("except", ()) if name in filters and name != LINEAGE)
    sort = _term(Sort, asked.get("sort", ()))
    if asked.get("sort", [""])[0] and not sort:
        problems["sort"] = "There is no such order. The list is in the usual one."
    columns = tuple(column for column in Column if column.value in asked.get("column", ()))
    return Question(filters, turned, sort or Sort.NEWEST, columns or USUAL_COLUMNS, problems)


def ask_query(query: str) -> Question:
    """The question of a query string, such as a saved filter keeps."""
    return ask(parse_qs(query[:LONGEST_QUERY]))


def described(question: Question, named: Mapping[tuple[str, str], str]) -> Iterator[tuple[str, str, str]]:
    """Each filter value in words: its name, its value, and how a person says both."""
    for name, values in question.filters.items():
        one = FILTERS[name]
        terms = one.terms() if one.terms else {}
        for value in values:
            words = named.get((name, value)) or terms.get(value) or value
            yield name, value, f"{one.label}{' not' if name in question.turned else ''}: {words}"


def _term(terms: type[Sort], words: Sequence[str]) -> Sort | None:
    return next((term for term in terms if words and term.value == words[0]), None)
