from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Select, tuple_
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


def overdue(
    session: Session, account: Account, day: date, after: Place | None = None
) -> Sequence[Recommendation]:
    """Recommendations past their day on which the organisation has not moved; longest overdue first."""
    wanted = Recommendation.state.in_(WITH_THE_ORGANISATION), Recommendation.due_on < day
    return _page(session, visible_recommendations(account).where(*wanted), after)


def to_be_judged(session: Session, account: Account, after: Place | None = None) -> Sequence[Recommendation]:
    """Recommendations whose evidence waits for our verdict; earliest due first."""
    waiting = Recommendation.state == RecommendationState.SUBMITTED
    return _page(session, visible_recommendations(account).where(waiting), after)


def open_now(session: Session, account: Account, after: Place | None = None) -> Sequence[Recommendation]:
    """Recommendations issued and not yet judged; earliest due first."""
    standing = WITH_THE_ORGANISATION | {RecommendationState.SUBMITTED}
    return _page(session, visible_recommendations(account).where(Recommendation.state.in_(standing)), after)


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


def _page(
    session: Session, recommendations: Select[Recommendation], after: Place | None
) -> Sequence[Recommendation]:
    """One page after that place, and one more row if there is another page."""
    shown = (
        recommendations.join(Recommendation.case)
        .join(Case.complaint)
        .options(
            contains_eager(Recommendation.case).contains_eager(Case.complaint),
            joinedload(Recommendation.organisation),
        )
        .order_by(Recommendation.due_on, Recommendation.id)
    )
    if after:
        shown = shown.where(tuple_(Recommendation.due_on, Recommendation.id) > tuple_(*after))
    return session.scalars(shown.limit(PAGE + 1)).all()
