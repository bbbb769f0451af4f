"""A copy of an image that tells nobody whose it is: by the tables of DICOM PS3.15 E, and stricter.

Nothing is taken over that is not understood: private elements, unknown ones, overlays, thumbnails, free text and
dates are left out at every depth. Points are written anew and not compressed, so that nothing hides in their packing.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import pydicom
from dicomanonymizer.simpledicomanonymizer import (
    anonymize_dataset,
    initialize_actions_2024b,
    replace_UID,
)
from pydicom.datadict import dictionary_has_tag, tag_for_keyword
from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.pixels import iter_pixels
from pydicom.uid import ExplicitVRLittleEndian, UID_dictionary

from . import Unreadable, reader
from .frames import bounded, decoding, is_whole
from .headers import opened, words
from .identifying import listed

#: What the points of one copy may take, in bytes; how deep sequences may be; and the shortest word that is looked for.
MOST_POINTS, DEEPEST, SHORTEST = 128 * 1024 * 1024, 30, 3
#: Kinds of values that hold prose, or days and times: none of them is taken over.
PROSE, TIMES = frozenset({"LT", "ST", "UT", "UC", "UR"}), frozenset({"DA", "TM", "DT"})
NEVER = (
    "IconImageSequence GraphicAnnotationSequence ReferencedImageSequence SourceImageSequence"
    " RequestAttributesSequence OriginalAttributesSequence DataSetTrailingPadding EncryptedAttributesSequence"
    " DigitalSignaturesSequence MACParametersSequence FloatPixelData DoubleFloatPixelData PixelData"
    " ExtendedOffsetTable ExtendedOffsetTableLengths"
)
LEFT_OUT = frozenset(map(tag_for_keyword, NEVER.split()))
#: Groups that say how points are to be read, and what was done to the copy: no name of somebody is in them.
KEPT_WHOLE = frozenset({0x0028, 0x0012, 0x7FE0})
#: DICOM CID 7050: the profile that was followed, and that words in the points were blackened.
BASIC, CLEAN_POINTS = (
    ("113100", "Basic Application Confidentiality Profile"),
    ("113101", "Clean Pixel Data Option"),
)


@reader
def copy(path: str, out: str, secret: str, boxes: list[list[int]]) -> dict[str, Any]:
    """Write the copy to `out`. UIDs follow from the secret, so two copies of one study still belong together.

    A box is left, top, width and height in points; it is blackened in every frame.
    """
    key = bytes.fromhex(secret)
    with opened(path) as dataset:
        if getattr(dataset.file_meta, "TransferSyntaxUID", None) is None:
            raise Unreadable("This image does not say how its points are written. It cannot be copied.")
        told = _telling(dataset)
        made = _stripped(dataset, key)
        _say_what_was_done(made, blackened=bool(boxes))
        _points(path, dataset, made, boxes)
        emptied = _empty_what_tells(made, told)
        made.PatientName, made.PatientID = _called(key, words(dataset, "PatientID", []))
        _write(made, out)
    return {"left_out": emptied, "frames": int(made.get("NumberOfFrames") or 1)}


def _stripped(dataset: Dataset, key: bytes) -> Dataset:
    made = Dataset()
    with decoding():
        for element in _taken_over(dataset, 0):
            made.add(element)
        _by_the_tables(made, key, 0)
    return made


def _taken_over(dataset: Dataset, depth: int) -> Iterator[DataElement]:
    """What is understood of a dataset, and may be in a copy at all, before the tables have their say.

    Planes and curves that lie over the picture are in groups that repeat, which the dictionary does not have.
    """
    if depth > DEEPEST:
        raise Unreadable("This image is nested deeper than an image can be. It cannot be copied.")
    for tag in list(dataset.keys()):
        if tag.is_private or not dictionary_has_tag(tag) or tag in LEFT_OUT:
            continue
        element = dataset[tag]
        if element.VR in PROSE | {"UN"} or (element.VR in {"OB", "OW"} and depth):
            continue
        if element.VR == "SQ":
            items = [_dataset_of(_taken_over(item, depth + 1)) for item in element.value]
            element = DataElement(tag, "SQ", pydicom.Sequence(items))
        yield element


def _dataset_of(elements: Iterator[DataElement]) -> Dataset:
    made = Dataset()
    for element in elements:
        made.add(element)
    return made


def _by_the_tables(dataset: Dataset, key: bytes, depth: int) -> None:
    """What the tables say, at this depth and below; then no day, no name and no UID that is not ours."""
    for element in list(dataset):
        if element.VR == "SQ":
            for item in element.value:
                _by_the_tables(item, key, depth + 1)
    rules = {tag: _leave for tag, action in initialize_actions_2024b().items() if action is replace_UID}
    anonymize_dataset(dataset, rules, base_rules_gen=initialize_actions_2024b)
    for element in list(dataset):
        if element.VR in TIMES | {"PN", "AS", "AE"}:
            element.value = ""
        elif element.VR == "UI":
            element.value = _other_uids(element.value, key)


def _leave(_dataset: Dataset, _tag: Any) -> None:
    """UIDs are given by us, for their sake who compare two copies."""


def _other_uids(value: Any, key: bytes) -> Any:
    several = [value] if isinstance(value, str) else list(value or [])
    others = [uid if str(uid) in UID_dictionary else _uid(str(uid), key) for uid in several if uid]
    return others[0] if len(others) == 1 else others or ""


def _uid(uid: str, key: bytes) -> str:
    """The UID that stands for another in every copy that is made of this case."""
    return f"2.25.{int.from_bytes(_digest(key, f'uid:{uid}')[:16])}"


def _digest(key: bytes, words_: str) -> bytes:
    return hmac.new(key, words_.encode("utf-8", "replace"), hashlib.sha256).digest()


def _called(key: bytes, number: str) -> tuple[str, str]:
    """What the patient is called in every copy of this case, so that a viewer keeps their images together."""
    called = _digest(key, f"patient:{number}").hex()[:12].upper()
    return f"PATIENT {called}", called


def _say_what_was_done(made: Dataset, *, blackened: bool) -> None:
    made.PatientIdentityRemoved = "YES"
    made.LongitudinalTemporalInformationModified = "REMOVED"
    done = (BASIC, CLEAN_POINTS) if blackened else (BASIC,)
    made.DeidentificationMethod = "DICOM PS3.15 basic profile, dates removed"
    made.DeidentificationMethodCodeSequence = pydicom.Sequence(_code(*each) for each in done)


def _code(value: str, meaning: str) -> Dataset:
    code = Dataset()
    code.CodeValue, code.CodingSchemeDesignator, code.CodeMeaning = value, "DCM", meaning
    return code


def _points(path: str, dataset: Dataset, made: Dataset, boxes: list[list[int]]) -> None:
    """Write the points of every frame anew, with the boxes blackened in each."""
    in_all, syntax = bounded(dataset), dataset.file_meta.TransferSyntaxUID
    if syntax.is_encapsulated and not is_whole(path):
        raise Unreadable("The points of this image are cut off. It cannot be copied.")
    written = bytearray()
    with decoding():
        source = pydicom.dcmread(path) if syntax.is_deflated else path
        inverted = words(dataset, "PhotometricInterpretation", []) == "MONOCHROME1"
        count, frame = 0, np.zeros((0, 0), np.uint8)
        for decoded in iter_pixels(source):
            count, frame = count + 1, np.array(decoded)
            for left, top, width, height in boxes:
                black = frame.max() if inverted else frame.min() if frame.ndim == 2 else 0
                frame[top : top + height, left : left + width] = black
            written += frame.astype(frame.dtype.newbyteorder("<")).tobytes()
            if len(written) > MOST_POINTS:
                raise Unreadable("The points of this image take more room than a copy may. It is not copied.")
    if count != in_all or frame.dtype.kind not in "iu":
        raise Unreadable("The points of this image are not there, cut off or damaged. It is not copied.")
    _describe(made, frame)
    written += b"\0" * (len(written) % 2)
    made.add_new("PixelData", "OB" if frame.dtype.itemsize == 1 else "OW", bytes(written))


def _describe(made: Dataset, frame: np.ndarray) -> None:
    """Say how the points are written now."""
    made.Rows, made.Columns = frame.shape[:2]
    made.BitsAllocated = 8 * frame.dtype.itemsize
    made.PixelRepresentation = int(frame.dtype.kind == "i")
    if frame.ndim == 3:
        made.SamplesPerPixel, made.PlanarConfiguration, made.PhotometricInterpretation = 3, 0, "RGB"
        made.BitsStored, made.HighBit = made.BitsAllocated, made.BitsAllocated - 1


def _telling(dataset: Dataset) -> set[str]:
    """The words of the header that tell who somebody is, or where: none of them may be left."""
    values = [each["value"] for each in listed(dataset)["identifying"] if each["kind"] != "words"]
    said = (word.casefold() for value in values for word in re.split(r"[\W_]+", value))
    return {word for word in said if len(word) >= SHORTEST} | {
        value.casefold() for value in values if value[1:]
    }


def _empty_what_tells(dataset: Dataset, told: set[str]) -> int:
    """Leave out every value in which one of those words is left. How many that were."""
    emptied = 0
    for element in list(dataset):
        if element.tag.group in KEPT_WHOLE:
            continue
        if element.VR == "SQ":
            emptied += sum(_empty_what_tells(item, told) for item in element.value)
        elif element.VR in {"LO", "SH", "CS", "IS"}:
            left = set(re.split(r"[\W_]+", str(element.value).casefold())) | {str(element.value).casefold()}
            if left & told:
                element.value = ""
                emptied += 1
    return emptied


def _write(made: Dataset, out: str) -> None:
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID = made.SOPClassUID, made.SOPInstanceUID
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    with decoding():
        file = FileDataset("", made, file_meta=meta, preamble=b"\0" * 128)
        file.save_as(out, enforce_file_format=True)
