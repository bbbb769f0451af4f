"""Images as hospitals keep them, made for a test. Each answers with its bytes."""

from __future__ import annotations

import warnings
from io import BytesIO
from typing import Any

CT = "1.2.840.10008.5.1.4.1.1.2"
LITTLE_ENDIAN = "1.2.840.10008.1.2.1"
STUDY = "1.2.826.0.1.1"
#: What an image has and a report has not.
NO_PICTURE = dict.fromkeys(("Rows", "Columns", "PixelData"))


def dicom(**said: Any) -> bytes:
    """An image of the person the tests know, unless `said` by keyword has it otherwise; None leaves a value out.

    `private` is what a private element says, `unknown` one that is in no dictionary, and `overlay` what a plane
    over the picture holds.
    """
    private, unknown, overlay = (said.pop(name, None) for name in ("private", "unknown", "overlay"))
    from pydicom.dataset import Dataset, FileDataset, FileMetaDataset

    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = said.get("SOPClassUID", CT)
    meta.MediaStorageSOPInstanceUID = "1.2.826.0.1.3"
    meta.TransferSyntaxUID = LITTLE_ENDIAN
    values = {
        "SOPClassUID": CT,
        "SOPInstanceUID": "1.2.826.0.1.3",
        "StudyInstanceUID": STUDY,
        "SeriesInstanceUID": "1.2.826.0.1.2",
        "PatientName": "Tester^Ann^Mary",
        "PatientID": "9990000018",
        "PatientBirthDate": "19480312",
        "StudyDate": "20210111",
        "Modality": "CT",
        "BodyPartExamined": "CHEST",
        "InstitutionName": "Eastmarch General",
        "AccessionNumber": "EM-1",
        "StudyDescription": "CT Thorax",
        "SeriesDescription": "Axial",
        "SeriesNumber": "2",
        "InstanceNumber": "1",
        "Rows": 4,
        "Columns": 4,
        "BitsAllocated": 16,
        "BitsStored": 12,
        "HighBit": 11,
        "PixelRepresentation": 0,
        "SamplesPerPixel": 1,
        "PhotometricInterpretation": "MONOCHROME2",
        "PixelData": bytes(range(32)),
    }
    dataset = FileDataset("", Dataset(), file_meta=meta, preamble=b"\0" * 128)
    made = BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # some are made wrong on purpose
        for keyword, value in (values | said).items():
            if value is not None:
                setattr(dataset, keyword, value)
        if private is not None:
            dataset.private_block(0x0009, "A MAKER", create=True).add_new(1, "LO", private)
        if unknown is not None:
            dataset.add_new(0x0008FFF0, "LO", unknown)
        if overlay is not None:
            dataset.add_new(0x60003000, "OW", overlay)
        dataset.save_as(made, enforce_file_format=True)
    return made.getvalue()


def with_element_of_no_kind(image: bytes, tag: int, value: bytes) -> bytes:
    """The image with one more element before its points, by a sender that did not know what kind of value it has."""
    points = image.rindex(bytes.fromhex("e07f1000"))
    head = (tag >> 16).to_bytes(2, "little") + (tag & 0xFFFF).to_bytes(2, "little") + b"UN\0\0"
    return image[:points] + head + len(value).to_bytes(4, "little") + value + image[points:]


def report(*lines: str, **said: Any) -> bytes:
    """A structured report with these lines."""
    from pydicom.dataset import Dataset

    items = []
    for words in lines:
        item, name = Dataset(), Dataset()
        name.CodeMeaning = "Finding"
        item.ValueType, item.TextValue, item.ConceptNameCodeSequence = "TEXT", words, [name]
        items.append(item)
    kind = {"SOPClassUID": "1.2.840.10008.5.1.4.1.1.88.11", "Modality": "SR", "ContentSequence": items}
    return dicom(**(NO_PICTURE | kind | said))


def packed_pdf(content: bytes, **said: Any) -> bytes:
    """A PDF in an image's clothing."""
    kind = {
        "SOPClassUID": "1.2.840.10008.5.1.4.1.1.104.1",
        "Modality": "DOC",
        "MIMETypeOfEncapsulatedDocument": "application/pdf",
        "EncapsulatedDocument": content + b"\0" * (len(content) % 2),
        "EncapsulatedDocumentLength": len(content),
    }
    return dicom(**(NO_PICTURE | kind | said))
