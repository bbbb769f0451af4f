from __future__ import annotations

import pytest
from sqlalchemy import select

from app.accounts.models import Role
from app.audit.models import AccessEntry
from app.core.files import LocalFiles
from app.evidence.models import Disclosure, Document
from app.examining.models import Quarantine, Safety
from app.imaging import actions, copies, queries
from app.imaging.models import AdviserCopy, Whose
from app.worker import doing
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


@pytest.fixture
def shown(session, of_ann, work, reader):
    """A browser in which the owner of a case is signed in, its address, and the documents of a study of it."""
    client, owner = reader(Role.INVESTIGATOR)
    first = of_ann(dicom(WindowCenter="40", WindowWidth="400", RescaleSlope="1", RescaleIntercept="-1024"))
    first.case.owner = owner
    second = of_ann(dicom(InstanceNumber="2", SeriesInstanceUID="1.2.5", SeriesNumber="3"), first.case)
    previous = of_ann(
        dicom(StudyInstanceUID="1.2.7", StudyDate="20190304", StudyDescription="XR Chest", Modality="CR"),
        first.case,
    )
    of_ann(dicom(StudyInstanceUID="1.2.8", PatientName="Other^Bob", PatientID="9434765919"), first.case)
    session.commit()
    work()
    keys = {told.study.description: told.study.key for told in queries.of_case(session, first.case)}
    return client, f"/cases/{first.case.reference}/imaging", keys, (first, second, previous)


def test_without_scripts_a_study_is_gone_through_frame_by_frame_and_series_by_series(session, shown):
    client, at, _keys, (first, second, _previous) = shown
    study = queries.of_document(session, first).study.key

    begin, end = (client.get(f"{at}/{study}/look?at={place}").text for place in (1, 2))

    assert f"/images/{first.key}/frames/1.png" in begin
    assert f"/images/{second.key}/frames/1.png" in end
    assert [words for words in STEPS if words in begin] == ["Next frame", "Next series"]
    assert [words for words in STEPS if words in end] == ["Previous frame", "Previous series"]
    assert "“CT Thorax” of 11 January 2021, CT, at Eastmarch General." in begin
    assert "Not for diagnosis." in begin
    assert client.get(f"{at}/{study}/look?at=99999&beside=nothing&beside_at=-1").status_code == 200


STEPS = ("Previous frame", "Next frame", "Previous series", "Next series")


def test_another_study_of_the_same_patient_is_shown_beside_it_and_none_of_somebody_else(session, shown):
    client, at, keys, (first, _second, _previous) = shown
    study = queries.of_document(session, first).study.key
    alone = client.get(f"{at}/{study}/look").text

    both = client.get(f"{at}/{study}/look?beside={keys['XR Chest']}").text

    assert alone.count("beside=") == 1
    assert both.count('class="pane"') == 2
    assert "“XR Chest” of 4 March 2019, CR, at Eastmarch General." in both


def test_pictures_are_given_with_the_same_guard_as_the_file_and_never_to_a_trust(session, shown, reader):
    client, at, _keys, (first, *_others) = shown
    addresses = [f"{at}/images/{first.key}/{kind}/1.png" for kind in ("frames", "values")]
    trust, officer = reader(Role.LIAISON)
    first.disclosures.append(Disclosure(organisation=officer.organisation, disclosed_by_id=first.added_by_id))
    session.commit()

    for address in addresses:
        with client.get(address) as given:
            assert (given.status_code, given.mimetype, given.data[:4]) == (200, "image/png", b"\x89PNG")
            assert given.headers["Content-Security-Policy"].startswith("sandbox")
    assert [trust.get(address).status_code for address in addresses] == [403, 403]
    assert client.get(f"{at}/images/{first.key}/frames/2.png").status_code == 404
    opened = session.scalars(select(AccessEntry).where(AccessEntry.page == "imaging.frame"))
    assert next(first.key in entry.subject for entry in opened)
    quarantine = session.scalars(select(Quarantine).where(Quarantine.document_id == first.id)).one()
    quarantine.state = Safety.INFECTED
    session.commit()
    assert [client.get(address).status_code for address in addresses] == [403, 403]


def test_what_identifies_somebody_is_listed_and_said_before_an_image_is_disclosed(session, shown):
    client, at, _keys, (first, *_others) = shown
    evidence = at.replace("/imaging", f"/evidence/{first.key}")

    listed = client.get(f"{at}/images/{first.key}").text
    pages = [client.get(f"{evidence}/{page}").text for page in ("disclosures/new", "complainant")]

    assert "Patient birth date" in listed and "19480312" in listed
    for page in pages:
        assert (
            "The header of this image names dates (Study date); numbers (Accession number, Patient ID);"
            in page
        )
        assert "Its header does not say whether words are burnt into the picture: look at it." in page


def test_a_copy_is_asked_for_on_a_page_that_keeps_what_was_typed_and_given_out_when_it_is_made(
    app, session, shown, monkeypatch, tmp_path
):
    monkeypatch.setitem(app.extensions, "copies", LocalFiles(tmp_path / "copies"))
    client, at, _keys, (first, _second, _previous) = shown
    study = queries.of_document(session, first).study.key
    new = f"{at}/{study}/copies/new"
    typed = {"images": first.key, "made_for": "Dr Quill", "reasons": "The nodule.", "boxes": "0,0,1"}

    refused = client.post(new, data=typed).text
    client.post(new, data=typed | {"boxes": "0, 0, 1, 1\r\n2 2 1 1"})
    copy = session.scalars(select(AdviserCopy)).one()
    waiting = client.get(f"{at}/copies/{copy.key}/file").status_code
    session.commit()
    with app.app_context():
        doing.do("adviser_copy", copy.id)
    session.expire_all()

    assert "“0,0,1” is no box. Enter four whole numbers: left, top, width, height." in refused
    assert ">\n0,0,1</textarea>" in refused and 'value="Dr Quill"' in refused
    assert [image.boxes for image in copy.images] == [[[0, 0, 1, 1], [2, 2, 1, 1]]]
    assert waiting == 404
    assert copy.filename in client.get(f"{at}/{study}/copies/").text
    with client.get(f"{at}/copies/{copy.key}/file") as given:
        assert given.headers["Content-Disposition"] == f"attachment; filename={copy.filename}"
        assert given.data[:2] == b"PK"


def test_a_copy_is_given_out_no_more_once_the_study_turns_out_to_be_of_somebody_else(session, shown):
    client, at, _keys, (first, *_others) = shown
    told = queries.of_document(session, first)
    copy = copies.ask_for(
        session, told, actor=first.case.owner, documents=[first], made_for="Dr Quill", reasons="The nodule."
    )
    actions.decide(
        session, told, actor=first.case.owner, whose=Whose.ANOTHER, reasons="The next of the list."
    )
    session.commit()

    answer = client.get(f"{at}/copies/{copy.key}/file")

    assert answer.status_code == 409
    assert "of somebody else" in answer.text


def test_the_page_of_a_study_costs_the_same_with_one_file_and_with_many(shown, of_ann, work, cost):
    client, at, keys, (first, *_others) = shown
    page = f"{at}/{keys['XR Chest']}/look"

    with_one = cost(client, page)
    for number in range(2, 6):
        said = {"StudyInstanceUID": "1.2.7", "StudyDate": "20190304", "StudyDescription": "XR Chest"}
        of_ann(dicom(InstanceNumber=str(number), Modality="CR", **said), first.case)
    work()

    assert cost(client, page) == with_one
