from __future__ import annotations

from io import BytesIO

import pytest
from sqlalchemy import select

from app.core.files import LocalFiles
from app.core.work import WorkState
from app.examining import sandbox
from app.examining.models import Examination, Quarantine
from app.worker import doing


@pytest.fixture(autouse=True)
def _no_child_is_left():
    yield
    sandbox.close_all()


@pytest.fixture
def stores(app, tmp_path, monkeypatch):
    """Stores of this test alone."""
    for name in ("files", "renditions"):
        monkeypatch.setitem(app.extensions, name, LocalFiles(tmp_path / name))
    return app.extensions


@pytest.fixture
def entered(stores, session, make):
    """Enters a document with this content, in a case of its own."""

    def enter(filename, content, **given):
        kept = stores["files"].keep(BytesIO(content), limit=10**9)
        document = make.document(make.case(), filename=filename, sha256=kept.sha256, size=kept.size, **given)
        session.commit()
        return document

    return enter


@pytest.fixture
def work(app, session):
    """Does all the work there is on files, and what follows from it."""

    def do():
        waits = select(Examination.id).where(Examination.state == WorkState.WAITING).order_by(Examination.id)
        done = []
        while left := [number for number in session.scalars(waits) if number not in done]:
            session.commit()
            with app.app_context():
                for number in left:
                    doing.do("examination", number)
            done += left
        session.expire_all()

    return do


@pytest.fixture
def told(session):
    """What is known of a document: its quarantine, and each examination as its state and its problem."""

    def tell(document):
        quarantine = session.scalars(select(Quarantine).where(Quarantine.document_id == document.id)).one()
        theirs = session.scalars(select(Examination).where(Examination.document_id == document.id))
        return quarantine, {e.kind: (e.state.value, e.problem) for e in theirs}

    return tell
