"""A de-identified copy for an adviser has nothing left of who the patient is, and the original stays as it was."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZipFile

import pytest
from sqlalchemy import select

from app.accounts.models import Role
from app.audit.queries import story
from app.core.errors import NotPermitted, RuleBroken
from app.core.files import LocalFiles
from app.examining import sandbox
from app.examining.models import Quarantine, Safety
from app.imaging import copies, queries
from app.imaging.models import AdviserCopy
from app.worker import doing
from tests.imaging.made import dicom, report

SECRET = "ab" * 32
#: What is planted, at every depth and in every kind of place, and must be nowhere in the bytes of a copy.
PLANTED = (
    "Tester", "Ann", "9990000018", "19480312", "20210111", "Eastmarch", "EM-1", "Fenwick", "Quayside", "07700",
    "Nurse", "secret", "1.2.826.0.1.1", "1.2.826.0.1.2", "1.2.826.0.77.3", "T7R", "over the picture", "RXX123",
    "whose ward",
)  # fmt: skip


def telling(**more):
    """An image in which every kind of place names somebody."""
    from pydicom.dataset import Dataset
    from pydicom.sequence import Sequence

    deep = Dataset()
    deep.PatientID, deep.PatientName, deep.InstitutionName = "RXX123", "Fenwick^Ann", "Quayside"
    deep.StudyDate, deep.CodeMeaning = "20210111", "asked by Fenwick"
    middle = Dataset()
    middle.RequestedProcedureDescription = "for Fenwick"
    middle.ReferencedSOPInstanceUID = "1.2.826.0.77.3"
    middle.ScheduledProtocolCodeSequence = Sequence([deep])
    middle.PurposeOfReferenceCodeSequence = Sequence([deep])
    return dicom(
        **{
            "OtherPatientIDsSequence": Sequence([deep]),
            "RequestAttributesSequence": Sequence([middle]),
            "ProcedureCodeSequence": Sequence([deep]),
            "ReferringPhysicianName": "Fenwick^Dr",
            "OperatorsName": "Nurse^A",
            "PatientAddress": "1 Quayside",
            "PatientTelephoneNumbers": "07700 900123",
            "PatientComments": "tell Fenwick",
            "ImageComments": "secret",
            "ProtocolName": "Ann Tester chest",
            "ConvolutionKernel": "TESTER",
            "AcquisitionDateTime": "20210111101500",
            "DeviceSerialNumber": "T7R",
            "SOPInstanceUID": "1.2.826.0.77.3",
            "private": "secret",
            "unknown": "whose ward",
            "overlay": b"over the picture",
        }
        | more
    )


@pytest.fixture
def copied(tmp_path):
    """What the child makes of an image: the bytes of the copy, and its dataset."""
    from pydicom import dcmread

    def copy(content, boxes=(), secret=SECRET):
        place, out = tmp_path / "image", tmp_path / "copy"
        place.write_bytes(content)
        sandbox.read("deidentify.copy", place, out=str(out), secret=secret, boxes=list(boxes))
        assert place.read_bytes() == content
        return out.read_bytes(), dcmread(out)

    return copy


def test_nothing_that_was_planted_is_left_anywhere_in_the_bytes(copied):
    original = telling()
    assert [word for word in PLANTED if word.encode() not in original] == []

    made, _dataset = copied(original)

    assert [word for word in PLANTED if word.casefold().encode() in made.lower()] == []


def test_a_copy_says_what_was_done_to_it_and_keeps_what_an_image_needs(copied):
    _made, dataset = copied(telling(SliceThickness="5"), boxes=[[0, 0, 1, 1]])

    codes = [
        (code.CodeValue, code.CodingSchemeDesignator) for code in dataset.DeidentificationMethodCodeSequence
    ]
    assert (dataset.PatientIdentityRemoved, codes) == ("YES", [("113100", "DCM"), ("113101", "DCM")])
    assert dataset.LongitudinalTemporalInformationModified == "REMOVED"
    assert (dataset.Modality, dataset.SliceThickness, dataset.StudyDate) == ("CT", 5, "")
    assert [
        element for element in dataset.iterall() if element.tag.is_private or element.tag.group == 0x6000
    ] == []
    assert dataset.file_meta.MediaStorageSOPInstanceUID == dataset.SOPInstanceUID


def test_pseudonyms_are_the_same_in_one_case_and_others_in_another(copied):
    told = ("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID", "PatientID")
    first, second = (copied(telling(InstanceNumber=number))[1] for number in ("1", "2"))
    other = copied(telling(), secret="cd" * 32)[1]

    assert [first[name].value == second[name].value for name in told] == [True] * 4
    assert [first[name].value == other[name].value for name in told] == [False] * 4


def test_boxes_are_blackened_in_every_frame_and_all_other_points_stay(copied):
    frames = [[n * 16 + m + 1 for m in range(16)] for n in range(2)]
    points = b"".join(value.to_bytes(2, "little") for frame in frames for value in frame)

    _made, dataset = copied(dicom(NumberOfFrames="2", PixelData=points), boxes=[[1, 1, 2, 2], [3, 0, 50, 1]])

    black = {3, 5, 6, 9, 10}
    wanted = [[min(frame) if n in black else value for n, value in enumerate(frame)] for frame in frames]
    assert [frame.flatten().tolist() for frame in dataset.pixel_array] == wanted


@pytest.fixture
def make_copies(app, session, stores, monkeypatch, tmp_path):
    """Does the work there is on copies; each as its state, its problem and the files in it."""
    monkeypatch.setitem(app.extensions, "copies", LocalFiles(tmp_path / "copies"))

    def make():
        numbers = session.scalars(select(AdviserCopy.id)).all()
        session.commit()
        with app.app_context():
            for number in numbers:
                doing.do("adviser_copy", number)
        session.expire_all()
        return [_told(app, copy) for copy in session.scalars(select(AdviserCopy).order_by(AdviserCopy.id))]

    return make


def _told(app, copy):
    problems = [image.problem for image in copy.images]
    if copy.sha256 is None:
        return copy.state.value, copy.problem, problems, None
    with app.extensions["copies"].open(copy.sha256) as file, ZipFile(BytesIO(file.read())) as archive:
        files = {entry.filename: archive.read(entry) for entry in archive.infolist()}
    return copy.state.value, copy.problem, problems, files


@pytest.fixture
def image(of_ann, work):
    document = of_ann(telling())
    work()
    return document


def ask(session, document, *documents, **more):
    return copies.ask_for(
        session,
        queries.of_document(session, document),
        actor=document.case.owner,
        documents=documents or [document],
        **{"made_for": "Dr Quill, radiology", "reasons": "What does it show?"} | more,
    )


def test_a_copy_is_made_by_the_worker_named_neutrally_and_told_in_the_record(
    session, image, make_copies, stores
):
    before = stores["files"].digest(image.sha256)
    copy = ask(session, image, boxes=[(0, 0, 2, 2)])

    [(state, problem, problems, files)] = make_copies()

    assert (state, problem, problems, list(files)) == ("done", "", [""], ["IM0001.dcm"])
    assert copy.filename == f"images-{copy.key[:8]}.zip"
    assert [word for word in PLANTED if word.encode() in files["IM0001.dcm"]] == []
    assert stores["files"].digest(image.sha256) == before == image.sha256
    [told] = [e for e in story(session, image.case.complaint) if e.event == "imaging.copied"]
    assert (told.actor, told.detail["made_for"]) == (image.case.owner, "Dr Quill, radiology")
    assert (told.detail["documents"], told.detail["boxes"]) == ([image.key], [[0, 0, 2, 2]])


def test_what_cannot_be_copied_is_left_out_with_its_reason(session, of_ann, image, work, make_copies):
    cut_off = of_ann(telling(PixelData=b"\0\0"), image.case)
    work()
    ask(session, image, image, cut_off)
    ask(session, image, cut_off)

    missing = "The points of this image are not there, cut off or damaged. Ask for it again."
    some, none = make_copies()
    assert (some[0], some[2], list(some[3])) == ("done", ["", missing], ["IM0001.dcm"])
    assert none == ("failed", "None of the images could be copied.", [missing], None)


def test_a_held_image_and_an_infected_one_are_not_copied(session, of_ann, image, work):
    stranger = of_ann(telling(PatientName="Other^Bob", PatientID="9434765919"), image.case)
    work()

    with pytest.raises(RuleBroken, match="This image is held"):
        ask(session, stranger)
    quarantine = session.scalars(select(Quarantine).where(Quarantine.document_id == image.id)).one()
    quarantine.state, quarantine.infection = Safety.INFECTED, "Eicar"
    with pytest.raises(RuleBroken, match="Eicar was found in this file"):
        ask(session, image)
    assert session.scalars(select(AdviserCopy)).all() == []


def test_what_was_found_infected_after_it_was_asked_for_is_not_copied(session, image, make_copies):
    ask(session, image)
    quarantine = session.scalars(select(Quarantine)).one()
    quarantine.state, quarantine.infection = Safety.INFECTED, "Eicar"

    [(state, problem, _problems, files)] = make_copies()

    assert (state, files) == ("failed", None)
    assert problem.endswith("Eicar was found in this file. It is kept, and given to nobody.")


def test_reports_and_images_of_other_studies_are_not_copied(session, of_ann, image, work):
    words = of_ann(report("Mrs Tester has a mass."), image.case)
    other = of_ann(telling(StudyInstanceUID="1.2.9"), image.case)
    work()

    for documents in ([words], [other]):
        with pytest.raises(RuleBroken, match="Select images of this study"):
            ask(session, image, *documents)


def test_only_who_may_disclose_has_a_copy_made(session, image, make):
    with pytest.raises(NotPermitted):
        copies.ask_for(
            session,
            queries.of_document(session, image),
            actor=make.account(Role.INVESTIGATOR),
            documents=[image],
            made_for="Me",
            reasons="I want it.",
        )
