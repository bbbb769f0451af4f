"""Codes of authenticators count once, for a minute and a half, and cannot be guessed (B5, B7)."""

from __future__ import annotations

import base64
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.accounts import limits
from app.core import clock
from app.factors import actions, codes
from app.factors.models import Authenticator


def test_a_secret_has_160_random_bits_and_is_kept_locked(session, holder):
    secrets = {codes.new_secret() for _ in range(100)}

    assert {len(base64.b32decode(secret)) * 8 for secret in secrets} == {160}
    assert len(secrets) == 100
    assert holder.secret not in str(session.execute(select(Authenticator.__table__)).all())


@pytest.mark.parametrize(("by", "taken"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_code_is_taken_one_step_before_and_after_its_own(session, holder, later, by, taken):
    assert (actions.try_code(session, holder.account, holder.code(by)) is None) == taken


def written(code: str) -> list[str]:
    return [code, f" {code} ", f"{code[:3]} {code[3:]}", f"{code[:3]}-{code[3:]}", "\t".join(code)]


@pytest.mark.parametrize("way", range(5))
def test_a_code_is_taken_however_it_is_spaced(session, holder, later, way):
    assert actions.try_code(session, holder.account, written(holder.code())[way]) is None


def test_a_code_is_never_taken_twice_two_hundred_times_over(session, holder, later, monkeypatch):
    monkeypatch.setattr(limits, "spend", lambda *_arguments: True)
    tries = taken = 0
    for _ in range(40):
        later(timedelta(seconds=90))
        code = holder.code()
        assert actions.try_code(session, holder.account, "000000") == actions.WRONG or code == "000000"
        answers = [actions.try_code(session, holder.account, spelt) for spelt in written(code)]
        tries, taken = tries + len(answers), taken + answers.count(None)
        assert answers.count(None) == 1

    print(f"\n{tries} showings of 40 codes, {taken} taken")


def test_a_code_before_the_last_one_that_was_taken_is_void(session, holder, later):
    assert actions.try_code(session, holder.account, holder.code(1)) is None
    assert actions.try_code(session, holder.account, holder.code(0)) == actions.WRONG
    assert actions.try_code(session, holder.account, holder.code(-1)) == actions.WRONG


def test_of_two_workers_who_saw_the_same_step_unused_one_takes_it(session, holder, later, monkeypatch):
    """Both have read the row before either writes: the guard is in the UPDATE."""
    code, stale = holder.code(), session.scalars(select(Authenticator)).one()
    session.expunge(stale)
    monkeypatch.setattr(actions.queries, "authenticator_of", lambda *_arguments: stale)

    assert [actions._use_code(session, holder.account, code) for _ in range(2)] == [True, False]


def test_five_wrong_codes_are_all_there_are_in_five_minutes_and_fifty_in_a_day(session, holder, later):
    day = timedelta(days=1).total_seconds()
    later(timedelta(seconds=day - clock.wall().timestamp() % day))  # the beginning of a day
    asked, answers = 0, []
    for _ in range(20):
        for _ in range(8):
            answers.append(actions.try_code(session, holder.account, "not it"))
            asked += 1
        later(timedelta(minutes=5))

    looked_at = answers.count(actions.WRONG)
    chance = looked_at * (2 * codes.OFF + 1) / 10**codes.DIGITS
    print(f"\n{asked} tries in a day, {looked_at} looked at: chance of a hit {chance:.4%}")
    assert answers[:8] == [actions.WRONG] * 5 + [actions.TOO_OFTEN] * 3
    assert looked_at <= 50
    assert chance < 0.0002
    assert limits.CODE_DAY.most * (2 * codes.OFF + 1) / 10**codes.DIGITS < 0.0002


def test_beyond_the_limit_even_the_right_code_is_refused_and_afterwards_it_is_taken(session, holder, later):
    for _ in range(5):
        actions.try_code(session, holder.account, "000000")

    assert actions.try_code(session, holder.account, holder.code()) == actions.TOO_OFTEN
    later(timedelta(minutes=5))
    assert actions.try_code(session, holder.account, holder.code()) is None


@pytest.mark.parametrize(
    "code", ["", " ", "0", "00000", "0000000", "٣٣٣٣٣٣", "abcdef", "\x00" * 6, "9" * 40, "é" * 6]
)
def test_what_is_no_code_is_refused_with_a_sentence(session, holder, later, code):
    assert actions.try_code(session, holder.account, code) == actions.WRONG
