"""A worker that is killed while it examines files leaves no file half examined, and does nothing twice (H7).

`THOROUGH=1` kills it 100 times.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import func, select, update

from app import create_app
from app.cli.database import alembic_config
from app.core import clock
from app.core.work import UNFINISHED, WorkState
from app.database import db
from app.examining.models import Examination, PageText, Quarantine, Rendition, Safety
from config import Config, Office, queue_beside
from tests import databases
from tests.examining import made
from tests.factories import Make

PROJECT = Path(__file__).parents[2]
KILLS = 100 if os.environ.get("THOROUGH") else 4
DOCUMENTS = 6
SECRET = "x" * 20 + "y" * 20


@pytest.fixture
def office(request, tmp_path):
    """An office with documents to be examined, and how to start its worker."""
    with databases.empty(request.config.getoption("--database"), tmp_path) as url:
        app = create_app(
            Config(
                OFFICE=Office.TRIAL,
                DATA_DIR=tmp_path,
                DATABASE_URL=url,
                SECRET_KEY=SECRET,
                QUEUE=queue_beside(url, tmp_path),
            )
        )
        with app.app_context():
            command.upgrade(alembic_config(), "head")
            with db.unit_of_work() as session:
                make = Make(session)
                case = make.case()
                for number in range(DOCUMENTS):
                    pages = made.pdf(f"Report {number}.", "Its addendum.")
                    kept = app.extensions["files"].keep(BytesIO(pages), limit=10**7)
                    make.document(case, filename=f"{number}.pdf", sha256=kept.sha256, size=kept.size)
        settings = {"DATABASE_URL": url, "SECRET_KEY": SECRET, "OFFICE": "trial", "DATA_DIR": str(tmp_path)}

        def worker():
            asked = [sys.executable, "-m", "flask", "--app", "wsgi", "worker", "run"]
            return subprocess.Popen(asked, cwd=PROJECT, env=os.environ | settings, stderr=subprocess.DEVNULL)

        yield app, worker
        with app.app_context():
            db.dispose()
        app.extensions["queue"].close()


def counted(app, states):
    with app.app_context():
        among = select(func.count()).select_from(Examination).where(Examination.state.in_(states))
        number = db.session.scalar(among)
        db.close()
    return number


def let_leases_run_out(app):
    """As if minutes had passed: what the dead worker held, or waits to be tried again, is there to be taken."""
    past = clock.wall() - timedelta(seconds=1)
    with app.app_context(), db.unit_of_work() as session:
        held = update(Examination).where(Examination.state.in_(UNFINISHED))
        session.execute(held.values(leased_until=past, not_before=past, attempts=0))


def wait_for(done, worker):
    for _ in range(600):
        if done():
            return
        assert worker.poll() is None, "the worker ended by itself"
        time.sleep(0.1)
    raise AssertionError("the worker did not come to it within a minute")


@pytest.mark.timeout(1800)
def test_a_worker_killed_while_it_examines_loses_nothing_and_does_nothing_twice(office):
    app, start = office
    chance = random.Random(7)
    for _ in range(KILLS):
        worker = start()
        if counted(app, UNFINISHED):
            wait_for(lambda: counted(app, {WorkState.DOING}) or not counted(app, UNFINISHED), worker)
        time.sleep(chance.uniform(0, 0.4))
        worker.send_signal(signal.SIGKILL)
        worker.wait(20)
        let_leases_run_out(app)
    worker = start()
    wait_for(lambda: not counted(app, UNFINISHED), worker)
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(30) == 0

    with app.app_context():
        states = db.session.scalars(select(Examination.state)).all()
        safety = db.session.scalars(select(Quarantine.state)).all()
        pages = db.session.execute(select(PageText.document_id, PageText.page)).all()
        drawn = db.session.scalars(select(Rendition.sha256)).all()
        whole = [app.extensions["renditions"].digest(sha256) == sha256 for sha256 in drawn]
    assert states == [WorkState.DONE] * DOCUMENTS * 5
    assert safety == [Safety.NOT_SCANNED] * DOCUMENTS
    assert len(pages) == len(set(pages)) == DOCUMENTS * 2
    assert whole == [True] * DOCUMENTS * 3  # one small, and one of each page
    print(f"\n{KILLS} kills: {len(states)} examinations done, none lost, none twice")
