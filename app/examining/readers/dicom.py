"""Images as hospitals keep them, by pydicom: what the header says, in words that can be kept and shown."""

from __future__ import annotations

import re
from typing import Any

import pydicom
from pydicom.uid import UID

from . import identifying, reader
from .headers import cleaned, opened, whole_number, words

#: How many numbers of a patient are kept.
MOST_NUMBERS = 10
WORDS = {
    "study_uid": "StudyInstanceUID",
    "series_uid": "SeriesInstanceUID",
    "image_uid": "SOPInstanceUID",
    "patient_name": "PatientName",
    "patient_id": "PatientID",
    "modality": "Modality",
    "body_part": "BodyPartExamined",
    "institution": "InstitutionName",
    "accession_number": "AccessionNumber",
    "study_description": "StudyDescription",
    "series_description": "SeriesDescription",
}
DAYS = {"born_on": "PatientBirthDate", "studied_on": "StudyDate"}
NUMBERS = {
    "series_number": "SeriesNumber",
    "image_number": "InstanceNumber",
    "rows": "Rows",
    "columns": "Columns",
    "frames": "NumberOfFrames",
}
DIRECTORY, ENCAPSULATED = "1.2.840.10008.1.3.10", "1.2.840.10008.5.1.4.1.1.104."


@reader
def header(path: str) -> dict[str, Any]:
    """What the header says. A value that is there and cannot be read is empty, and its name is in `unread`."""
    with opened(path) as dataset:
        unread: list[str] = []
        said: dict[str, Any] = {name: words(dataset, keyword, unread) for name, keyword in WORDS.items()}
        said |= {name: _day(words(dataset, keyword, unread)) for name, keyword in DAYS.items()}
        said |= {name: whole_number(dataset, keyword, unread) for name, keyword in NUMBERS.items()}
        said["patient_numbers"] = _numbers_of_patient(dataset, unread)
        syntax = getattr(dataset.file_meta, "TransferSyntaxUID", None)
        said["packed"] = cleaned(UID(str(syntax)).name) if syntax else ""
        said |= identifying.listed(dataset)
        return said | {"shows": _shows(dataset, said), "unread": unread}


@reader
def shows(path: str) -> dict[str, Any]:
    """Only what kind of thing the file is, and of which modality."""
    with opened(path) as dataset:
        said: dict[str, Any] = {"modality": words(dataset, "Modality", [])}
        said |= {name: whole_number(dataset, NUMBERS[name], []) for name in ("rows", "columns")}
        return {"shows": _shows(dataset, said), "modality": said["modality"]}


def _day(said: str) -> str:
    """A day as the standard writes it, or as it did before, as ours; empty for anything else."""
    figures = re.fullmatch(r"([0-9]{4})\.?([0-9]{2})\.?([0-9]{2})", said, re.ASCII)
    return "-".join(figures.groups()) if figures else ""


def _numbers_of_patient(dataset: pydicom.Dataset, unread: list[str]) -> list[str]:
    """Every number the patient has here, whoever gave it."""
    numbers = [words(dataset, "PatientID", [])]
    try:
        others = dataset.get("OtherPatientIDsSequence") or []
        numbers += [words(other, "PatientID", unread) for other in others[:MOST_NUMBERS]]
        former = dataset.get("OtherPatientIDs") or []
        numbers += [cleaned(str(each)) for each in ([former] if isinstance(former, str) else former)]
    except (MemoryError, RecursionError):
        raise
    except Exception:
        unread.append("OtherPatientIDs")
    return list(dict.fromkeys(filter(None, numbers)))[:MOST_NUMBERS]


def _shows(dataset: pydicom.Dataset, said: dict[str, Any]) -> str:
    """What kind of thing the file is."""
    kind = cleaned(
        str(getattr(dataset.file_meta, "MediaStorageSOPClassUID", "") or dataset.get("SOPClassUID", ""))
    )
    if kind == DIRECTORY:
        return "directory"
    if kind.startswith(ENCAPSULATED):
        return "document"
    if said["modality"] == "SR":
        return "report"
    return "image" if said["rows"] and said["columns"] else "other"
