"""Headers of DICOM files, opened strictly, and single values of them in words that can be kept and shown."""

from __future__ import annotations

import re
import unicodedata
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import pydicom
from pydicom.errors import InvalidDicomError

from . import Unreadable

#: Characters kept of one value, how much of one element is read at once, and the largest number kept.
LONGEST, AT_ONCE, LARGEST = 200, 64 * 1024, 2**31 - 1


@contextmanager
def opened(path: str) -> Iterator[pydicom.FileDataset]:
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


def words(dataset: pydicom.Dataset, keyword: str, unread: list[str]) -> str:
    try:
        value = dataset.get(keyword)
        if value is None:
            return ""
        several = not isinstance(value, (str, bytes)) and hasattr(value, "__iter__")
        first = (next(iter(value), "") if keyword != "PatientName" else value) if several else value
        return cleaned(str(first))
    except (MemoryError, RecursionError):
        raise
    except Exception:
        unread.append(keyword)
        return ""


def whole_number(dataset: pydicom.Dataset, keyword: str, unread: list[str]) -> int | None:
    said = words(dataset, keyword, unread)
    if not said:
        return None
    if not re.fullmatch(r"[+-]?[0-9]{1,10}", said, re.ASCII) or abs(int(said)) > LARGEST:
        unread.append(keyword)
        return None
    return int(said)


def cleaned(words: str) -> str:
    """Without anything that is not seen, or that turns the direction of what follows."""
    if words.isascii() and words.isprintable():
        return " ".join(words[: 4 * LONGEST].split())[:LONGEST].strip()
    told = "".join(
        char if unicodedata.category(char)[0] != "C" else " "
        for char in unicodedata.normalize("NFC", words[: 4 * LONGEST])
    )
    return " ".join(told.split())[:LONGEST].strip()
