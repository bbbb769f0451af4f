"""The page of somebody who is in restricted complaints."""

from __future__ import annotations

import pytest

from app.accounts.models import Role
from app.complaints.models import Part, Party
from app.duties import actions as duties
from app.people.models import Person


@pytest.fixture
def known(session, make, reader):
    """Somebody in a restricted complaint, and a caseworker who is named there and signed in."""
    client, account = reader(Role.CASEWORKER)
    complaint = make.case().complaint
    person = Person(name="Somebody", search_name="somebody", address="A house")
    complaint.parties.append(Party(person=person, part=Part.PERSON_AFFECTED))
    manager = make.account(Role.MANAGER)
    duties.restrict(session, complaint, actor=manager, reasons="A colleague’s family.", to=[account])
    session.commit()
    return client, person, complaint


def in_an_open_one(session, make, person):
    complaint = make.complaint()
    complaint.parties.append(Party(person=person, part=Part.COMPLAINANT))
    session.commit()
    return complaint


@pytest.mark.parametrize("page", ["", "/contact", "/adjustments/new", "/flags/new"])
def test_of_somebody_known_only_through_a_restricted_case_nothing_is_shown_before_a_reason(known, page):
    client, person, complaint = known
    here, why = f"/people/{person.key}{page}", f"/complaints/{complaint.reference}/why"

    asked = client.get(here)
    assert (asked.status_code, asked.location) == (302, f"{why}?next={here}")
    assert client.post(here, data={"contact_by": "letter"}).status_code in {302, 405}

    assert client.post(asked.location, data={"kind": "audit"}).location == here
    assert "Somebody" in client.get(here).text


def test_somebody_in_an_open_complaint_too_is_shown_and_the_restricted_one_asks_when_it_is_opened(
    session, make, known
):
    client, person, complaint = known
    other = in_an_open_one(session, make, person)

    page = client.get(f"/people/{person.key}").text

    assert complaint.reference in page
    assert other.reference in page
    here = f"/cases/{complaint.reference}"
    assert client.get(here).location == f"/complaints/{complaint.reference}/why?next={here}"


def test_whoever_is_not_named_sees_neither_the_restricted_one_nor_that_there_is_one(
    session, make, known, reader
):
    _client, person, complaint = known
    client, _account = reader(Role.CASEWORKER)
    assert client.get(f"/people/{person.key}").status_code == 404
    alone = Person(name="Somebody", search_name="somebody", address="A house")
    other = in_an_open_one(session, make, person)
    same = in_an_open_one(session, make, alone)

    page, twin = (client.get(f"/people/{one.key}").text for one in (person, alone))

    assert complaint.reference not in page
    assert page.replace(person.key, "K").replace(other.reference, "R").count("<tr") == twin.replace(
        alone.key, "K"
    ).replace(same.reference, "R").count("<tr")
    assert "estricted" not in page
