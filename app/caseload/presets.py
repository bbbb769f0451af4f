"""The questions that everybody asks: what a list offers before anybody has saved a filter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app import policy
from app.accounts.models import Account
from app.caseload.models import Flag, Standing
from app.caseload.questions import (
    COVERED,
    ME,
    MY_TEAM,
    NOBODY,
    USUAL_COLUMNS,
    YES,
    Column,
    Question,
    Sort,
)
from app.cases.models import CaseStage
from app.core import clock
from app.policy import Permission
from app.teams.models import Team


@dataclass(frozen=True)
class Preset:
    name: str
    question: Question


_OPEN = {"open": (YES,)}
_WITH_AGE = (Column.AFFECTED, Column.ORGANISATIONS, Column.STANDING, Column.RECEIVED_AT, Column.AGE)
_TO_CHECK = (Column.COMPLAINANTS, Column.ORGANISATIONS, Column.RECEIVED_AT, Column.AGE, Column.DUE_ON)

MINE = Question({**_OPEN, "owner": (ME,)}, sort=Sort.DUE)
COVERING = Question({**_OPEN, "owner": (COVERED,)}, sort=Sort.DUE)
TEAM = Question({**_OPEN, "owner": (MY_TEAM,)}, sort=Sort.DUE)
UNALLOCATED = Question({**_OPEN, "case": (YES,), "owner": (NOBODY,)}, sort=Sort.OLDEST, columns=_WITH_AGE)
TO_CHECK = Question({"standing": (Standing.INITIAL_CHECK.value,)}, sort=Sort.OLDEST, columns=_TO_CHECK)
TO_COMPARE = Question({"flag": (Flag.TO_COMPARE.value,)}, sort=Sort.OLDEST, columns=_TO_CHECK)
TO_APPROVE = Question({"standing": (CaseStage.APPROVAL.value,)}, sort=Sort.OLDEST)
OVERDUE = Question({"overdue": (YES,)}, sort=Sort.DUE)
STAYED_TO_REVIEW = Question({"review": (YES,)}, sort=Sort.OLDEST)
EVERYTHING = Question()
CASES = Question({"case": (YES,)}, columns=USUAL_COLUMNS)

PRESETS = (
    Preset("All", EVERYTHING),
    Preset("Mine", MINE),
    Preset("My team", TEAM),
    Preset("To be checked", TO_CHECK),
    Preset("To be compared", TO_COMPARE),
    Preset("Not allocated", UNALLOCATED),
    Preset("Overdue", OVERDUE),
    Preset("Stayed, to be looked at", STAYED_TO_REVIEW),
    Preset("Cases", CASES),
)


#: How many lines “my work” shows of what is somebody's own, and of what is anybody's.
OWN, OF_ALL = 10, 5


@dataclass(frozen=True)
class Part:
    """A part of “my work”: the beginning of a list that goes on elsewhere."""

    caption: str
    question: Question
    empty: str
    #: How many lines of it are shown.
    most: int = OF_ALL


#: What is anybody's, for whoever may act on it.
_ANYBODYS: Mapping[Permission, Part] = {
    Permission.DECISION_APPROVE: Part(
        "Decisions waiting for approval", TO_APPROVE, "No decision waits for approval."
    ),
    Permission.CASE_ALLOCATE: Part(
        "Not given to anybody yet", UNALLOCATED, "Every open case has an investigator."
    ),
    Permission.ALLEGATION_CHECK: Part(
        "Complaints to be checked", TO_CHECK, "No complaint waits for its initial check."
    ),
}


def parts_of_my_work(account: Account, led: Sequence[Team] = ()) -> Sequence[Part]:
    """What this person begins the day with: what is theirs, and what they may act on. `led` are teams they lead."""
    parts = [Part("Cases you have", MINE, "You have no open case.", OWN)]
    if any(absence.holds_on(clock.today()) for absence in account.covering):
        parts.append(Part("Cases you cover", COVERING, "Whoever you cover for has no open case.", OWN))
    for team in led:
        question = Question({**_OPEN, "team": (team.key,)}, sort=Sort.DUE, columns=USUAL_COLUMNS)
        parts.append(
            Part(f"Cases of {team.name}, which you lead", question, "Nobody in it has an open case.")
        )
    parts += [part for permission, part in _ANYBODYS.items() if policy.may(account, permission)]
    return [*parts, Part("Overdue in the office", OVERDUE, "Nothing is overdue.")]
