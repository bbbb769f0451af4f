"""Pictures are drawn once nobody reads what files say of themselves; but not never."""

from __future__ import annotations

from threading import Event, Thread

import pytest

from app.worker import turns as module
from app.worker.turns import turns
from tests.examining.conftest import _no_child_is_left, entered, stores, told, work
from tests.imaging import made

__all__ = ["_no_child_is_left", "entered", "stores", "told", "work"]


def test_who_comes_after_others_waits_until_the_last_of_them_is_done(monkeypatch):
    monkeypatch.setattr(module, "PATIENCE", 60.0)
    one, another = turns.first(), turns.first()
    one.__enter__(), another.__enter__()
    gone = Event()
    thread = Thread(target=lambda: (turns.after_others(), gone.set()))
    thread.start()

    one.__exit__(None, None, None)
    waits = not gone.wait(0.2)
    another.__exit__(None, None, None)
    thread.join(60)

    assert (waits, gone.is_set()) == (True, True)


def test_nobody_waits_for_whoever_failed(monkeypatch):
    monkeypatch.setattr(module, "PATIENCE", 0.01)
    with pytest.raises(ZeroDivisionError), turns.first():
        raise ZeroDivisionError

    assert turns.after_others()
    with turns.first():
        assert not turns.after_others()


def test_a_file_is_read_at_once_and_drawn_after_others_but_not_never(entered, work, told, monkeypatch):
    monkeypatch.setattr(module, "PATIENCE", 0.01)
    asked, wait = [], turns.after_others
    monkeypatch.setattr(turns, "after_others", lambda: (asked.append("waited"), wait()))
    document = entered("IM0001", made.dicom())

    with turns.first():
        work()

    done = {kind: state for kind, (state, _problem) in told(document)[1].items()}
    assert done == dict.fromkeys(("scan", "describe", "dicom", "frames"), "done")
    assert asked == ["waited"]
