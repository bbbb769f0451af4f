"""Keeping drafts. Nothing here is recorded: what is typed is nobody's business until it is sent."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from app.accounts.models import Account
from app.audit.models import Receipt
from app.core import clock
from app.core.errors import RuleBroken
from app.core.references import new_key
from app.drafts import queries
from app.drafts.models import Draft

#: Characters of one draft, as it is kept: twice the longest answer of any form.
LARGEST = 200_000
#: How long what was thrown away can be brought back.
UNDO = timedelta(days=7)
Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Saved:
    """Where a draft is kept. It was kept beside another if that one had moved on meanwhile."""

    draft: Draft
    is_beside: bool


def save(
    session: Session, *, actor: Account, key: str, form: str, address: str, answers: Pairs, drawn_from: int
) -> Saved | None:
    """Keep what was typed so far, drawn from version `drawn_from` of the draft, 0 for one that is new.

    Where the draft was saved, sent or thrown away in another window meanwhile, nothing of it is overwritten:
    what was typed here becomes a draft beside it. None if this very form has been sent already. Raises
    `RuleBroken` past the bounds.
    """
    pairs = _kept(answers)
    if len(json.dumps(pairs, ensure_ascii=False)) > LARGEST:
        raise RuleBroken("This is too long to be kept as a draft. Send it, or keep part of it elsewhere.")
    if _was_sent(session, actor, dict(answers).get("submission", "")):
        return None
    draft = queries.find(session, actor, key)
    is_there = draft is not None and draft.thrown_away_at is None
    if draft is not None and is_there and draft.answers == pairs:
        return Saved(draft, is_beside=False)
    is_beside = (draft.version if draft is not None and is_there else 0) != drawn_from or bool(
        draft and not is_there
    )
    if draft is None or is_beside:
        _check_number(session, actor)
        draft = Draft(key=new_key() if is_beside else key, account_id=actor.id)
        session.add(draft)
    draft.form, draft.address, draft.answers, draft.updated_at = form, address, pairs, clock.now()
    session.flush()
    return Saved(draft, is_beside)


def finish(session: Session, key: str, *, actor: Account, answers: Pairs, drawn_from: int) -> bool:
    """Let a draft go, in the transaction of what it became: `answers`, drawn from version `drawn_from` of it.

    Where something else was saved in it meanwhile, in another window, it is thrown away, to be brought back.
    Says whether.
    """
    draft = queries.find(session, actor, key)
    if draft is None:
        return False
    if draft.version == drawn_from or draft.answers == _kept(answers):
        session.delete(draft)
        return False
    throw_away(draft)
    return True


def throw_away(draft: Draft) -> None:
    """Put it away for a week, after which it goes."""
    if draft.thrown_away_at is None:
        draft.thrown_away_at = clock.now()


def bring_back(session: Session, draft: Draft, *, actor: Account) -> None:
    """Undo that it was thrown away. Raises `RuleBroken` where there is no room for it."""
    if draft.thrown_away_at is not None:
        _check_number(session, actor, of_new=False)
        draft.thrown_away_at, draft.updated_at = None, clock.now()


def expire(session: Session, *, days: int) -> int:
    """Remove what nobody has touched for so many days, and what was thrown away a week ago. Says how many."""
    old = or_(
        Draft.updated_at < clock.now() - timedelta(days=days), Draft.thrown_away_at < clock.now() - UNDO
    )
    return len(session.execute(delete(Draft).where(old).returning(Draft.id)).all())


def _kept(answers: Pairs) -> list[list[str]]:
    return [list(pair) for pair in answers if pair[0] != "submission"]


def _check_number(session: Session, actor: Account, *, of_new: bool = True) -> None:
    if queries.count(session, actor, thrown_away=False) >= queries.MOST:
        raise RuleBroken(
            f"You have {queries.MOST} drafts, and no more are kept. Send one, or throw one away."
        )
    if of_new and queries.count(session, actor, thrown_away=True) >= queries.MOST * 10:
        raise RuleBroken("You have thrown away so many drafts that no more are kept this week.")


def _was_sent(session: Session, actor: Account, submission: str) -> bool:
    """Whether this form has arrived: what was still being kept of it comes too late."""
    mine = select(Receipt.id).where(Receipt.submission == submission, Receipt.account_id == actor.id)
    return bool(submission) and session.scalar(mine) is not None
