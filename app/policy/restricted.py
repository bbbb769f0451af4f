"""What is restricted, and to whom it is open all the same: whoever has the case, is named, or covers for these.

What this comes to as a condition is the same for everybody of whom the same is true, and a page asks for it a
dozen times. So it hangs on a `Sight` and nothing else, and is put together once for each.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple, cast

from sqlalchemy import ColumnElement, Select, and_, or_, select, true

from app.accounts.models import Account
from app.allegations.models import Allegation
from app.caseload.models import Line
from app.cases.models import Case
from app.complaints.models import Complaint, Party
from app.core.dialect.asking import exists_for_each, in_its_row
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
    return select(Complaint).select_from(Complaint).where(is_open(sight))


@lru_cache(KEPT)
def open_cases(sight: Sight) -> Select[Case]:
    """The cases of complaints that are not restricted, or not for this person."""
    owns = Case.owner_id == sight.account
    return select(Case).join(Case.complaint).where(_open_to(sight, Complaint.is_restricted, _COMPLAINT, owns))


@lru_cache(KEPT)
def open_lines(sight: Sight) -> Select[Line]:
    """The lines of the caseload of complaints that are not restricted, or not for this person."""
    of_line = _Of(Line, Line.complaint_id)
    return (
        select(Line)
        .select_from(Line)
        .where(_open_to(sight, Line.is_restricted, of_line, Line.owner_id == sight.account))
    )


@lru_cache(KEPT)
def is_open(sight: Sight) -> ColumnElement[bool]:
    """That a complaint is not restricted, or not for this person."""
    return _open_to(sight, Complaint.is_restricted, _COMPLAINT)


def of_open_complaint(sight: Sight, entity: Any) -> ColumnElement[bool]:
    """That what stands in a complaint is not in one closed to this person."""
    return _is_in_none_closed(sight, entity, select(Complaint.id), Complaint.id == entity.complaint_id)


def of_open_case(sight: Sight, entity: Any) -> ColumnElement[bool]:
    """That what stands in a case is not in one closed to this person."""
    cases = select(Case.id).join(Case.complaint)
    return _is_in_none_closed(sight, entity, cases, Case.id == entity.case_id)


def _is_in_none_closed(
    sight: Sight, entity: Any, rows: Select[Any], its: ColumnElement[bool]
) -> ColumnElement[bool]:
    return true() if sight.is_whole else ~exists_for_each(entity, rows.where(its, ~is_open(sight)))


def restricted_of(account_ids: Sequence[int]) -> Select[Complaint]:
    """The restricted complaints that one of these may know of because they have the case, or are named."""
    return (
        select(Complaint)
        .select_from(Complaint)
        .where(Complaint.is_restricted, _is_theirs(_COMPLAINT, account_ids))
    )


class _Of(NamedTuple):
    """Of what it is asked whether it is open: rows of an entity, and of which complaint each is."""

    entity: Any
    complaint_id: Any

    def has(self, rows: Select[Any]) -> ColumnElement[bool]:
        return exists_for_each(self.entity, rows)


_COMPLAINT = _Of(Complaint, Complaint.id)


def _open_to(
    sight: Sight, is_restricted: Any, of: _Of, owns: ColumnElement[bool] | None = None
) -> ColumnElement[bool]:
    """That it is not restricted, or not for this person. Looked up only for the few that are restricted.

    What is opened as cover is closed again by a conflict of interest.
    """
    if sight.is_whole:
        return true()
    if owns is None:
        owns = _is_owned(of, [sight.account])
    mine = _is_named(of, [sight.account]), owns
    if not sight.away:
        return or_(~is_restricted, *mine)
    as_cover = (~_is_touched(of, touching) for touching in sight.touching)
    return or_(~is_restricted, *mine, and_(_is_theirs(of, sight.away), *as_cover))


def _is_theirs(of: _Of, account_ids: Sequence[int]) -> ColumnElement[bool]:
    """That one of these is named for the complaint, or has its case."""
    return or_(_is_named(of, account_ids), _is_owned(of, account_ids))


def _is_named(of: _Of, account_ids: Sequence[int]) -> ColumnElement[bool]:
    named = NamedAccess.complaint_id == of.complaint_id, in_its_row(NamedAccess.account_id).in_(account_ids)
    return of.has(select(NamedAccess.id).where(*named, NamedAccess.ended_at.is_(None)))


def _is_owned(of: _Of, account_ids: Sequence[int]) -> ColumnElement[bool]:
    """That one of these has the case. Asked of each, as in years somebody had very many."""
    owned = Case.complaint_id == of.complaint_id, in_its_row(Case.owner_id).in_(account_ids)
    return of.has(select(Case.id).where(*owned))


def _is_touched(of: _Of, by: Touching) -> ColumnElement[bool]:
    """That a conflict of interest touches the complaint: `Conflict.touches`, asked of each row.

    Asked of each, as few are restricted, and very many may be about one organisation.
    """
    if by.organisation is not None:
        alleged = select(Allegation.id).where(
            Allegation.organisation_id == by.organisation, Allegation.complaint_id == of.complaint_id
        )
        asked = select(Recommendation.id).where(
            Recommendation.organisation_id == by.organisation,
            Recommendation.case_id == Case.id,
            Case.complaint_id == of.complaint_id,
        )
        return or_(of.has(alleged), of.has(asked))
    if by.person is not None:
        there = Party.person_id == by.person, Party.complaint_id == of.complaint_id
        return of.has(select(Party.id).where(*there))
    return cast(ColumnElement[bool], of.complaint_id == by.complaint)
