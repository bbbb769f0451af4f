from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from app.accounts.models import Role
from app.bundles import actions
from app.bundles.models import Bundle, Whom
from app.core.files import LocalFiles
from app.core.work import WorkState
from app.worker import doing
from tests.examining import made
from tests.examining.conftest import _no_child_is_left, entered, stores, told, work
from tests.imaging.made import dicom

__all__ = ["_no_child_is_left", "entered", "stores", "told", "work"]


@pytest.fixture
def bind(app, session, tmp_path, monkeypatch):
    """Makes the bundles that were asked for."""
    monkeypatch.setitem(app.extensions, "bundles", LocalFiles(tmp_path / "bundles"))

    def do():
        waits = select(Bundle.id).where(Bundle.state == WorkState.WAITING)
        numbers = session.scalars(waits).all()
        session.commit()
        with app.app_context():
            for number in numbers:
                doing.do("bundle", number)
        session.expire_all()

    return do


@pytest.fixture
def case(session, reader, entered, work):
    """A case with a browser of its investigator: a report, a photograph, a text, an image, and a damaged file."""
    client, owner = reader(Role.INVESTIGATOR)
    files = (
        ("report.pdf", made.pdf("First page.", "Second page."), "Report", date(2024, 3, 2)),
        ("photo.png", made.png(), "Photograph *x* #panic()", date(2024, 3, 1)),
        ("note.txt", b"Words & <more>\n\n*not bold* #panic(1)", "Note", date(2024, 3, 3)),
        ("image.dcm", dicom(), "CT image", date(2024, 2, 1)),
    )
    case = None
    for filename, content, title, day in files:
        document = entered(filename, content, title=title, document_on=day)
        case = case or document.case
        document.case, document.added_by = case, owner
    case.owner = owner
    session.commit()
    work()
    case.client = client
    return case


@pytest.fixture
def ask(session):
    """Asks for a bundle of all documents that can be in one, for an adviser."""

    def do(case, titles=None, **given):
        documents = [d.key for d in case.documents if titles is None or d.title in titles]
        said = {"whom": Whom.ADVISER, "organisation": None, "because": "Advice", "documents": documents}
        return actions.ask_for(session, case, actor=case.owner, **said | given)

    return do
