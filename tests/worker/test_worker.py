"""The worker as it runs: nudged by commits, told nothing by what is undone, and killed without loss."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app import create_app
from app.accounts.models import Role
from app.cli.database import alembic_config
from app.core import clock
from app.core.work import WorkState
from app.database import db
from app.exports import actions as exports
from app.exports.models import Export
from app.outbox.actions import post
from app.outbox.models import Message
from app.worker import doing
from config import Config, Office, queue_beside
from tests import databases
from tests.factories import Make

PROJECT = Path(__file__).parents[2]
GIVEN = {"address": "a@office.example", "subject": "Something waits", "body": "It does.", "leads_to": "/"}


@pytest.fixture
def queue(app, connection):
    app.extensions["queue"].huey.flush()
    yield app.extensions["queue"].huey
    app.extensions["queue"].huey.flush()


def nudges(queue):
    return [queue.deserialize_task(task).args for task in queue.storage.enqueued_items()]


def test_a_commit_nudges_the_worker_for_what_it_asked(app, queue):
    with app.app_context():
        with db.unit_of_work() as session:
            message = post(session, **GIVEN)
            session.flush()
            assert nudges(queue) == []
        assert nudges(queue) == [("message", message.id)]


def test_what_was_undone_is_not_sent(app, queue):
    with app.app_context():
        with pytest.raises(ZeroDivisionError):
            _post_and_fail()
        with db.unit_of_work() as session:
            assert session.scalar(select(func.count()).select_from(Message)) == 0

    assert nudges(queue) == []


def _post_and_fail():
    with db.unit_of_work() as session:
        post(session, **GIVEN)
        session.flush()
        raise ZeroDivisionError


def test_a_commit_stands_though_the_queue_cannot_be_reached(app, queue, monkeypatch, caplog):
    monkeypatch.setattr(queue, "enqueue", lambda _task: 1 / 0)

    with app.app_context():
        with db.unit_of_work() as session:
            message = post(session, **GIVEN)
        assert db.session.get(Message, message.id)
    assert "no nudge for message" in caplog.text


def test_a_sweep_nudges_again_for_all_that_waits(app, queue):
    with app.app_context():
        with db.unit_of_work() as session:
            messages = [post(session, **GIVEN) for _ in range(3)]
            session.flush()
            numbers = [message.id for message in messages]
        queue.flush()

        assert doing.sweep() == 3
        assert nudges(queue) == [("message", *numbers[:2]), ("message", numbers[2])]


def test_a_nudge_that_comes_twice_sends_once(app, queue):
    with app.app_context():
        with db.unit_of_work() as session:
            message = post(session, **GIVEN)
        number = message.id

        assert [doing.do("message", number), doing.do("message", number)] == [True, False]


def test_a_nudge_that_we_did_not_sign_is_not_followed(app, queue, tmp_path):
    from huey.serializer import SignedSerializer

    forged = SignedSerializer(secret="another secret", salt="nudges")._serialize(b"cos\nsystem\n(S'id'\ntR.")

    with pytest.raises(ValueError, match="mismatch"):
        queue.serializer._deserialize(forged)


MESSAGES = 40


def test_a_worker_that_is_killed_again_and_again_loses_nothing_and_sends_nothing_twice(request, tmp_path):
    with databases.empty(request.config.getoption("--database"), tmp_path) as url:
        mail = tmp_path / "mail"
        settings = {
            "DATABASE_URL": url,
            "SECRET_KEY": "x" * 20 + "y" * 20,
            "OFFICE": "trial",
            "MAIL": mail.as_uri(),
        }
        app = create_app(
            Config(
                OFFICE=Office.TRIAL,
                DATA_DIR=tmp_path,
                DATABASE_URL=url,
                SECRET_KEY=settings["SECRET_KEY"],
                MAIL=settings["MAIL"],
                QUEUE=queue_beside(url, tmp_path),
            )
        )
        _ask_for_work(app)
        for kill_after in (1, MESSAGES // 3, 2 * MESSAGES // 3):
            worker = _worker(settings, tmp_path)
            _wait_for(lambda most=kill_after: len(list(mail.glob("*.eml"))) >= most, worker)
            worker.send_signal(signal.SIGKILL)
            worker.wait(20)
            _let_leases_run_out(app)
        worker = _worker(settings, tmp_path)
        with app.app_context(), db.unit_of_work() as session:
            post(session, **GIVEN)  # the others may have done it all: this one is seen to have begun
        _wait_for(lambda: not _unfinished(app), worker)
        worker.send_signal(signal.SIGTERM)
        code = worker.wait(30)

        with app.app_context():
            states = db.session.execute(select(Message.state, func.count()).group_by(Message.state)).all()
            export = db.session.scalars(select(Export)).one()
            with app.extensions["exports"].open(export.sha256) as file:
                size = file.seek(0, 2)
            told = export.state, export.lines_done, export.size
            db.close()
            db.dispose()
        app.extensions["queue"].close()
        assert [tuple(row) for row in states] == [(WorkState.DONE, MESSAGES + 2)]
        assert len(list(mail.glob("*.eml"))) == MESSAGES + 2
        assert told == (WorkState.DONE, 3, size)
        assert code == 0


def _ask_for_work(app):
    from alembic import command

    with app.app_context():
        command.upgrade(alembic_config(), "head")
        with db.unit_of_work() as session:
            make = Make(session)
            manager = make.account(Role.MANAGER)
            for _ in range(3):
                make.complaint()
            for number in range(MESSAGES):
                post(session, **GIVEN | {"subject": f"Message {number}"})
            exports.ask_for(session, actor=manager, sheet="caseload", query="")


def _worker(settings, data_dir):
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "worker", "run"]
    return subprocess.Popen(command, cwd=PROJECT, env=os.environ | settings | {"DATA_DIR": str(data_dir)})


def _wait_for(done, worker):
    for _ in range(600):
        if done():
            return
        assert worker.poll() is None, "the worker ended by itself"
        time.sleep(0.1)
    raise AssertionError("the worker did not come to it within a minute")


def _unfinished(app):
    """How much is waiting or under way. Exports are asked first: one that ends leaves a message behind."""
    with app.app_context():
        kinds = [(kind, (WorkState.WAITING, WorkState.DOING)) for kind in (Export, Message)]
        return sum(
            db.session.scalar(select(func.count()).select_from(kind).where(kind.state.in_(states)))
            for kind, states in kinds
        )


def _let_leases_run_out(app):
    """As if a minute had passed: what the dead worker held is there to be taken."""
    with app.app_context(), db.unit_of_work() as session:
        for kind in (Message, Export):
            past = clock.wall() - timedelta(seconds=1)
            held = update(kind).where(kind.state == WorkState.DOING)
            session.execute(held.values(leased_until=past))


def test_sessions_of_tests_nudge_nobody(session: Session, queue):
    post(session, **GIVEN)
    session.commit()

    assert nudges(queue) == []
