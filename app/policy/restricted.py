"""What is restricted, and to whom it is open all the same: whoever has the case, is named, or covers for these.

What this comes to as a condition is the same for everybody of whom the same is true, and a page asks for it a
dozen times. So it hangs on a `Sight` and nothing else, and is put together once for each.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, or_, select, true

from app.accounts.models import Account
from app.allegations.models import Allegation
from app.caseload.models import Line
from app.cases.models import Case
from app.complaints.models import Complaint, Party
from app.core.dialect import exists_for_each
from app.duties.models import NamedAccess
from app.policy.permissions import Permission
from app.policy.questions import may
from app.recommendations.models import Recommendation

#: How many people's conditions are kept put together: as many as look at once.
KEPT = 500


class Touching(NamedTuple):
    """What a conflict of interest is with, by id: one of the three."""

    organisation: int | None
    person: int | None
    complaint: int | None


class Sight(NamedTuple):
    """All of somebody that decides which restricted complaints they may know of."""

    account: int
    #: Whether nothing is closed to them.
    is_whole: bool
    #: For whom they cover today, in what is restricted too.
    away: tuple[int, ...]
    #: What they have a conflict of interest with. It closes only what they would open as cover.
    touching: tuple[Touching, ...]


def sight_of(account: Account) -> Sight:
    away = tuple(absence.account_id for absence in account.covers_today if absence.opens_restricted)
    conflicts = account.conflicts if away else ()
    touching = tuple(Touching(one.organisation_id, one.person_id, one.complaint_id) for one in conflicts)
    return Sight(account.id, may(account, Permission.COMPLAINT_VIEW_RESTRICTED), away, touching)


@lru_cache(KEPT)
def open_complaints(sight: Sight) -> Select[Complaint]:
    """The complaints that are not restricted, or not for this person."""
    owned = _is_owned_by([sight.account])
    return select(Complaint).where(_open_to(sight, Complaint.is_restricted, Complaint.id, owned))


@lru_cache(KEPT)
def open_cases(sight: Sight) -> Select[Case]:
    """The cases of complaints that are not restricted, or not for this person."""
    owns = Case.owner_id == sight.account
    open_to = _open_to(sight, Complaint.is_restricted, Complaint.id, owns)
    return select(Case).join(Case.complaint).where(open_to)


@lru_cache(KEPT)
def open_lines(sight: Sight) -> Select[Line]:
    """The lines of the caseload of complaints that are not restricted, or not for this person."""
    owns = Line.owner_id == sight.account
    return select(Line).where(_open_to(sight, Line.is_restricted, Line.complaint_id, owns))


@lru_cache(KEPT)
def closed_to(sight: Sight) -> Select[int] | None:
    """The few complaints this person may not know of, by id; None for whom none is closed."""
    if sight.is_whole:
        return None
    return select(Complaint.id).where(
        Complaint.is_restricted, Complaint.id.not_in(_named(sight)), ~_is_owned_by([sight.account])
    )


@lru_cache(KEPT)
def closed_cases(sight: Sight) -> Select[int] | None:
    """The few cases this person may not know of, by id; None for whom none is closed."""
    closed = closed_to(sight)
    return None if closed is None else select(Case.id).where(Case.complaint_id.in_(closed))


def restricted_of(account_ids: Sequence[int]) -> Select[Complaint]:
    """The restricted complaints that one of these may know of because they have the case, or are named."""
    named = select(NamedAccess.id).where(
        NamedAccess.complaint_id == Complaint.id,
        NamedAccess.account_id.in_(account_ids),
        NamedAccess.ended_at.is_(None),
    )
    opened = or_(named.correlate(Complaint).exists(), _is_owned_by(account_ids))
    return select(Complaint).where(Complaint.is_restricted, opened)


def _open_to(sight: Sight, is_restricted: Any, complaint_id: Any, owns: Any) -> ColumnElement[bool]:
    """That it is not restricted, or not for this person. Looked up only for the few that are restricted."""
    if sight.is_whole:
        return true()
    return or_(~is_restricted, owns, complaint_id.in_(_named(sight)))


def _named(sight: Sight) -> Any:
    """What this person is named for, or opens as cover: a conflict of interest closes the latter."""
    named = select(NamedAccess.complaint_id).where(
        NamedAccess.account_id.in_([sight.account]), NamedAccess.ended_at.is_(None)
    )
    if not sight.away:
        return named
    barred = (~_is_touched(touching) for touching in sight.touching)
    return named.union(restricted_of(sight.away).where(*barred).with_only_columns(Complaint.id))


def _is_owned_by(account_ids: Sequence[int]) -> ColumnElement[bool]:
    """That one of these has the case of a complaint. Asked of each, as in years somebody had very many."""
    owned = select(Case.id).where(Case.complaint_id == Complaint.id, Case.owner_id.in_(account_ids))
    return exists_for_each(Complaint, owned)


def _is_touched(by: Touching) -> ColumnElement[bool]:
    """That a conflict of interest touches a complaint: `Conflict.touches`, asked of each row.

    Asked of each, as few are restricted, and very many may be about one organisation.
    """
    if by.organisation is not None:
        alleged = select(Allegation.id).where(
            Allegation.organisation_id == by.organisation, Allegation.complaint_id == Complaint.id
        )
        asked = select(Recommendation.id).where(
            Recommendation.organisation_id == by.organisation,
            Recommendation.case_id == Case.id,
            Case.complaint_id == Complaint.id,
        )
        return or_(alleged.correlate(Complaint).exists(), asked.correlate(Complaint).exists())
    if by.person is not None:
        there = select(Party.id).where(Party.person_id == by.person, Party.complaint_id == Complaint.id)
        return there.correlate(Complaint).exists()
    return Complaint.id == by.complaint
