from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.accounts.models import Account
from app.core.errors import NotFound
from app.teams.models import Membership, Team

#: How many teams, and how many memberships of one person, a page shows.
MOST = 200


def teams(session: Session) -> Sequence[Team]:
    """The teams there are, by name, with who is in each."""
    found = _whole(select(Team).where(Team.ended_at.is_(None)))
    return session.scalars(found.order_by(Team.name, Team.id).limit(MOST)).all()


def names(session: Session) -> Mapping[str, str]:
    """The names of the teams there are, by key."""
    found = select(Team.key, Team.name).where(Team.ended_at.is_(None))
    return dict(session.execute(found.order_by(Team.name, Team.id).limit(MOST)).all())


def team_of(session: Session, key: str) -> Team:
    """The team of that key, ended or not. Raises `NotFound`."""
    team = session.scalar(_whole(select(Team).where(Team.key == key)))
    if team is None:
        raise NotFound("There is no such team.")
    return team


def led_by(session: Session, account: Account) -> Sequence[Team]:
    """The teams that somebody leads."""
    theirs = Team.leader_id == account.id, Team.ended_at.is_(None)
    return session.scalars(_whole(select(Team).where(*theirs)).order_by(Team.name).limit(MOST)).all()


def memberships_of(session: Session, account: Account) -> Sequence[Membership]:
    """The teams somebody is and was in, the latest first."""
    found = select(Membership).where(Membership.account_id == account.id).options(joinedload(Membership.team))
    return session.scalars(found.order_by(Membership.from_on.desc(), Membership.id.desc()).limit(MOST)).all()


def _whole(teams: Select[Team]) -> Select[Team]:
    who = selectinload(Team.members).joinedload(Membership.account)
    return teams.options(who, joinedload(Team.leader))
