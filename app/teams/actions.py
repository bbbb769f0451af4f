"""Making teams, and who is in them. A membership begins and ends on a day that has come."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import policy
from app.accounts.models import Account
from app.audit.changes import change
from app.audit.record import record
from app.core import clock
from app.core.errors import RuleBroken
from app.policy import Permission
from app.teams.events import MemberJoined, MemberLeft, TeamChanged, TeamEnded, TeamMade
from app.teams.models import Membership, Team


def make(session: Session, *, actor: Account | None, name: str) -> Team:
    """Make a team with nobody in it yet."""
    policy.require(actor, Permission.TEAM_MANAGE)
    _check_name(session, name)
    team = Team(name=name)
    session.add(team)
    session.flush()
    record(session, TeamMade(team=team.key, called=name), actor=actor)
    return team


def change_team(
    session: Session,
    team: Team,
    *,
    actor: Account | None,
    drawn_from: int | None = None,
    name: str,
    leader: Account | None = None,
) -> None:
    """Call a team otherwise, or say who of those in it leads it."""
    policy.require(actor, Permission.TEAM_MANAGE)
    team.agree(drawn_from)
    _check_stands(team)
    if name != team.name:
        _check_name(session, name)
    if leader and all(one.account is not leader for one in team.present):
        raise RuleBroken(
            f"{leader.name} is not in this team. Who leads it is one of those in it.", field="leader"
        )
    was_led_by = team.leader.name if team.leader else ""
    changes = change(team, name=name)
    if team.leader is not leader:
        team.leader = leader
        changes["leader"] = [was_led_by, leader.name if leader else ""]
    if "name" in changes:
        for one in team.present:
            one.account.team = name
    if changes:
        record(session, TeamChanged(team=team.key, called=name, changes=changes), actor=actor)


def join(
    session: Session, team: Team, *, actor: Account | None, account: Account, from_on: date | None = None
) -> Membership:
    """Put somebody into a team. They leave the one they were in on the same day."""
    policy.require(actor, Permission.TEAM_MANAGE)
    _check_stands(team)
    from_on = from_on or clock.today()
    if account.is_liaison or not account.is_active:
        raise RuleBroken(f"{account.name} is not on the staff.", field="account")
    if from_on > clock.today():
        raise RuleBroken("The first day must not be in the future.", field="from_on")
    before = _present(session, account)
    if before and before.team is team:
        raise RuleBroken(f"{account.name} is in this team already.", field="account")
    if before and from_on < before.from_on:
        raise RuleBroken(f"{account.name} came to {before.team.name} only later.", field="from_on")
    if before:
        _leave(session, before, from_on, actor=actor)
    joined = Membership(account=account, from_on=from_on)
    team.members.append(joined)
    team.touch()
    account.team = team.name
    told = MemberJoined(
        team=team.key,
        called=team.name,
        who=account.name,
        from_on=from_on,
        came_from=before.team.name if before else "",
    )
    record(session, told, actor=actor)
    return joined


def leave(session: Session, team: Team, *, actor: Account | None, account: Account) -> None:
    """Take somebody out of a team, today. They no longer lead it either."""
    policy.require(actor, Permission.TEAM_MANAGE)
    present = _present(session, account)
    if present is None or present.team is not team:
        raise RuleBroken(f"{account.name} is not in this team.")
    _leave(session, present, clock.today(), actor=actor)


def end(session: Session, team: Team, *, actor: Account | None) -> None:
    """Let there be this team no more. It has to be empty."""
    policy.require(actor, Permission.TEAM_MANAGE)
    _check_stands(team)
    if team.present:
        raise RuleBroken("There are still people in this team.")
    team.ended_at = clock.now()
    record(session, TeamEnded(team=team.key, called=team.name), actor=actor)


def _leave(session: Session, membership: Membership, until_on: date, *, actor: Account | None) -> None:
    team, account = membership.team, membership.account
    membership.until_on = until_on
    account.team = ""
    team.touch()
    if team.leader is account:
        team.leader = None
    told = MemberLeft(team=team.key, called=team.name, who=account.name, until_on=until_on)
    record(session, told, actor=actor)


def _present(session: Session, account: Account) -> Membership | None:
    here = Membership.account_id == account.id, Membership.until_on.is_(None)
    return session.scalar(select(Membership).where(*here))


def _check_name(session: Session, name: str) -> None:
    if session.scalar(select(Team.id).where(Team.name == name)):
        raise RuleBroken(f"There is or was a team called {name} already.", field="name")


def _check_stands(team: Team) -> None:
    if team.ended_at is not None:
        raise RuleBroken("This team is no more.")
