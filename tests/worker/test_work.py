"""Pieces of work: taken once, held by a lease, taken up again when it runs out, parked when it never works."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.core import clock
from app.core.work import LEASE, MOST_ATTEMPTS, LeaseLost, WorkState, due, take
from app.outbox.actions import post
from app.outbox.models import Message


@pytest.fixture
def message(session):
    message = post(session, address="a@office.example", subject="S", body="B", leads_to="/exports/")
    session.flush()
    return message


@pytest.fixture
def later(monkeypatch):
    """Let the machine's clock go on."""
    passed = timedelta()
    start = clock.wall()
    monkeypatch.setattr(clock, "_read", lambda: start + passed)

    def go_on(by):
        nonlocal passed
        passed += by

    return go_on


def test_what_is_taken_is_not_there_for_another(session, message):
    taken = take(session, Message, message.id)

    assert taken.hold(session) is message
    assert take(session, Message, message.id) is None
    assert list(due(session, Message, most=9)) == []


def test_what_is_done_is_never_done_again(session, message):
    take(session, Message, message.id).done(session)

    assert message.state is WorkState.DONE
    assert take(session, Message, message.id) is None


def test_work_left_in_the_middle_is_taken_up_again_once_its_lease_has_run_out(session, message, later):
    first = take(session, Message, message.id)
    later(LEASE + timedelta(seconds=1))

    assert list(due(session, Message, most=9)) == [message.id]
    second = take(session, Message, message.id)
    with pytest.raises(LeaseLost):
        first.done(session)
    assert second.done(session) is message


def test_whoever_goes_on_working_keeps_the_work(session, message, later):
    taken = take(session, Message, message.id)
    for _ in range(3):
        later(LEASE - timedelta(seconds=1))
        taken.hold(session)

    assert take(session, Message, message.id) is None


def test_what_fails_is_tried_again_after_longer_and_longer_pauses_then_parked(session, message, later):
    pauses = []
    while message.state is WorkState.WAITING:
        taken = take(session, Message, message.id)
        taken.failed(session, "The mail server does not answer.")
        assert take(session, Message, message.id) is None
        pauses.append((message.not_before - clock.wall()).total_seconds())
        later(timedelta(days=1))

    assert (message.state, message.attempts) == (WorkState.FAILED, MOST_ATTEMPTS)
    assert message.problem == "The mail server does not answer."
    assert pauses[:-1] == [30, 120, 480, 1920]
    assert list(due(session, Message, most=9)) == []


def test_what_takes_its_worker_with_it_each_time_is_parked_too(session, message, later):
    for _ in range(MOST_ATTEMPTS):
        assert take(session, Message, message.id)
        later(LEASE + timedelta(seconds=1))

    assert take(session, Message, message.id) is None
    assert message.state is WorkState.FAILED
    assert message.problem == "Whoever was doing it stopped in the middle, every time."


def test_what_was_parked_can_be_put_back(session, message):
    take(session, Message, message.id).failed(session, "No such list.", for_good=True)
    message.put_back()
    session.flush()

    assert (message.attempts, message.problem) == (0, "")
    assert take(session, Message, message.id)


def test_what_is_cancelled_is_let_go_of(session, message):
    taken = take(session, Message, message.id)
    message.cancel()
    session.flush()

    with pytest.raises(LeaseLost):
        taken.hold(session)
    assert take(session, Message, message.id) is None
