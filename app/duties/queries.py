from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session, joinedload

from app import policy
from app.accounts.models import Account, AccountRole, Role
from app.allegations.models import Allegation
from app.cases.models import Case
from app.complaints.models import Complaint, Party
from app.core import clock
from app.core.errors import NotFound
from app.duties.models import Absence, Conflict, NamedAccess, Restriction
from app.people.models import Person
from app.policy import Permission
from app.recommendations.models import Recommendation

#: Who works on complaints, and so can be named, cover or have a conflict.
CASEWORK = frozenset({Role.CASEWORKER, Role.INVESTIGATOR, Role.MANAGER, Role.OMBUDSMAN})
MOST, MOST_STAFF = 100, 500


def staff(session: Session) -> Mapping[str, str]:
    """Names of those who work on complaints, by the key of their account."""
    holders = select(AccountRole.account_id).where(AccountRole.role.in_(CASEWORK))
    able = select(Account.key, Account.name).where(Account.is_active, Account.id.in_(holders))
    return dict(session.execute(able.order_by(Account.name).limit(MOST_STAFF)).all())


def conflicts_with(session: Session, complaint: Complaint) -> Sequence[Conflict]:
    """The conflicts of interest anybody has with a complaint, or with somebody in it, that were not lifted."""
    bodies = select(Allegation.organisation_id).where(Allegation.complaint_id == complaint.id)
    asked = select(Recommendation.organisation_id).join(Case).where(Case.complaint_id == complaint.id)
    people = select(Party.person_id).where(Party.complaint_id == complaint.id)
    found = select(Conflict).where(
        Conflict.lifted_at.is_(None),
        or_(
            Conflict.complaint_id == complaint.id,
            Conflict.organisation_id.in_(bodies.union(asked)),
            Conflict.person_id.in_(people),
        ),
    )
    return _told(session, found)


def conflicts_known_to(session: Session, account: Account) -> Sequence[Conflict]:
    """This person's own conflicts of interest; for who manages them, everybody's, as far as they may know of them."""
    live = select(Conflict).where(Conflict.lifted_at.is_(None))
    if not policy.may(account, Permission.CONFLICT_MANAGE):
        return _told(session, live.where(Conflict.account_id == account.id))
    complaint = policy.visible_complaints(account).where(Complaint.id == Conflict.complaint_id)
    person = policy.visible_people(account).where(Person.id == Conflict.person_id)
    known = or_(
        Conflict.organisation_id.is_not(None),
        complaint.correlate(Conflict).exists(),
        person.correlate(Conflict).exists(),
    )
    return _told(session, live.where(or_(known, Conflict.account_id == account.id)))


def conflict_of(session: Session, account: Account, key: str) -> Conflict:
    """The conflict with that key among those this person may know of. Raises `NotFound`."""
    for conflict in conflicts_known_to(session, account):
        if conflict.key == key:
            return conflict
    raise NotFound("There is no conflict of interest here that you may see.")


def absences_known_to(session: Session, account: Account, day: date) -> Sequence[Absence]:
    """Absences of this person, or covered by them, that are not over; for a manager everybody's."""
    found = select(Absence).where(Absence.ended_at.is_(None), Absence.to_on >= day)
    if not policy.may(account, Permission.ABSENCE_MANAGE):
        found = found.where(or_(Absence.account_id == account.id, Absence.cover_id == account.id))
    found = found.options(joinedload(Absence.account), joinedload(Absence.cover))
    return session.scalars(found.order_by(Absence.from_on, Absence.id).limit(MOST)).all()


def absence_of(session: Session, account: Account, key: str, day: date) -> Absence:
    """The absence with that key among those this person may know of. Raises `NotFound`."""
    for absence in absences_known_to(session, account, day):
        if absence.key == key:
            return absence
    raise NotFound("There is no absence here that you may change.")


def away(session: Session, day: date) -> Mapping[int, Absence]:
    """Who is away on a day, by account."""
    found = select(Absence).where(Absence.ended_at.is_(None), Absence.from_on <= day, Absence.to_on >= day)
    return {absence.account_id: absence for absence in session.scalars(found.limit(MOST_STAFF))}


def restriction_of(session: Session, complaint: Complaint) -> Restriction | None:
    """The restriction that stands, if one does."""
    found = select(Restriction).where(
        Restriction.complaint_id == complaint.id, Restriction.ended_at.is_(None)
    )
    return session.scalar(found.options(joinedload(Restriction.made_by)).limit(1))


def named(session: Session, complaint: Complaint) -> Sequence[NamedAccess]:
    """Who is named among those who may know of a complaint, in the order in which they were."""
    found = select(NamedAccess).where(
        NamedAccess.complaint_id == complaint.id, NamedAccess.ended_at.is_(None)
    )
    found = found.options(joinedload(NamedAccess.account))
    return session.scalars(found.order_by(NamedAccess.id).limit(MOST)).all()


def who_covers(session: Session, complaint: Complaint) -> Sequence[Absence]:
    """Whose cover may know of a restricted complaint, today or on days to come, because they may themselves.

    That is whoever has its case and whoever is named; not where the cover has a conflict of interest there.
    """
    able = {one.account_id for one in named(session, complaint)}
    if complaint.case and complaint.case.owner_id:
        able.add(complaint.case.owner_id)
    found = select(Absence).where(
        Absence.account_id.in_(able), Absence.ended_at.is_(None), Absence.to_on >= clock.today()
    )
    found = found.options(joinedload(Absence.account), joinedload(Absence.cover))
    absences = session.scalars(found.order_by(Absence.from_on, Absence.id).limit(MOST)).unique()
    return [one for one in absences if opens(one, complaint)]


def opens(absence: Absence, complaint: Complaint) -> bool:
    """Whether whoever covers may know of a restricted complaint with whoever is away."""
    return absence.opens_restricted and not any(
        conflict.touches(complaint) for conflict in absence.cover.conflicts
    )


def restricted_of(session: Session, account: Account) -> Sequence[Complaint]:
    """The restricted complaints this person may know of because they have the case, or are named."""
    return session.scalars(policy.restricted_of([account.id]).order_by(Complaint.id)).all()


def _told(session: Session, conflicts: Select[Conflict]) -> Sequence[Conflict]:
    whole = conflicts.options(
        joinedload(Conflict.account),
        joinedload(Conflict.organisation),
        joinedload(Conflict.person),
        joinedload(Conflict.complaint).joinedload(Complaint.case),
    )
    return session.scalars(whole.order_by(Conflict.id.desc()).limit(MOST)).unique().all()
