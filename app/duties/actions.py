"""Conflicts of interest, absence and cover, and complaints only for those who are named."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app import policy
from app.accounts.models import Account
from app.audit.record import record
from app.complaints.models import Complaint
from app.core import clock
from app.core.errors import NotPermitted, RuleBroken
from app.duties.events import (
    AbsenceArranged,
    AbsenceEnded,
    ComplaintRestricted,
    ConflictDeclared,
    ConflictLifted,
    CoverClosed,
    CoverOpened,
    NameTaken,
    PersonNamed,
    RestrictionLifted,
)
from app.duties.models import Absence, Conflict, ConflictKind, NamedAccess, Restriction
from app.duties.queries import CASEWORK, named, opens, restricted_of, restriction_of
from app.organisations.models import Organisation
from app.people.models import Person
from app.policy import Permission

#: For how long somebody can be away at most, in days: longer is not cover, but another investigator.
LONGEST_ABSENCE = 186


def declare_conflict(
    session: Session,
    *,
    actor: Account,
    account: Account,
    kind: ConflictKind,
    words: str,
    since: date,
    complaint: Complaint | None = None,
    organisation: Organisation | None = None,
    person: Person | None = None,
) -> Conflict:
    """Write down a conflict of interest: one's own, or as a manager somebody else's.

    With one thing: a complaint, an organisation or a person. From now on this person decides nothing in
    what it touches, and is given no case that it touches.
    """
    policy.require(actor, Permission.CONFLICT_DECLARE, complaint)
    if account is not actor:
        policy.require(actor, Permission.CONFLICT_MANAGE)
    if since > clock.today():
        raise RuleBroken("The day it began must not be in the future.", field="since")
    if account.roles.isdisjoint(CASEWORK):
        raise RuleBroken(f"{account.name} does not work on complaints.", field="account")
    same = [
        one
        for one in account.conflicts
        if one.lifted_at is None
        and (one.complaint_id, one.organisation_id, one.person_id)
        == (complaint and complaint.id, organisation and organisation.id, person and person.id)
    ]
    if same:
        raise RuleBroken("This conflict of interest has been declared already.")
    conflict = Conflict(
        account=account,
        kind=kind,
        words=words,
        since=since,
        complaint=complaint,
        organisation=organisation,
        person=person,
        declared_by_id=actor.id,
    )
    session.add(conflict)
    session.flush()
    told = ConflictDeclared(
        conflict=conflict.key,
        whose=account.name,
        kind=kind.label,
        subject=conflict.with_what,
        words=words,
        since=since,
    )
    record(session, told, actor=actor, complaint=complaint)
    session.expire(account, ["conflicts"])
    return conflict


def lift_conflict(session: Session, conflict: Conflict, *, actor: Account, reasons: str) -> None:
    """Let a conflict of interest no longer count. Never by the person who has it."""
    policy.require(actor, Permission.CONFLICT_MANAGE)
    if conflict.account_id == actor.id:
        raise NotPermitted("Nobody lifts their own conflict of interest: another manager has to.")
    if conflict.lifted_at is not None:
        raise RuleBroken("This conflict of interest has been lifted already.")
    conflict.lifted_at, conflict.lifted_by_id, conflict.lifted_because = clock.now(), actor.id, reasons
    told = ConflictLifted(
        conflict=conflict.key, whose=conflict.account.name, subject=conflict.with_what, reasons=reasons
    )
    record(session, told, actor=actor, complaint=conflict.complaint)
    session.expire(conflict.account, ["conflicts"])


def arrange_absence(
    session: Session, *, actor: Account, account: Account, cover: Account, from_on: date, to_on: date
) -> Absence:
    """Say from when to when somebody is away, both days counted, and who does their work meanwhile."""
    policy.require(actor, Permission.ABSENCE_ARRANGE)
    if account is not actor:
        policy.require(actor, Permission.ABSENCE_MANAGE)
    if to_on < from_on:
        raise RuleBroken("The last day must not be before the first.", field="to_on")
    if to_on < clock.today():
        raise RuleBroken("The last day has passed already.", field="to_on")
    if (to_on - from_on).days >= LONGEST_ABSENCE:
        raise RuleBroken(
            "That is longer than somebody is covered for. Give their cases to somebody else.", field="to_on"
        )
    if cover is account:
        raise RuleBroken("Nobody covers for themselves.", field="cover")
    if not cover.is_active or not (account.roles & cover.roles & CASEWORK):
        raise RuleBroken(
            f"{cover.name} has no role in common with {account.name}, and cannot do the same work.",
            field="cover",
        )
    _check_nobody_away_twice(session, account, cover, from_on, to_on)
    absence = Absence(account=account, cover=cover, from_on=from_on, to_on=to_on, arranged_by_id=actor.id)
    session.add(absence)
    told = AbsenceArranged(whose=account.name, cover=cover.name, from_on=from_on, to_on=to_on)
    record(session, told, actor=actor)
    session.expire(account, ["absences"])
    session.expire(cover, ["covering"])
    for complaint in restricted_of(session, account):
        _record_cover(session, complaint, absence, actor)
    return absence


def end_absence(session: Session, absence: Absence, *, actor: Account) -> None:
    """Back early, or not away after all: the cover ends at once."""
    policy.require(actor, Permission.ABSENCE_ARRANGE)
    if absence.account_id != actor.id:
        policy.require(actor, Permission.ABSENCE_MANAGE)
    if absence.ended_at is not None:
        raise RuleBroken("This has been ended already.")
    absence.ended_at = clock.now()
    between = {"whose": absence.account.name, "cover": absence.cover.name}
    record(session, AbsenceEnded(**between), actor=actor)
    session.expire(absence.cover, ["covering"])
    for complaint in restricted_of(session, absence.account):
        if opens(absence, complaint):
            record(session, CoverClosed(**between), actor=actor, complaint=complaint)


def restrict(
    session: Session, complaint: Complaint, *, actor: Account, reasons: str, to: Sequence[Account] = ()
) -> Restriction:
    """Let only those who are named know of a complaint, and whoever has its case. Who says so is named too."""
    policy.require(actor, Permission.COMPLAINT_RESTRICT, complaint)
    if complaint.is_restricted:
        raise RuleBroken("This is restricted already.")
    complaint.is_restricted = True
    restriction = Restriction(complaint_id=complaint.id, reasons=reasons, made_by=actor)
    session.add(restriction)
    record(session, ComplaintRestricted(reasons=reasons), actor=actor, complaint=complaint)
    for account in dict.fromkeys([actor, *to]):
        if policy.may(account, Permission.COMPLAINT_VIEW_RESTRICTED):
            continue
        name(session, complaint, actor=actor, account=account)
    owner = complaint.case.owner if complaint.case else None
    if owner is not None:
        _record_covers(session, complaint, owner, actor)
    return restriction


def name(session: Session, complaint: Complaint, *, actor: Account, account: Account) -> NamedAccess:
    """Name somebody among those who may know of a restricted complaint."""
    policy.require(actor, Permission.COMPLAINT_RESTRICT, complaint)
    if not complaint.is_restricted:
        raise RuleBroken("This is not restricted: everybody who works on complaints can find it.")
    if account.roles.isdisjoint(CASEWORK) or not account.is_active:
        raise RuleBroken(f"{account.name} does not work on complaints.", field="account")
    if policy.may(account, Permission.COMPLAINT_VIEW_RESTRICTED):
        raise RuleBroken(f"{account.name} can find it without being named.", field="account")
    if any(one.account_id == account.id for one in named(session, complaint)):
        raise RuleBroken(f"{account.name} is named already.", field="account")
    one = NamedAccess(complaint_id=complaint.id, account=account, named_by_id=actor.id)
    session.add(one)
    record(session, PersonNamed(account=account.id, called=account.name), actor=actor, complaint=complaint)
    _record_covers(session, complaint, account, actor)
    return one


def take_name(session: Session, complaint: Complaint, *, actor: Account, account_key: str) -> Account:
    """Name somebody no longer. They know of it no more from their next request on, unless they have the case."""
    policy.require(actor, Permission.COMPLAINT_RESTRICT, complaint)
    one = next((each for each in named(session, complaint) if each.account.key == account_key), None)
    if one is None:
        raise RuleBroken("This person is not named here.")
    one.ended_at = clock.now()
    taken = NameTaken(account=one.account_id, called=one.account.name)
    record(session, taken, actor=actor, complaint=complaint)
    return one.account


def lift_restriction(session: Session, complaint: Complaint, *, actor: Account, reasons: str) -> None:
    """Let everybody who works on complaints find it again. Nobody stays named."""
    policy.require(actor, Permission.COMPLAINT_RESTRICT, complaint)
    restriction = restriction_of(session, complaint)
    if restriction is None:
        raise RuleBroken("This is not restricted.")
    complaint.is_restricted = False
    restriction.ended_at, restriction.ended_because = clock.now(), reasons
    for one in named(session, complaint):
        one.ended_at = clock.now()
    record(session, RestrictionLifted(reasons=reasons), actor=actor, complaint=complaint)


def _record_covers(session: Session, complaint: Complaint, account: Account, actor: Account) -> None:
    """Write down who covers for this person and so may know of the complaint with them."""
    for absence in account.absences:
        if absence.ended_at is None and absence.to_on >= clock.today():
            _record_cover(session, complaint, absence, actor)


def _record_cover(session: Session, complaint: Complaint, absence: Absence, actor: Account) -> None:
    if not opens(absence, complaint):
        return
    told = CoverOpened(
        cover=absence.cover.name,
        whose=absence.account.name,
        from_on=absence.from_on,
        to_on=absence.to_on,
    )
    record(session, told, actor=actor, complaint=complaint)


def _check_nobody_away_twice(
    session: Session, account: Account, cover: Account, from_on: date, to_on: date
) -> None:
    meanwhile = Absence.ended_at.is_(None), Absence.from_on <= to_on, Absence.to_on >= from_on
    both = or_(Absence.account_id == account.id, Absence.account_id == cover.id)
    for absence in session.scalars(select(Absence).where(*meanwhile, both).limit(2)):
        if absence.account_id == account.id:
            raise RuleBroken(f"{account.name} is away on some of these days already.", field="from_on")
        raise RuleBroken(f"{cover.name} is away on some of these days too.", field="cover")
