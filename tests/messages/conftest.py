from __future__ import annotations

from datetime import date

import pytest

from app.complaints.models import Part, Party
from app.examining import sandbox
from app.people.models import Person
from tests.examining.conftest import entered, stores, told, work

__all__ = ["entered", "stores", "told", "work"]

ANN = {"name": "Ann Tester", "born_on": date(1948, 3, 12), "nhs_number": "9990000018"}


@pytest.fixture(autouse=True, scope="module")
def _no_child_is_left():
    yield
    sandbox.close_all()


@pytest.fixture
def said(tmp_path):
    """What the messages of a file say, read in the child."""

    def say(content, reader="messages.hl7"):
        place = tmp_path / "message"
        place.write_bytes(content.encode() if isinstance(content, str) else content)
        return sandbox.read(reader, place)["messages"]

    return say


@pytest.fixture
def of_ann(session, entered):
    """Enters a message in a case about Ann Tester, or in this case."""

    def enter(content, case=None, filename="message.hl7", **said):
        document = entered(filename, content.encode() if isinstance(content, str) else content)
        if case is not None:
            document.case = case
        else:
            known = ANN | said
            person = Person(search_name=known["name"].lower(), **known)
            document.case.complaint.parties.append(Party(person=person, part=Part.PERSON_AFFECTED))
        session.commit()
        return document

    return enter
