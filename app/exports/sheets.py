"""Which lists can be exported, and how each is read: in portions, from place to place, so memory stays flat.

A new list is a new `Sheet` in `SHEETS`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import parse_qs, urlencode

from sqlalchemy.orm import Session

from app.accounts.models import Account
from app.caseload import naming
from app.caseload import queries as caseload
from app.caseload.models import Line
from app.caseload.questions import LEFT_OUT, LONGEST_QUERY, ask_query
from app.complaints import queries as complaints
from app.core import clock
from app.core.errors import RuleBroken
from app.policy import Permission
from app.recommendations import queries as recommendations
from app.recommendations.models import Recommendation
from app.requests import queries as requests
from app.requests.models import RequestItem

#: How many lines are read at a time.
PORTION = 500

Cell = str | int | date | None


@dataclass(frozen=True)
class Portion:
    """Some lines of a list, and the place they end at; no place: the list ends there."""

    rows: Sequence[Sequence[Cell]]
    after: str


@dataclass(frozen=True)
class Sheet:
    """A list that can be exported. Questions are as an address says them after its question mark."""

    name: str
    title: str
    permission: Permission
    headings: Sequence[str]
    #: The question as it is kept. Raises `RuleBroken` if part of it means nothing: less would be more lines.
    settle: Callable[[Session, str], str]
    count: Callable[[Session, Account, str], int]
    #: What of the list it asks for, in a word or two; nothing if all of it.
    told: Callable[[str], str]
    #: From whom, what and after which place, the next portion.
    read: Callable[[Session, Account, str, str], Portion]


def _day(value: datetime | None) -> date | None:
    return clock.day_of(value) if value else None


def _settle_caseload(session: Session, query: str) -> str:
    question, _named = naming.settled(session, ask_query(query))
    if question.problems or len(query) > LONGEST_QUERY:
        problems = " ".join(question.problems.values()) or "It asks for too much at once."
        raise RuleBroken(
            f"This list cannot be exported as it was asked for. {problems.replace(LEFT_OUT, '')}"
        )
    return question.query


def _count_caseload(session: Session, account: Account, query: str) -> int:
    return caseload.count_every(session, caseload.Asker(account, clock.today()), ask_query(query))


def _read_caseload(session: Session, account: Account, query: str, after: str) -> Portion:
    asker, question = caseload.Asker(account, clock.today()), ask_query(query)
    page = caseload.page(session, asker, question, after=after, size=PORTION)
    return Portion([_of_line(line) for line in page.lines], str(page.after or ""))


def _of_line(line: Line) -> Sequence[Cell]:
    return (
        line.reference,
        line.affected,
        line.complainants,
        line.organisations,
        line.standing.label,
        line.next_step.label,
        line.owner.name if line.owner else "",
        _day(line.received_at),
        line.due_on if line.is_due else None,
        line.codes,
        line.outcome.label if line.outcome else "",
        line.decided_on if line.is_decided else None,
    )


def _settle_recommendations(_session: Session, query: str) -> str:
    return urlencode({"show": _shown(query)})


def _shown(query: str) -> str:
    [show, *_rest] = parse_qs(query).get("show", [""])
    return show if show in recommendations.SHOWN else recommendations.USUAL


def _count_recommendations(session: Session, account: Account, query: str) -> int:
    return recommendations.count(session, account, _shown(query), clock.today())


def _read_recommendations(session: Session, account: Account, query: str, after: str) -> Portion:
    place = recommendations.read_place(after)
    found = recommendations.page(session, account, _shown(query), clock.today(), after=place, size=PORTION)
    shown = found[:PORTION]
    more = len(found) > PORTION
    return Portion(
        [_of_recommendation(one) for one in shown], recommendations.place_of(shown[-1]) if more else ""
    )


def _of_recommendation(one: Recommendation) -> Sequence[Cell]:
    return (
        one.case.reference,
        one.number,
        one.organisation.name,
        one.kind.label,
        one.action,
        one.due_on,
        one.state.label,
        _day(one.issued_at),
    )


def _read_to_match(session: Session, account: Account, _query: str, after: str) -> Portion:
    found = complaints.waiting_for_a_match(session, account, int(after or 0), PORTION)
    shown = found[:PORTION]
    rows = [(one.words, one.complaint.reference, _day(one.complaint.received_at)) for one in shown]
    return Portion(rows, str(shown[-1].id) if len(found) > PORTION else "")


def _read_missing(session: Session, account: Account, _query: str, after: str) -> Portion:
    found = requests.missing(session, account, after=int(after or 0), size=PORTION)
    shown = found[:PORTION]
    rows = [_of_item(item) for item in shown]
    return Portion(rows, str(shown[-1].id) if len(found) > PORTION else "")


def _of_item(item: RequestItem) -> Sequence[Cell]:
    asked = item.request
    return (
        asked.case.reference,
        asked.number,
        item.number,
        item.called,
        asked.organisation.name,
        item.state.label,
        item.explanation,
        _day(item.settled_at),
    )


SHEETS: Mapping[str, Sheet] = {
    sheet.name: sheet
    for sheet in (
        Sheet(
            "caseload",
            "Caseload",
            Permission.COMPLAINT_LIST,
            (
                "Reference", "Person affected", "Complainant", "Organisations", "Stage", "Next step",
                "Investigator", "Received", "Due", "Failure codes", "Outcome", "Decided",
            ),
            _settle_caseload,
            _count_caseload,
            lambda query: "filtered" if ask_query(query).filters else "",
            _read_caseload,
        ),
        Sheet(
            "recommendations",
            "Recommendations",
            Permission.RECOMMENDATION_LIST,
            (
                "Case", "Number", "Organisation", "Kind", "What is to be done", "Due", "Standing", "Issued",
            ),
            _settle_recommendations,
            _count_recommendations,
            lambda query: _shown(query).replace("-", " "),
            _read_recommendations,
        ),
        Sheet(
            "to-be-matched",
            "Organisations to be matched",
            Permission.COMPLAINT_LIST,
            ("As named", "Complaint", "Received"),
            lambda _session, _query: "",
            lambda session, account, _query: complaints.count_waiting_for_a_match(session, account),
            lambda _query: "",
            _read_to_match,
        ),
        Sheet(
            "missing-records",
            "Missing records",
            Permission.CASE_LIST,
            (
                "Case", "Request", "Item", "Asked for", "Organisation", "What they say",
                "How they explain it", "Since",
            ),
            lambda _session, _query: "",
            lambda session, account, _query: requests.count_missing(session, account),
            lambda _query: "",
            _read_missing,
        ),
    )
}  # fmt: skip
