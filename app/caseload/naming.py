"""From what people type and keys they never see, to what is meant, and back to names."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import queries as accounts
from app.accounts.models import Account
from app.caseload.questions import COVERED, LEFT_OUT, ME, MY_TEAM, NOBODY, Question
from app.core.dialect.asking import matches
from app.organisations import queries as organisations
from app.organisations.models import Organisation
from app.teams.models import Team

_WHO = {ME: "me", NOBODY: "nobody", MY_TEAM: "my team", COVERED: "those I cover for"}


def settled(session: Session, question: Question) -> tuple[Question, Mapping[tuple[str, str], str]]:
    """The question with organisations and investigators by code and key, and the names of both.

    Either may be asked for by part of its name. If that is not exactly one, it is left out, with a sentence.
    """
    named: dict[tuple[str, str], str] = {}
    for name, kind in _KINDS.items():
        if words := question.filters.get(name, ()):
            found, problem = _meant(session, kind, words)
            question = question.but(name, list(found), problem)
            named |= {(name, key): called for key, called in found.items()}
    return question, named


@dataclass(frozen=True)
class _Kind:
    """What can be asked for by a key or by part of a name."""

    what: str
    better: str
    keys: Callable[[Session, Sequence[str]], Mapping[str, str]]
    called: Callable[[Session, str], Mapping[str, str]]


def _codes(session: Session, words: Sequence[str]) -> Mapping[str, str]:
    wanted = Organisation.code.in_([each.upper() for each in words]), Organisation.merged_into_id.is_(None)
    return dict(session.execute(select(Organisation.code, Organisation.name).where(*wanted)).all())


def _keys(session: Session, words: Sequence[str]) -> Mapping[str, str]:
    keys = [each for each in words if each not in _WHO]
    found = select(Account.key, Account.name).where(Account.key.in_(keys))
    return {**_WHO, **(dict(session.execute(found).all()) if keys else {})}


def _teams(session: Session, words: Sequence[str]) -> Mapping[str, str]:
    return dict(session.execute(select(Team.key, Team.name).where(Team.key.in_(words))).all())


def _teams_called(session: Session, words: str) -> Mapping[str, str]:
    named = select(Team.key, Team.name).where(matches(Team.name, words), Team.ended_at.is_(None))
    return dict(session.execute(named.order_by(Team.name).limit(2)).all())


_KINDS: Mapping[str, _Kind] = {
    "owner": _Kind("investigator", "more of the name", _keys, accounts.investigators_called),
    "team": _Kind("team", "all of it", _teams, _teams_called),
    "organisation": _Kind(
        "organisation",
        "its code",
        _codes,
        lambda session, words: {one.code: one.name for one in organisations.search(session, words)},
    ),
}


def _meant(session: Session, kind: _Kind, words: Sequence[str]) -> tuple[Mapping[str, str], str]:
    """Whom these words mean, by key, and what is to be said of those that do not say it."""
    known, meant, problem = kind.keys(session, words), dict[str, str](), ""
    for each in words:
        key = each if each in known else each.upper()
        found = {key: known[key]} if key in known else kind.called(session, each)
        if len(found) == 1:
            meant |= found
        else:
            how_many = f"Several {kind.what}s have" if found else f"No {kind.what} has"
            problem = f"{how_many} “{each}” in its name. Write {kind.better}." + LEFT_OUT
    return meant, problem
