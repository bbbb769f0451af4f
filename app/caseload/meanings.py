"""What each filter of a list means, of a line’s own columns or of the marks it bears."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, literal, or_, select, true

from app.accounts.models import Account
from app.caseload.models import NEVER, NOT_YET, Line, Mark, Standing
from app.caseload.questions import (
    COVERED,
    FILTERS,
    LINEAGE,
    ME,
    MY_TEAM,
    NOBODY,
    YES,
    Question,
)
from app.core import clock
from app.core.dialect.asking import beside_the_index, is_among, is_one_of
from app.duties.models import Absence
from app.lineage.queries import came_from
from app.teams.models import Membership, Team


@dataclass(frozen=True)
class Asker:
    """Whose question it is, and on which day: what “me”, “my team” and “overdue” mean."""

    account: Account
    day: date


Columns = Callable[[Any], Any]
Meaning = Callable[[Sequence[str], Asker, Columns], ColumnElement[bool]]


def _owner(values: Sequence[str], asker: Asker, of: Columns) -> ColumnElement[bool]:
    ways: list[ColumnElement[bool]] = []
    if ME in values:
        ways.append(of(Line.owner_id) == asker.account.id)
    if NOBODY in values:
        ways.append(of(Line.owner_id).is_(None))
    if MY_TEAM in values:
        team = select(Account.id).where(Account.team == asker.account.team, Account.team != "")
        ways.append(is_among(of(Line.owner_id), team))
    if COVERED in values:
        away = select(Absence.account_id).where(
            Absence.cover_id == asker.account.id,
            Absence.ended_at.is_(None),
            Absence.from_on <= asker.day,
            Absence.to_on >= asker.day,
        )
        ways.append(is_among(of(Line.owner_id), away))
    if keys := [value for value in values if value not in {ME, NOBODY, MY_TEAM, COVERED}]:
        ways.append(is_among(of(Line.owner_id), select(Account.id).where(Account.key.in_(keys))))
    # Nobody's cases are no lines of yours, and “not mine” holds nobody's too
    return or_(*ways) if NOBODY in values else and_(or_(*ways), Line.owner_id.is_not(None))


def _in_teams(keys: Sequence[str]) -> Select[int]:
    present = select(Membership.account_id).where(Membership.until_on.is_(None))
    return present.join(Team, Team.id == Membership.team_id).where(Team.key.in_(keys))


def _start_of(day: str) -> Any:
    return clock.instant_of(date.fromisoformat(day), time())


def _end_of(day: str) -> Any:
    return clock.instant_of(date.fromisoformat(day) + timedelta(days=1), time())


#: What each filter means, of a line's own columns. Those by a mark are in `_marked`.
_MEANINGS: Mapping[str, Meaning] = {
    "standing": lambda values, _asker, of: is_one_of(of(Line.standing), [Standing(one) for one in values]),
    "open": lambda values, _asker, of: is_one_of(of(Line.is_open), [value == YES for value in values]),
    "case": lambda values, _asker, of: is_one_of(of(Line.is_case), [value == YES for value in values]),
    "overdue": lambda _values, asker, of: and_(of(Line.is_open), Line.due_on < asker.day),
    "review": lambda _values, asker, _of: Line.review_on <= asker.day,
    "owner": _owner,
    "team": lambda values, _asker, of: is_among(of(Line.owner_id), _in_teams(values)),
    "outcome": lambda values, _asker, of: of(Line.outcome).in_(values),
    LINEAGE: lambda _values, _asker, _of: true(),  # it is in what an organisation means: `_among`
    "received-from": lambda values, _asker, _of: Line.received_at >= _start_of(values[0]),
    "received-to": lambda values, _asker, _of: Line.received_at < _end_of(values[0]),
    "due-from": lambda values, _asker, _of: and_(Line.due_on >= _day(values), Line.due_on < NEVER),
    "due-to": lambda values, _asker, _of: Line.due_on <= _day(values),
    "decided-from": lambda values, _asker, _of: Line.decided_on >= _day(values),
    "decided-to": lambda values, _asker, _of: and_(
        Line.decided_on <= _day(values), Line.decided_on > NOT_YET
    ),
}


def _day(values: Sequence[str]) -> date:
    return date.fromisoformat(values[0])


def among(question: Question, name: str) -> Any:
    """The values a mark may have: for an organisation asked for with its line, also the codes it came from."""
    values = question.filters[name]
    return came_from(values) if name == "organisation" and LINEAGE in question.filters else values


def _marked(name: str, values: Any, of: Columns) -> ColumnElement[bool]:
    """Whether a line bears one of these marks; asked line by line where lines are met along an index.

    Asked as EXISTS, PostgreSQL would join all marks instead, thinking that few lines bear several of them.
    """
    wanted = Mark.complaint_id == Line.complaint_id, Mark.kind == FILTERS[name].mark, Mark.value.in_(values)
    if of is beside_the_index:
        return select(literal(True)).where(*wanted).limit(1).scalar_subquery()
    return exists().where(*wanted)


def meaning(question: Question, name: str, asker: Asker, of: Columns) -> ColumnElement[bool]:
    """The condition that a line answers this filter of the question; `of` says how its columns are asked."""
    values = question.filters[name]
    means = (
        _marked(name, among(question, name), of) if FILTERS[name].mark else _MEANINGS[name](values, asker, of)
    )
    return ~func.coalesce(means, False) if name in question.turned else means
