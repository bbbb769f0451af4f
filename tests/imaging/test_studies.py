"""Images are put to patient, study and series; a patient who is not ours holds a study until somebody decides."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from app.accounts.models import Role
from app.audit.queries import story
from app.core.errors import NotPermitted, RuleBroken
from app.evidence.models import Disclosure
from app.examining.models import Quarantine, Safety
from app.imaging import actions, queries
from app.imaging.identity import Compared, Likeness, Patient, compare
from app.imaging.models import ImagingStudy, Whose
from tests.imaging.made import STUDY, dicom


def test_images_are_put_to_the_study_and_series_their_headers_name(session, of_ann, work):
    first = of_ann(dicom(InstanceNumber="2"))
    of_ann(dicom(SOPInstanceUID="1.2.9"), first.case)
    of_ann(dicom(SeriesInstanceUID="1.2.4", SeriesNumber="3", Modality="SR", Rows=None), first.case)
    work()

    [told] = queries.of_case(session, first.case)
    study = told.study

    assert (study.called, study.studied_on, study.institution) == (
        "CT/SR CT Thorax",
        date(2021, 1, 11),
        "Eastmarch General",
    )
    assert [[(i.number, i.shows.value) for i in series.images] for series in study.series] == [
        [(1, "image"), (2, "image")],
        [(1, "report")],
    ]
    assert (told.compared, told.is_held) == (Compared(Likeness.MATCHES), False)


def test_one_study_uid_with_two_patients_is_two_studies_and_the_stranger_is_held(session, of_ann, work):
    first = of_ann(dicom())
    of_ann(dicom(PatientName="Other^Bob", PatientID="9434765919"), first.case)
    work()

    held = [(t.study.uid, t.compared.differing, t.is_held) for t in queries.of_case(session, first.case)]

    assert held == [(STUDY, ("NHS number", "name"), True), (STUDY, (), False)]
    words = "differ from the person this case is about."
    assert Compared(Likeness.DIFFERS, held[0][1]).why_held == f"Held: its NHS number and name {words}"
    assert (
        Compared(Likeness.DIFFERS, ("name",)).why_held
        == "Held: its name differs from the person this case is about."
    )


def test_files_that_name_no_study_are_a_study_each(session, of_ann, work):
    first = of_ann(dicom(StudyInstanceUID=None))
    of_ann(dicom(StudyInstanceUID=None, InstanceNumber="5"), first.case)
    work()

    assert [told.study.uid for told in queries.of_case(session, first.case)] == ["", ""]


def test_an_image_is_put_to_its_study_once(session, of_ann, work, told):
    document = of_ann(dicom())
    work()

    assert actions.file_images(session, [(document, {"shows": "image"})]) == []

    [[told_of]] = [queries.of_case(session, document.case)]
    assert [image.document for series in told_of.study.series for image in series.images] == [document]
    assert told(document)[1]["dicom"] == ("done", "")
    assert [e.event for e in story(session, document.case.complaint) if e.event == "imaging.filed"] == [
        "imaging.filed"
    ]


@pytest.mark.parametrize(
    ("patient", "likeness", "differing"),
    [
        (Patient("Tester^Ann", ["9990000018"], None), "matches", ()),
        (Patient("Tester^Ann", ["RXX123"], date(1948, 3, 12)), "matches", ()),
        (Patient("TESTER^ANN^^MRS", ["RXX123"], None), "cannot_say", ()),
        (Patient("", [], None), "cannot_say", ()),
        (Patient("Tester^Ann", ["999 000 0018"], date(1948, 3, 13)), "differs", ("date of birth",)),
        (Patient("Smith^Ann", ["9990000018"], None), "differs", ("name",)),
        (Patient("Tester^Ann", ["9434765919"], None), "differs", ("NHS number",)),
        (Patient("Tester^Ann", ["local", "9990000018"], None), "matches", ()),
        (Patient("Wang^Xiao=Tester^Ann", [], date(1948, 3, 12)), "matches", ()),
    ],
)
def test_a_patient_is_compared_by_number_birth_and_name(session, of_ann, patient, likeness, differing):
    complaint = of_ann(dicom()).case.complaint

    assert compare(patient, complaint) == Compared(Likeness(likeness), differing)


@pytest.fixture
def held(session, of_ann, work):
    document = of_ann(dicom(PatientName="Other^Bob", PatientBirthDate="19500101"))
    work()
    return document


def test_a_held_image_goes_to_nobody_until_it_is_decided_with_reasons(session, held, reader):
    client, account = reader(Role.LIAISON)
    held.disclosures.append(Disclosure(organisation=account.organisation, disclosed_by_id=held.added_by_id))
    session.scalars(select(Quarantine)).one().state = Safety.CLEAN
    session.commit()
    address = f"/trust/documents/{held.key}"

    refused = client.get(address)
    actions.decide(
        session,
        queries.of_document(session, held),
        actor=held.case.owner,
        whose=Whose.PERSON,
        reasons="The trust wrote the name of the next of kin.",
    )
    session.commit()

    assert refused.status_code == 403
    assert "The office is looking whose image this is" in refused.text
    with client.get(address) as given:
        assert given.status_code == 200


def test_an_image_of_somebody_else_never_goes_out(session, held):
    told = queries.of_document(session, held)
    actions.decide(
        session, told, actor=held.case.owner, whose=Whose.ANOTHER, reasons="Another patient of that day."
    )

    for require, kind in ((queries.require_settled, RuleBroken), (queries.require_to_go_out, NotPermitted)):
        with pytest.raises(kind):
            require(session, held)
    with pytest.raises(RuleBroken, match="decided already"):
        actions.decide(session, told, actor=held.case.owner, whose=Whose.ANOTHER, reasons="Again.")


def test_only_who_has_the_case_decides(session, held, make):
    with pytest.raises(NotPermitted):
        actions.decide(
            session,
            queries.of_document(session, held),
            actor=make.account(Role.INVESTIGATOR),
            whose=Whose.PERSON,
            reasons="I say so.",
        )

    assert session.scalars(select(ImagingStudy)).one().whose is None
