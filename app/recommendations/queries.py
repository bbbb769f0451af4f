from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from sqlalchemy import ColumnElement, func, select, tuple_
from sqlalchemy.orm import Session, contains_eager, joinedload

from app.accounts.models import Account
from app.cases.models import Case
from app.core.errors import NotFound
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


#: The lists there are, and which recommendations are in each on a day.
SHOWN: Mapping[str, Callable[[date], Sequence[ColumnElement[bool]]]] = {
    "open": lambda _day: [Recommendation.state.in_(WITH_THE_ORGANISATION | {RecommendationState.SUBMITTED})],
    "overdue": lambda day: [Recommendation.state.in_(WITH_THE_ORGANISATION), Recommendation.due_on < day],
    "to-be-judged": lambda _day: [Recommendation.state == RecommendationState.SUBMITTED],
}
USUAL = "open"


def page(
    session: Session, account: Account, show: str, day: date, *, after: Place | None = None, size: int = PAGE
) -> Sequence[Recommendation]:
    """One page of a list of `SHOWN`, the earliest due first, and one more row if there is another page."""
    shown = (
        visible_recommendations(account)
        .where(*SHOWN[show](day))
        .join(Recommendation.case)
        .join(Case.complaint)
        .options(
            contains_eager(Recommendation.case).contains_eager(Case.complaint),
            joinedload(Recommendation.organisation),
        )
        .order_by(Recommendation.due_on, Recommendation.id)
    )
    if after:
        shown = shown.where(tuple_(Recommendation.due_on, Recommendation.id) > tuple_(*after))
    return session.scalars(shown.limit(size + 1)).all()


def count(session: Session, account: Account, show: str, day: date) -> int:
    """How many recommendations are in a list of `SHOWN`."""
    found = visible_recommendations(account).where(*SHOWN[show](day)).with_only_columns(Recommendation.id)
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
    day, _, number = words.partition("~")
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        return None
    try:
        return date.fromisoformat(day), int(number)
    except ValueError:
        return None
