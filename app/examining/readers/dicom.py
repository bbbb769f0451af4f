"""Images as hospitals keep them, by pydicom: what the header says, in words that can be kept and shown."""

from __future__ import annotations

import re
import unicodedata
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pydicom
from pydicom.errors import InvalidDicomError
from pydicom.uid import UID

from . import Unreadable, reader

#: Characters kept of one value, numbers of a patient, and how much of one element is read at once.
LONGEST, MOST_NUMBERS, AT_ONCE = 200, 10, 64 * 1024
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
LARGEST = 2**31 - 1
DIRECTORY, ENCAPSULATED = "1.2.840.10008.1.3.10", "1.2.840.10008.5.1.4.1.1.104."


@reader
def header(path: str) -> dict[str, Any]:
    """What the header says. A value that is there and cannot be read is empty, and its name is in `unread`."""
    with _opened(path) as dataset:
        unread: list[str] = []
        said: dict[str, Any] = {name: _words(dataset, keyword, unread) for name, keyword in WORDS.items()}
        said |= {name: _day(_words(dataset, keyword, unread)) for name, keyword in DAYS.items()}
        said |= {name: _number(dataset, keyword, unread) for name, keyword in NUMBERS.items()}
        said["patient_numbers"] = _numbers_of_patient(dataset, unread)
        syntax = getattr(dataset.file_meta, "TransferSyntaxUID", None)
        said["packed"] = _cleaned(UID(str(syntax)).name) if syntax else ""
        return said | {"shows": _shows(dataset, said), "unread": unread}


@contextmanager
def _opened(path: str) -> Iterator[pydicom.FileDataset]:
    """The file without its pixels. Only what begins as the standard has it is read: nothing is guessed."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            yield pydicom.dcmread(path, stop_before_pixels=True, defer_size=AT_ONCE)
        except Unreadable:
            raise
        except InvalidDicomError:
            raise Unreadable(
                "This is not a DICOM file as the standard has it: its beginning is missing. "
                "Ask for it again as it was on the disc."
            ) from None
        except (MemoryError, RecursionError):
            raise
        except EOFError:
            raise Unreadable("This DICOM file is cut off. Ask for it again.") from None
        except Exception as trouble:
            raise Unreadable(
                "This DICOM file is damaged: its header cannot be read. Ask for it again."
            ) from trouble


def _words(dataset: pydicom.Dataset, keyword: str, unread: list[str]) -> str:
    try:
        value = dataset.get(keyword)
        if value is None:
            return ""
        several = not isinstance(value, (str, bytes)) and hasattr(value, "__iter__")
        first = (next(iter(value), "") if keyword != "PatientName" else value) if several else value
        return _cleaned(str(first))
    except (MemoryError, RecursionError):
        raise
    except Exception:
        unread.append(keyword)
        return ""


def _number(dataset: pydicom.Dataset, keyword: str, unread: list[str]) -> int | None:
    said = _words(dataset, keyword, unread)
    if not said:
        return None
    if not re.fullmatch(r"[+-]?[0-9]{1,10}", said, re.ASCII) or abs(int(said)) > LARGEST:
        unread.append(keyword)
        return None
    return int(said)


def _day(said: str) -> str:
    """A day as the standard writes it, or as it did before, as ours; empty for anything else."""
    figures = re.fullmatch(r"([0-9]{4})\.?([0-9]{2})\.?([0-9]{2})", said, re.ASCII)
    return "-".join(figures.groups()) if figures else ""


def _numbers_of_patient(dataset: pydicom.Dataset, unread: list[str]) -> list[str]:
    """Every number the patient has here, whoever gave it."""
    numbers = [_words(dataset, "PatientID", [])]
    try:
        others = dataset.get("OtherPatientIDsSequence") or []
        numbers += [_words(other, "PatientID", unread) for other in others[:MOST_NUMBERS]]
        former = dataset.get("OtherPatientIDs") or []
        numbers += [_cleaned(str(each)) for each in ([former] if isinstance(former, str) else former)]
    except (MemoryError, RecursionError):
        raise
    except Exception:
        unread.append("OtherPatientIDs")
    return list(dict.fromkeys(filter(None, numbers)))[:MOST_NUMBERS]


def _shows(dataset: pydicom.Dataset, said: dict[str, Any]) -> str:
    """What kind of thing the file is."""
    kind = _cleaned(
        str(getattr(dataset.file_meta, "MediaStorageSOPClassUID", "") or dataset.get("SOPClassUID", ""))
    )
    if kind == DIRECTORY:
        return "directory"
    if kind.startswith(ENCAPSULATED):
        return "document"
    if said["modality"] == "SR":
        return "report"
    return "image" if said["rows"] and said["columns"] else "other"


def _cleaned(words: str) -> str:
    """Without anything that is not seen, or that turns the direction of what follows."""
    told = "".join(
        char if unicodedata.category(char)[0] != "C" else " "
        for char in unicodedata.normalize("NFC", words[: 4 * LONGEST])
    )
    return " ".join(told.split())[:LONGEST].strip()
