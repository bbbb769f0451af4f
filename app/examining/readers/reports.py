"""Reports that come in an image's clothing: a structured report as text, and a document that is packed in one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pydicom

from . import Unreadable, reader
from .frames import decoding
from .headers import opened, words

MOST_LINES, MOST_CHARACTERS, DEEPEST = 5000, 2_000_000, 40
#: Characters to a page: what is cited of a text without pages is found again by search.
PAGE = 20_000
#: Where each kind of line has its value, as the standard names the kinds.
VALUES = {
    "TEXT": "TextValue",
    "PNAME": "PersonName",
    "DATE": "Date",
    "TIME": "Time",
    "DATETIME": "DateTime",
    "UIDREF": "UID",
}
POINTS_AT = {
    "IMAGE": "an image",
    "WAVEFORM": "a waveform",
    "COMPOSITE": "another file",
    "SCOORD": "a place in an image",
    "TCOORD": "a moment",
}


@reader
def text(path: str) -> dict[str, Any]:
    """The lines of a structured report, each as deep as it stands, in pages of `PAGE` characters."""
    with opened(path) as dataset:
        said = "\n".join(_lines(dataset, 0, [MOST_LINES]))
    if not said:
        raise Unreadable("This report has no content. Ask for it again.")
    if len(said) > MOST_CHARACTERS:
        raise Unreadable("This report holds more text than a report can.")
    return {"pages": [said[start : start + PAGE] for start in range(0, len(said), PAGE)]}


@reader
def unpack(path: str, out: str) -> dict[str, Any]:
    """Write the document that is packed in this file to `out`, and say which kind it is said to be."""
    with opened(path) as dataset:
        kind = words(dataset, "MIMETypeOfEncapsulatedDocument", [])
        length = dataset.get("EncapsulatedDocumentLength")
        with decoding():
            content = dataset.EncapsulatedDocument
    if not isinstance(content, bytes) or not content:
        raise Unreadable("No document is in this file, although its header says so. Ask for it again.")
    Path(out).write_bytes(content[:length] if isinstance(length, int) and length > 0 else content)
    return {"kind": kind}


def _lines(item: pydicom.Dataset, depth: int, left: list[int]) -> Iterator[str]:
    """The line of this item, and below it those of what it holds. `left` is how many more there may be."""
    left[0] -= 1
    if left[0] < 0 or depth > DEEPEST:
        raise Unreadable(
            "This report is nested deeper, or has more lines, than a report can. It is not read."
        )
    name, said = _meaning(item, "ConceptNameCodeSequence"), _value(item)
    if name or said:
        yield "  " * depth + ": ".join(filter(None, (name, said)))
    with decoding():
        held = list(item.get("ContentSequence") or [])
    for inner in held:
        yield from _lines(inner, depth + 1, left)


def _value(item: pydicom.Dataset) -> str:
    kind = words(item, "ValueType", [])
    if kind in VALUES:
        with decoding():
            return " ".join(str(item.get(VALUES[kind], "")).replace("^", " ").split())
    if kind == "CODE":
        return _meaning(item, "ConceptCodeSequence")
    if kind == "NUM":
        with decoding():
            measured = (item.get("MeasuredValueSequence") or [pydicom.Dataset()])[0]
        unit = _meaning(measured, "MeasurementUnitsCodeSequence")
        return " ".join(filter(None, (words(measured, "NumericValue", []), unit)))
    return POINTS_AT.get(kind, "")


def _meaning(item: pydicom.Dataset, sequence: str) -> str:
    with decoding():
        codes = item.get(sequence) or []
        return words(codes[0], "CodeMeaning", []) if len(codes) else ""
