"""What of a header tells who somebody is, or where: elements that the profiles of DICOM PS3.15 E remove."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import pydicom
from pydicom.datadict import dictionary_VR, keyword_for_tag, tag_for_keyword
from pydicom.tag import BaseTag

from .headers import cleaned, words

#: How many elements are listed, and how deep sequences are gone into.
MOST_LISTED, DEEPEST, LONGEST = 60, 8, 80
#: By what they give away, besides every element that holds a name of somebody.
KINDS = {
    "numbers": (
        "PatientID OtherPatientIDs IssuerOfPatientID MedicalRecordLocator AccessionNumber AdmissionID"
        " StudyID PerformedProcedureStepID ScheduledProcedureStepID RequestedProcedureID"
        " PlacerOrderNumberImagingServiceRequest FillerOrderNumberImagingServiceRequest"
        " InsurancePlanIdentification"
        " PatientPrimaryLanguageModifierCodeSequence MilitaryRank PersonTelephoneNumbers PatientTelephoneNumbers"
        " OrderCallbackPhoneNumber DeviceSerialNumber GantryID CassetteID DetectorID PlateID"
    ),
    "birth": (
        "PatientBirthDate PatientBirthTime PatientAge PatientBirthDateInAlternativeCalendar"
        " PatientDeathDateInAlternativeCalendar"
    ),
    "addresses": (
        "PatientAddress PersonAddress CountryOfResidence RegionOfResidence PatientInstitutionResidence"
        " CurrentPatientLocation OrderEntererLocation"
    ),
    "institutions": (
        "InstitutionName InstitutionAddress InstitutionalDepartmentName StationName RequestingService"
        " PerformedLocation PerformedStationName ScheduledStationName ScheduledProcedureStepLocation"
        " CustodialOrganizationSequence SourceApplicationEntityTitle"
    ),
    "people": "OperatorIdentificationSequence PerformingPhysicianIdentificationSequence",
    "words": (
        "PatientComments ImageComments AdditionalPatientHistory MedicalAlerts Allergies Occupation EthnicGroup"
        " PatientReligiousPreference SpecialNeeds PregnancyStatus SmokingStatus PatientState"
        " AdmittingDiagnosesDescription ReasonForStudy RequestAttributesSequence"
        " RequestedProcedureComments StudyComments VisitComments"
    ),
    "dates": (
        "StudyDate SeriesDate AcquisitionDate ContentDate AcquisitionDateTime InstanceCreationDate"
        " PerformedProcedureStepStartDate"
    ),
}
BY_TAG = {tag_for_keyword(word): kind for kind, listed in KINDS.items() for word in listed.split()}
#: Kinds of image into whose points words are often written: ultrasound, screens, photographs, film.
OFTEN_WRITTEN_IN = frozenset({"US", "IVUS", "SC", "XC", "OT", "ES", "DD", "DG", "GM"})
SECONDARY_CAPTURE = "1.2.840.10008.5.1.4.1.1.7"
OVERLAYS, CURVES = range(0x6000, 0x6100), range(0x5000, 0x5100)


def listed(dataset: pydicom.Dataset) -> dict[str, Any]:
    """What identifies (kind, name and value of each element), how many private elements there are, how many
    planes lie over the picture, and whether words may be in the points: "said", "denied", "likely" or "unknown".
    """
    told: list[dict[str, str]] = []
    private = 0
    for tag, data in _elements(dataset, 0):
        number = int(tag)
        if _is_private(number):
            private += 1
        elif (kind := _kind(number)) and len(told) < MOST_LISTED and (value := _value(data, tag)):
            told.append({"kind": kind, "name": keyword_for_tag(number), "value": value})
    groups = {int(tag) >> 16 for tag, _element in dataset.items()}
    return {
        "identifying": told,
        "private": private,
        "overlays": sum(group in OVERLAYS or group in CURVES for group in groups),
        "burnt_in": _burnt_in(dataset),
    }


def _elements(dataset: pydicom.Dataset, depth: int) -> Iterator[tuple[BaseTag, pydicom.Dataset]]:
    """Every element with the dataset it is in. Sequences are gone into; what is private is only counted.

    Tags are told apart by their numbers, which the library does slowly, and there are a hundred to a file; but
    a dataset is asked by its own tags, which it finds at once.
    """
    for tag, element in list(dataset.items()):
        yield tag, dataset
        number = int(tag)
        if depth < DEEPEST and not _is_private(number) and _holds_items(element.VR, number):
            for item in _items(dataset, tag):
                yield from _elements(item, depth + 1)


def _holds_items(said: str | None, tag: int) -> bool:
    """Where the sender did not know what kind of value an element has, or did not say, the dictionary may know."""
    return (_vr(tag) if said in {None, "UN"} else said) == "SQ"


def _is_private(tag: int) -> bool:
    return bool(tag >> 16 & 1)


def _items(dataset: pydicom.Dataset, tag: BaseTag) -> list[pydicom.Dataset]:
    """What a sequence holds; nothing where it is damaged: there is nothing of it that could be listed."""
    try:
        value = dataset[tag].value
        return list(value) if isinstance(value, pydicom.Sequence) else []
    except (MemoryError, RecursionError):
        raise
    except Exception:
        return []


@lru_cache(maxsize=4096)
def _kind(tag: int) -> str:
    return "people" if _vr(tag) == "PN" else BY_TAG.get(tag, "")


@lru_cache(maxsize=4096)
def _vr(tag: int) -> str:
    try:
        return str(dictionary_VR(tag))
    except KeyError:
        return ""


def _value(dataset: pydicom.Dataset, tag: BaseTag) -> str:
    """What it says, shortened; of a sequence, only that it is there; empty if it says nothing."""
    try:
        value = dataset[tag].value
        if isinstance(value, pydicom.Sequence):
            return "given" if len(value) else ""
        return cleaned(str(value))[:LONGEST] if value not in (None, "", b"") else ""
    except (MemoryError, RecursionError):
        raise
    except Exception:
        return "given, and cannot be read"


def _burnt_in(dataset: pydicom.Dataset) -> str:
    said, modality = (words(dataset, keyword, []) for keyword in ("BurnedInAnnotation", "Modality"))
    if said == "YES":
        return "said"
    is_capture = words(dataset, "SOPClassUID", []).startswith(SECONDARY_CAPTURE)
    is_film = words(dataset, "ConversionType", []) in {"DF", "DV", "SD", "SI"}
    if modality in OFTEN_WRITTEN_IN or is_capture or is_film:
        return "denied" if said == "NO" else "likely"
    return "denied" if said == "NO" else "unknown"
