from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from app.accounts.models import Account
from app.allegations.models import Allegation, InitialCheck
from app.cases.models import FROZEN, Case
from app.checks.facts import time_limit
from app.checks.models import Discretion
from app.complaints.models import Complaint, ComplaintState
from app.consents.addressees import Recipients, recipients
from app.consents.models import Sees
from app.consents.rights import actors_in
from app.core import clock
from app.policy import Permission, holders, knows_of, visible_complaints

#: How many names a choice of deciders shows, and how many rows a list of what waits.
MOST = 100


def recipients_of_reasons(complaint: Complaint) -> Recipients:
    """To whom a statement of reasons goes, each by themselves: s.14(2), s.14(2B)."""
    standing = [one for one in complaint.disagreements if one.ended_at is None]
    acting = actors_in(complaint, clock.today())
    return recipients(complaint.parties, acting, standing, Sees.DECISIONS)


def discretion_of(allegation: Allegation) -> Discretion | None:
    """The last discretion that was opened on the dates as they are now; None if there is none."""
    facts = time_limit(allegation)
    return next((one for one in reversed(allegation.discretions) if facts.are(one.facts)), None)


def deciders(session: Session, complaint: Complaint) -> Sequence[Account]:
    """Who may decide whether a late allegation of a complaint is looked into, by name; at most `MOST`."""
    able = select(Account).where(Account.is_active, holders(Permission.DISCRETION_DECIDE, clock.today()))
    found = session.scalars(
        able.options(selectinload(Account.absences)).order_by(Account.name, Account.id).limit(MOST)
    )
    return [one for one in found if not complaint.is_restricted or knows_of(session, one, complaint)]


def refused_in(session: Session, complaint: Complaint) -> list[Allegation]:
    """What was decided and not accepted, with all that a statement of reasons says of it, in a few statements."""
    mine = select(Allegation).where(Allegation.complaint_id == complaint.id)
    decided = selectinload(Allegation.checks)
    told = mine.options(
        joinedload(Allegation.issue),
        joinedload(Allegation.organisation),
        decided.joinedload(InitialCheck.decided_by),
        decided.joinedload(InitialCheck.joined_to),
    )
    found = session.scalars(told.order_by(Allegation.number))
    return [one for one in found if one.check and not one.is_accepted]


def joined_by(session: Session, account: Account, allegation: Allegation) -> set[str]:
    """The references of complaints the allegation was joined to, those this person may know of."""
    joined = [check.joined_to_id for check in allegation.checks if check.joined_to_id]
    if not joined:
        return set()
    mine = visible_complaints(account).where(Complaint.id.in_(joined))
    return set(session.scalars(mine.with_only_columns(Complaint.reference)))


def waiting_for(session: Session, account: Account) -> Sequence[Discretion]:
    """What was put before this person and can be decided by them now, the oldest first; at most `MOST`.

    What was opened on dates that have changed since waits for nobody.
    """
    mine = visible_complaints(account).with_only_columns(Complaint.id)
    in_case = exists().where(Case.complaint_id == Complaint.id, Case.stage.not_in(FROZEN))
    waiting = (
        select(Discretion)
        .join(Discretion.allegation)
        .join(Allegation.complaint)
        .where(
            Discretion.decider_id == account.id,
            Discretion.decided_at.is_(None),
            or_(Complaint.state == ComplaintState.INITIAL_CHECK, in_case),
            Complaint.id.in_(mine),
        )
        .options(
            contains_eager(Discretion.allegation).contains_eager(Allegation.complaint),
            contains_eager(Discretion.allegation).selectinload(Allegation.discretions),
        )
    )
    found = session.scalars(waiting.order_by(Discretion.id).limit(MOST)).all()
    return [one for one in found if one is discretion_of(one.allegation)]
