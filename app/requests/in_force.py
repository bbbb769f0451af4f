"""Whether a policy that was sent was in force when it mattered. What is said here is a note, never a decision."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from app.allegations.models import Allegation
from app.core.terms import Term
from app.requests.models import DocumentAnswer, RequestItem


class Verdict(Term):
    """What the days say. It is shown, and nothing follows from it by itself."""

    IN_FORCE = "in_force", "In force at the time"
    PERHAPS = "perhaps", "Perhaps not in force at the time"
    NOT_IN_FORCE = "not_in_force", "Not in force at the time"


@dataclass(frozen=True)
class Noted:
    """What is to be said of one answer: the worst of what is said for each allegation, and the sentences."""

    verdict: Verdict
    sentences: tuple[str, ...]

    @property
    def is_flagged(self) -> bool:
        return self.verdict is not Verdict.IN_FORCE


def noted_of(item: RequestItem, answer: DocumentAnswer) -> Noted | None:
    """What the days say of an answer to an item; None where nobody asks whether it was in force."""
    if not item.asks_in_force:
        return None
    request = item.request
    about = [one for one in request.case.allegations if one.organisation_id == request.organisation_id]
    return noted(answer.in_force_from, answer.in_force_until, about)


def noted(first: date | None, last: date | None, allegations: Iterable[Allegation]) -> Noted:
    """Whether something in force from `first` to `last`, both counted, was in force when it all happened.

    No `last`: no end is known, so it goes on. What happened is known to a day, a month or a year, or not at all:
    what may have been on a day outside is a “perhaps”.
    """
    said = list(_said(first, last, allegations))
    order = list(Verdict)
    worst = max((verdict for verdict, _words in said), key=order.index, default=Verdict.PERHAPS)
    return Noted(worst, tuple(words for verdict, words in said if verdict is not Verdict.IN_FORCE))


def _said(
    first: date | None, last: date | None, allegations: Iterable[Allegation]
) -> Iterator[tuple[Verdict, str]]:
    if first is None and last is None:
        yield Verdict.PERHAPS, "Nobody has said from when until when it was in force."
        return
    for one in allegations:
        about = f"what allegation {one.number} is about"
        period = one.event_period
        if period is None:
            yield Verdict.PERHAPS, f"The day of {about} is not known."
        elif last is not None and last < period[0]:
            yield Verdict.NOT_IN_FORCE, f"It was in force until {_day(last)}, before {about}."
        elif first is not None and first > period[1]:
            yield Verdict.NOT_IN_FORCE, f"It came into force on {_day(first)}, after {about}."
        elif first is None:
            yield Verdict.PERHAPS, "Nobody has said from when it was in force."
        elif first > period[0] or (last is not None and last < period[1]):
            yield (
                Verdict.PERHAPS,
                f"It was in force for only some of the days on which {about} may have been.",
            )
        else:
            yield Verdict.IN_FORCE, ""


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
