from __future__ import annotations

import pytest
from sqlalchemy import select

from app.accounts.models import Role
from app.evidence.models import Document
from tests.imaging.made import dicom


@pytest.fixture
def held(session, of_ann, work, reader):
    """A browser in which the owner of a case is signed in, and a document of it that is another's image."""
    client, owner = reader(Role.INVESTIGATOR)
    document = of_ann(dicom(InstitutionName="<b>Eastmarch</b>"), nhs_number="9434765919")
    document.case.owner = owner
    session.commit()
    work()
    return client, session.scalars(select(Document)).one()


def test_a_mismatch_is_flagged_wherever_the_study_is_shown(held):
    client, document = held
    at = f"/cases/{document.case.reference}"

    listed, shown = client.get(f"{at}/imaging/").text, client.get(f"{at}/evidence/{document.key}").text

    assert "Held: its NHS number" in listed
    assert "&lt;b&gt;Eastmarch&lt;/b&gt;" in listed
    assert "11 January 2021" in listed
    assert "This image is held" in shown


def test_a_held_image_cannot_be_disclosed(session, held):
    client, document = held
    at = f"/cases/{document.case.reference}/evidence/{document.key}"
    code = document.case.allegations[0].organisation.code

    to_body = client.post(f"{at}/disclosures/new", data={"organisation": code})
    client.post(f"{at}/complainant", data={})

    session.expire_all()
    assert "This image is held" in to_body.text
    assert (document.disclosures, document.shown_to_complainant) == ([], [])


def test_deciding_needs_a_reason_and_keeps_what_was_chosen(session, held):
    client, document = held
    page = f"/cases/{document.case.reference}/imaging/"
    address = client.get(page).text.split("/imaging/")[1:]
    key = next(part.split("/decide")[0] for part in address if "/decide" in part[:40])

    refused = client.post(f"{page}{key}/decide", data={"whose": "person", "reasons": " "}).text
    client.post(f"{page}{key}/decide", data={"whose": "person", "reasons": "Typing error at the desk."})

    assert "Enter how you know whose it is." in refused
    assert 'value="person" checked' in refused
    assert "Typing error at the desk." in client.get(page).text
    assert "Held:" not in client.get(page).text
