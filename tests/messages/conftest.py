from __future__ import annotations

from datetime import date

import pytest

from app.complaints.models import Part, Party
from app.people.models import Person
from tests.examining.conftest import _no_child_is_left, entered, stores, told, work

__all__ = ["_no_child_is_left", "entered", "stores", "told", "work"]

ANN = {"name": "Ann Tester", "born_on": date(1948, 3, 12), "nhs_number": "9990000018"}


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
