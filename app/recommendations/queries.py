from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, func, select, tuple_, union_all
from sqlalchemy.orm import Session, contains_eager, joinedload

from app.accounts.models import Account
from app.cases.models import Case
from app.core.errors import NotFound
from app.core.text import whole_number
from app.policy import visible_recommendations
from app.recommendations.models import (
    WITH_THE_ORGANISATION,
    Recommendation,
    RecommendationState,
    Submission,
)

PAGE = 25
#: A place in the order of the lists: the day it is due, and its id.
Place = tuple[date, int]


@dataclass(frozen=True)
class Shown:
    """Which recommendations a list shows: those in some states and, for some lists, past their day."""

    states: frozenset[RecommendationState]
    only_late: bool = False

    def conditions(self, day: date) -> Sequence[ColumnElement[bool]]:
        return [Recommendation.due_on < day] if self.only_late else []


SHOWN: Mapping[str, Shown] = {
    "open": Shown(WITH_THE_ORGANISATION | {RecommendationState.SUBMITTED}),
    "overdue": Shown(WITH_THE_ORGANISATION, only_late=True),
    "to-be-judged": Shown(frozenset({RecommendationState.SUBMITTED})),
}
USUAL = "open"


def page(
    session: Session, account: Account, show: str, day: date, *, after: Place | None = None, size: int = PAGE
) -> Sequence[Recommendation]:
    """One page of a list of `SHOWN`, the earliest due first, and one more row if there is another page."""
    shown = SHOWN[show]
    mine = visible_recommendations(account).where(*shown.conditions(day))
    return first_due(session, mine, shown.states, after=after, size=size)


def first_due(
    session: Session,
    recommendations: Select[Recommendation],
    states: Collection[RecommendationState],
    *,
    after: Place | None,
    size: int,
    latest_first: bool = False,
) -> Sequence[Recommendation]:
    """Those in some states by the day they are due, after a place: `size` of them, and one more if there is.

    Each state is followed along its own index and only the first of each are put in order together, so it
    costs the same whether ten are due or ten thousand.
    """
    place = tuple_(Recommendation.due_on, Recommendation.id)
    order = [
        column.desc() if latest_first else column for column in (Recommendation.due_on, Recommendation.id)
    ]
    if after:
        recommendations = recommendations.where(
            place < tuple_(*after) if latest_first else place > tuple_(*after)
        )
    firsts = [
        recommendations.where(Recommendation.state == state)
        .with_only_columns(Recommendation.id)
        .order_by(*order)
        .limit(size + 1)
        .subquery()
        for state in sorted(states)
    ]
    ids = union_all(*(select(first.c.id) for first in firsts)).subquery()
    whole = (
        select(Recommendation)
        .where(Recommendation.id.in_(select(ids.c.id)))
        .join(Recommendation.case)
        .join(Case.complaint)
        .options(
            contains_eager(Recommendation.case).contains_eager(Case.complaint),
            joinedload(Recommendation.organisation),
        )
    )
    return session.scalars(whole.order_by(*order).limit(size + 1)).all()


def count(session: Session, account: Account, show: str, day: date) -> int:
    """How many recommendations are in a list of `SHOWN`."""
    shown = SHOWN[show]
    found = visible_recommendations(account).where(
        *shown.conditions(day), Recommendation.state.in_(shown.states)
    )
    return session.scalar(select(func.count()).select_from(found.subquery())) or 0


def numbered(case: Case, number: int) -> Recommendation:
    """The recommendation of that number in the case. Raises `NotFound`."""
    for recommendation in case.recommendations:
        if recommendation.number == number:
            return recommendation
    raise NotFound("There is no recommendation of that number in this case.")


def submission_numbered(recommendation: Recommendation, number: int) -> Submission:
    """The submission made as number 1, 2 … on a recommendation. Raises `NotFound`."""
    if not 1 <= number <= len(recommendation.submissions):
        raise NotFound("There is no submission of that number.")
    return recommendation.submissions[number - 1]


def place_of(recommendation: Recommendation) -> str:
    """Where it stands in the order of these lists, as an address says it: `2026-03-27~12`."""
    return f"{recommendation.due_on.isoformat()}~{recommendation.id}"


def read_place(words: str) -> Place | None:
    """The place those words name; None if they name none, which is the start."""
    day, _, rest = words.partition("~")
    number = whole_number(rest, figures=18)
    try:
        return None if number is None else (date.fromisoformat(day), number)
    except ValueError:
        return None
