"""From what people type and keys they never see, to what is meant, and back to names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import Account
from app.caseload.questions import ME, MY_TEAM, NOBODY, Question
from app.organisations import queries as organisations
from app.organisations.models import Organisation

_WHO = {ME: "me", NOBODY: "nobody", MY_TEAM: "my team"}


def settled(session: Session, question: Question) -> tuple[Question, Mapping[tuple[str, str], str]]:
    """The question with organisations by their codes, and the names of what it says in keys and codes.

    An organisation may be asked for by part of its name. If that is not exactly one, it is left out,
    with a sentence.
    """
    named = {("owner", who): words for who, words in _WHO.items()}
    if keys := [value for value in question.filters.get("owner", ()) if value not in _WHO]:
        accounts = session.execute(select(Account.key, Account.name).where(Account.key.in_(keys)))
        named |= {("owner", key): name for key, name in accounts}
    if words := question.filters.get("organisation", ()):
        question, codes = _by_code(session, question, words)
        named |= {("organisation", code): name for code, name in codes.items()}
    return question, named


def _by_code(
    session: Session, question: Question, words: Sequence[str]
) -> tuple[Question, Mapping[str, str]]:
    by_code = select(Organisation.code, Organisation.name)
    listed = by_code.where(Organisation.code.in_([each.upper() for each in words]))
    known = dict(session.execute(listed).all())
    codes, problem = dict[str, str](), ""
    for each in words:
        found = [(each.upper(), known[each.upper()])] if each.upper() in known else _called(session, each)
        if len(found) == 1:
            codes |= dict(found)
        else:
            how_many = "No organisation has" if not found else "Several organisations have"
            problem = f"{how_many} “{each}” in its name or as its code. Write its code. It was left out."
    return question.but("organisation", list(codes), problem), codes


def _called(session: Session, words: str) -> list[tuple[str, str]]:
    return [(found.code, found.name) for found in organisations.search(session, words)]
