"""The reference of an enquiry leads to it, for whoever may look at enquiries."""

from __future__ import annotations

import pytest

from app.accounts.models import Role
from app.core import clock
from app.enquiries import actions as enquiries
from app.enquiries.models import Way
from app.people import actions as people


@pytest.fixture
def enquiry(session, make):
    taken = enquiries.take(
        session,
        actor=make.account(Role.CASEWORKER),
        way=Way.TELEPHONE,
        received_at=clock.now(),
        said="She rang and asked what became of it.",
        person=people.add(session, {"name": "Ottoline Beck"}),
    )
    session.commit()
    return taken


def test_the_reference_of_an_enquiry_leads_to_it(reader, enquiry):
    client, _account = reader(Role.CASEWORKER)

    for words in (enquiry.reference, enquiry.reference.lower().replace("-", " ")):
        answer = client.get("/search", query_string={"words": words})
        assert (answer.status_code, answer.location) == (302, f"/enquiries/{enquiry.reference}")


def test_it_leads_nobody_to_it_who_may_not_look_at_enquiries(reader, enquiry):
    client, _account = reader(Role.INVESTIGATOR)

    answer = client.get("/search", query_string={"words": enquiry.reference})

    assert (answer.status_code, "Ottoline" in answer.text) == (200, False)


def test_nor_to_one_that_became_a_complaint_which_is_closed_to_them(reader, make, session, enquiry):
    client, _account = reader(Role.CASEWORKER)
    make.complaint(enquiry=enquiry, is_restricted=True)
    session.commit()

    assert client.get("/search", query_string={"words": enquiry.reference}).status_code == 200
