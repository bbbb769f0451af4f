"""Changing the lists of the office: a draft, which concerns nobody, and then a version, which is for good."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from app import policy
from app.accounts.models import Account
from app.audit.record import record
from app.core import clock
from app.core.errors import RuleBroken
from app.policy import Permission
from app.reference import differences, queries
from app.reference.catalogue import LISTS, named
from app.reference.columns import Row
from app.reference.editable import EditableList
from app.reference.events import (
    ListDraftBegun,
    ListDraftThrownAway,
    ListRowDrafted,
    ListRowTakenOut,
    ListVersionPutInForce,
)
from app.reference.models import ListDraft, ListVersion
from app.reference.shelf import Version


def begin_draft(
    session: Session, about: EditableList, *, actor: Account | None, copy_of: int | None = None
) -> ListDraft:
    """Draw up the next version: as the last one is, or as the one numbered `copy_of` was. A draft that is
    there already is gone on with.

    What came after the copied version stays, no longer offered: it may stand in records.
    """
    policy.require(actor, Permission.REFERENCE_CHANGE)
    if (there := queries.draft_of(session, about)) and copy_of is None:
        return there
    if there:
        raise RuleBroken("There is a draft of this list already. Put it in force or throw it away first.")
    last = queries.newest(session, about)
    copied = None if copy_of is None else queries.numbered(session, about, copy_of)
    draft = ListDraft(
        list_key=about.key,
        content=_gone_back(about, last, copied) if copied else list(last.rows),
        based_on=last.name,
        goes_back_to=copied.name if copied else "",
        begun_by=actor,
    )
    session.add(draft)
    told = ListDraftBegun(about=about.key, based_on=draft.based_on, goes_back_to=draft.goes_back_to)
    record(session, told, actor=actor)
    return draft


def add_row(
    session: Session,
    draft: ListDraft,
    *,
    actor: Account | None,
    drawn_from: int | None = None,
    values: Mapping[str, Any],
) -> None:
    """Add a row at the end of the draft. Raises `RuleBroken` at the field that is not right."""
    about = LISTS[draft.list_key]
    row = about.complete(values)
    if not about.may_grow:
        raise RuleBroken(f"Nothing can be added to this list. {about.stays}")
    if about.key_of(row) in about.by_key(draft.content):
        raise RuleBroken("This is in the list already. Change that one.", field=about.known_by.name)
    _save(session, draft, None, row, actor=actor, drawn_from=drawn_from)


def change_row(
    session: Session,
    draft: ListDraft,
    key: str,
    *,
    actor: Account | None,
    drawn_from: int | None = None,
    values: Mapping[str, Any],
) -> None:
    """Change a row of the draft. Raises `RuleBroken` at the field that is not right, `Overtaken` if somebody
    else saved the draft meanwhile."""
    about = LISTS[draft.list_key]
    before = about.by_key(draft.content).get(key)
    if before is None:
        raise RuleBroken("This is not in the list.")
    _save(session, draft, before, about.complete({**before, **values}), actor=actor, drawn_from=drawn_from)


def take_out(session: Session, draft: ListDraft, key: str, *, actor: Account | None) -> None:
    """Take a row out of the draft again that no version has held. Raises `RuleBroken` for any other."""
    policy.require(actor, Permission.REFERENCE_CHANGE)
    about = LISTS[draft.list_key]
    row = about.by_key(draft.content).get(key)
    if row is None or key in about.by_key(queries.newest(session, about).rows):
        raise RuleBroken("Only what was added in this draft can be taken out of it. End it instead.")
    draft.content = [one for one in draft.content if one is not row]
    changes = {name: [value, None] for name, value in row.items()}
    record(session, ListRowTakenOut(about=about.key, row=key, changes=changes), actor=actor)


def throw_away(
    session: Session, draft: ListDraft, *, actor: Account | None, drawn_from: int | None = None
) -> None:
    """Remove the draft. What it would have changed stays in the record."""
    policy.require(actor, Permission.REFERENCE_CHANGE)
    draft.agree(drawn_from)
    about = LISTS[draft.list_key]
    changed = differences.between(about, queries.newest(session, about).rows, draft.content)
    rows = about.by_key(draft.content)
    told = ListDraftThrownAway(
        about=about.key, based_on=draft.based_on, rows={one.key: rows[one.key] for one in changed}
    )
    record(session, told, actor=actor)
    session.delete(draft)


def put_in_force(
    session: Session,
    draft: ListDraft,
    *,
    actor: Account | None,
    drawn_from: int | None = None,
    in_force_from: date | None = None,
    reasons: str,
) -> ListVersion:
    """Make the draft the next version, in force from a day on: today, if none is named, or later. It is never
    changed again. The calendar goes through `put_in_force` of `recounting`, which counts again what runs.

    Raises `RuleBroken` for a day that has passed, or comes before the last version, and for a draft in which
    something is wrong or nothing has changed.
    """
    policy.require(actor, Permission.REFERENCE_CHANGE)
    draft.agree(drawn_from)
    about = named(draft.list_key)
    if draft.based_on != queries.newest(session, about).name:
        raise RuleBroken(
            f"This draft was drawn up from version {draft.based_on}, and another has come since."
            " Throw it away and begin again."
        )
    from_on = in_force_from or clock.today()
    version = _make(session, about, draft.content, actor=actor, in_force_from=from_on, reasons=reasons)
    session.delete(draft)
    return version


def verify_row(
    session: Session, about: EditableList, key: str, *, actor: Account | None, source: str
) -> ListVersion:
    """Say what a row was checked against: a version of its own, in force from today."""
    policy.require(actor, Permission.REFERENCE_CHANGE)
    if queries.draft_of(session, about):
        raise RuleBroken("There is a draft of this list. Say it there, or put the draft in force first.")
    last = queries.newest(session, about)
    row = about.by_key(last.rows).get(key)
    if row is None or not row.get("unverified"):
        raise RuleBroken("Nothing about this is marked as unverified.")
    rows = [one | {"unverified": "", "source": source} if one is row else one for one in last.rows]
    from_on = max(clock.today(), last.in_force_from or clock.today())
    reasons = f"{key} was checked against a source: {source}"
    return _make(session, about, rows, actor=actor, in_force_from=from_on, reasons=reasons)


def _save(
    session: Session,
    draft: ListDraft,
    before: Row | None,
    row: Row,
    *,
    actor: Account | None,
    drawn_from: int | None,
) -> None:
    policy.require(actor, Permission.REFERENCE_CHANGE)
    draft.agree(drawn_from)
    about = LISTS[draft.list_key]
    if before == row:
        return
    rows = [*draft.content, row] if before is None else [row if r == before else r for r in draft.content]
    wrong = about.problems(rows, queries.newest(session, about).rows, queries.known(session))
    for problem in wrong:
        if problem.row == about.key_of(row):
            raise RuleBroken(problem.sentence, field=problem.field)
    was = before or about.complete({})
    changes = {name: [was[name], value] for name, value in row.items() if was[name] != value}
    draft.content = rows
    told = ListRowDrafted(about=about.key, row=about.key_of(row), is_new=before is None, changes=changes)
    record(session, told, actor=actor)


def _make(
    session: Session,
    about: EditableList,
    rows: Sequence[Row],
    *,
    actor: Account | None,
    in_force_from: date,
    reasons: str,
) -> ListVersion:
    last = queries.newest(session, about)
    _check_day(about, in_force_from, last)
    if wrong := about.problems(list(rows), last.rows, queries.known(session)):
        raise RuleBroken(f"{wrong[0].row}: {wrong[0].sentence}".removeprefix(": "))
    changed = differences.between(about, last.rows, rows)
    if not changed:
        raise RuleBroken("Nothing has changed yet: there is nothing to put in force.")
    version = ListVersion(
        list_key=about.key,
        number=last.number + 1,
        in_force_from=in_force_from,
        content=list(rows),
        based_on=last.name,
        reasons=reasons,
        made_by=actor,
    )
    session.add(version)
    told = ListVersionPutInForce(
        about=about.key,
        number=version.number,
        based_on=last.name,
        in_force_from=in_force_from,
        reasons=reasons,
        changed=differences.counted(changed),
    )
    record(session, told, actor=actor)
    return version


def _check_day(about: EditableList, day: date, last: Version) -> None:
    if about.at_once and day > clock.today():
        raise RuleBroken(
            "Its days have dates of their own: a version is in force from today.", field="in_force_from"
        )
    if day < clock.today():
        raise RuleBroken("A version is in force from today or a later day.", field="in_force_from")
    if last.in_force_from and day < last.in_force_from:
        raise RuleBroken(
            f"Version {last.number} is in force from {last.in_force_from:%-d %B %Y}. Choose that day or a later one.",
            field="in_force_from",
        )


def _gone_back(about: EditableList, last: Version, copied: Version) -> list[Row]:
    """The rows of an earlier version, and after them what has come since, no longer offered."""
    there = about.by_key(copied.rows)
    since = [row | {"ended": True} for row in last.rows if about.key_of(row) not in there]
    return [*copied.rows, *since]
