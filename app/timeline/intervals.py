"""The intervals between the rows of a timeline, worked out anew each time and never kept.

Days are days on a calendar in London, so a clock change in between neither adds nor takes one away. Where an
end is known to a month only, or two accounts of it stand and nobody has chosen, the interval says the least
and the most it can have been. A standard counts only where it was in force on the day the interval began:
before 9 August 2023 there was no national reporting time, and the 28 days are not applied to what is earlier.
What is over a standard is shown as that. It upholds nothing: a person does.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from app.core.terms import Term
from app.reference.lists import standards, timeline_intervals
from app.reference.rows import Standard, TimelineInterval
from app.timeline import words
from app.timeline.models import Exactness, Row, Study


class Measured(Term):
    """What a standard says of an interval."""

    WITHIN = "within", "Within the standard"
    OVER = "over", "Longer than the standard"
    PERHAPS = "perhaps", "Perhaps longer: the dates are not exact enough"
    NOT_IN_FORCE = "not_in_force", "The standard was not in force"
    PERHAPS_IN_FORCE = "perhaps_in_force", "Not known whether the standard was in force"


@dataclass(frozen=True)
class Interval:
    """From one event to another, in days on a calendar in London. `most` is None while there is no end."""

    about: TimelineInterval
    study: Study | None
    begins: tuple[Row, ...]
    ends: tuple[Row, ...]
    least: int
    most: int | None
    minutes: int | None = None

    @property
    def never(self) -> bool:
        """Whether all that is known of its end is that it was looked for and not found."""
        return self.most is None

    @property
    def is_out_of_order(self) -> bool:
        return self.most is not None and self.most < 0

    @property
    def lasted(self) -> str:
        if self.is_out_of_order:
            return "ends before it begins: one of the dates is wrong"
        if self.minutes is not None and self.minutes < 2 * 24 * 60:
            hours, minutes = divmod(self.minutes, 60)
            return f"{hours} h {minutes} min" if hours else f"{minutes} min"
        lasted = words.lasted(max(self.least, 0), self.most)
        return f"{lasted}, and not found as far as was searched" if self.never else lasted

    @property
    def standard(self) -> Standard | None:
        return standards().get(self.about.standard)

    @property
    def measured(self) -> Measured | None:
        """What the standard in force on the day says of it; None where there is none for such intervals."""
        if self.standard is None or self.is_out_of_order:
            return None
        force = in_force(
            self.standard, min(r.days[0] for r in self.begins), max(r.days[1] for r in self.begins)
        )
        if force is not True:
            return Measured.NOT_IN_FORCE if force is False else Measured.PERHAPS_IN_FORCE
        if self.least > self.about.most_days:
            return Measured.OVER
        if self.most is None or self.most > self.about.most_days:
            return Measured.PERHAPS
        return Measured.WITHIN

    @property
    def measured_words(self) -> str:
        """What the page says of the standard."""
        measured, standard = self.measured, self.standard
        if measured is None or standard is None:
            return ""
        if measured is Measured.NOT_IN_FORCE and standard.in_force_from:
            return (
                "There was no national reporting time on that day: the first is in force from"
                f" {words.a_day(standard.in_force_from)}. Ask the organisation for its own of the time."
            )
        limit = f"{words.days(self.about.most_days)} ({standard.key})"
        return f"{measured.label}: {limit}" if measured in FOUND else measured.label


#: What is said with the figure of the standard beside it.
FOUND = frozenset({Measured.WITHIN, Measured.OVER, Measured.PERHAPS})


def in_force(standard: Standard, first: date, last: date) -> bool | None:
    """Whether it was in force on a day between two; None where it was on some and not on others."""
    if standard.in_force_from is None:
        return None
    to = standard.in_force_to or date.max
    if standard.in_force_from <= first and last <= to:
        return True
    if last < standard.in_force_from or to < first:
        return False
    return None


def accounts_of(rows: Iterable[Row], kinds: Iterable[str]) -> tuple[Row, ...]:
    """The rows that say when the first of these kinds happened: the chosen one, else all that dispute it.

    Several rows that nobody disputes are several events, and the first of them counts. Of absences the one
    that was searched longest counts, and only where no row says that it happened.
    """
    told = [row for row in rows if row.kind in set(kinds) and row.struck_at is None]
    happened = [row for row in told if not row.is_absence]
    if not happened:
        return tuple(sorted(told, key=lambda row: row.span[1])[-1:])
    if chosen := [row for row in happened if row.chosen_at]:
        return tuple(sorted(chosen, key=lambda row: row.span)[:1])
    if any(row.is_disputed for row in happened) and len({row.kind for row in happened}) == 1:
        return tuple(happened)
    return tuple(sorted(happened, key=lambda row: row.span)[:1])


def between(
    about: TimelineInterval, begins: Sequence[Row], ends: Sequence[Row], study: Study | None = None
) -> Interval | None:
    """The interval from one event to another, each as its accounts have it; None where one is missing."""
    if not begins or not ends or any(row.is_absence for row in begins):
        return None
    first, last = min(row.days[0] for row in begins), max(row.days[1] for row in begins)
    if any(row.is_absence for row in ends):
        least = (max(row.days[1] for row in ends) - last).days
        return Interval(about, study, tuple(begins), tuple(ends), least, None)
    least = (min(row.days[0] for row in ends) - last).days
    most = (max(row.days[1] for row in ends) - first).days
    return Interval(about, study, tuple(begins), tuple(ends), least, most, _minutes(begins, ends))


def intervals(rows: Sequence[Row], studies: Sequence[Study]) -> list[Interval]:
    """Every interval that can be told: for each examination, then for what belongs to none, then for the case."""
    told: list[Interval | None] = []
    for study in [*studies, None]:
        own = [row for row in rows if row.study is study]
        told += [_of(about, own, study) for about in timeline_intervals() if not about.whole_case]
    told += [_of(about, rows, None) for about in timeline_intervals() if about.whole_case]
    return [interval for interval in told if interval is not None]


def _of(about: TimelineInterval, rows: Sequence[Row], study: Study | None) -> Interval | None:
    return between(about, accounts_of(rows, [about.begins]), accounts_of(rows, about.ends), study)


def _minutes(begins: Sequence[Row], ends: Sequence[Row]) -> int | None:
    """Minutes that passed, where both ends are known to the minute: an hour the autumn repeats is counted."""
    rows = [*begins, *ends]
    if len(rows) != 2 or any(row.exactness is not Exactness.MINUTE for row in rows):
        return None
    return int((rows[1].happened_at - rows[0].happened_at).total_seconds() // 60)
