"""Frames of images, by pydicom: one picture as the header wants it shown, and one of the values themselves.

A frame is decoded only after the header has said how large it is. The picture of values carries each value in two
colours, so that a browser can choose the window: red times 256 and green, times the slope, and the offset.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pydicom
from PIL import Image
from pydicom.pixels import apply_color_lut, apply_modality_lut, apply_voi, pixel_array

from . import Unreadable, reader
from .headers import opened, whole_number, words

#: Points of one frame, and bytes of one frame as it is decoded. A mammogram of the largest kind has 30 million points.
MOST_POINTS, MOST_BYTES = 40_000_000, 128 * 1024 * 1024
#: The longer side of what is drawn, in points.
LONGEST_SIDE = 2048
#: The highest value that two colours carry, and how hard pictures are packed: harder takes three times as long.
DEEPEST, QUICK = 65535, 1
END_MARK = b"\xfe\xff\xdd\xe0"


@reader
def draw(path: str, frame: str, values: str, number: int = 1) -> dict[str, Any]:
    """Draw one frame, which counts from 1, into PNGs: at `frame`, and of one channel at `values` too.

    Says how many there are, the size drawn, how a value is got from the picture of values (`slope`, `offset`),
    the header's window as centre and width if it has one, and whether high values are dark.
    """
    with opened(path) as dataset:
        in_all = bounded(dataset)
        if not 1 <= number <= in_all:
            raise Unreadable(f"There is no frame {number}: this image has {in_all}.")
        points = _decoded(path, dataset, number, in_all)
        said = {"in_all": in_all, "inverted": False, "window": None, "units": ""}
        if points.ndim == 3:
            drawn = _scaled(Image.fromarray(_as_bytes(points), "RGB"))
        else:
            drawn, more = _grey(dataset, points, number, values)
            said |= more
        drawn.save(frame, "PNG", compress_level=QUICK)
        return said | {"width": drawn.width, "height": drawn.height}


def bounded(dataset: pydicom.Dataset) -> int:
    """How many frames there are, each of a size that is decoded. Raises `Unreadable`."""
    unread: list[str] = []
    rows, columns, samples, bits, frames = (
        whole_number(dataset, keyword, unread)
        for keyword in ("Rows", "Columns", "SamplesPerPixel", "BitsAllocated", "NumberOfFrames")
    )
    if unread or not rows or not columns or rows < 0 or columns < 0:
        raise Unreadable("The header of this image does not say how large it is. It is not drawn.")
    if rows * columns > MOST_POINTS or rows * columns * (samples or 1) * (bits or 8) // 8 > MOST_BYTES:
        raise Unreadable(
            f"A frame of this image has more than {MOST_POINTS // 10**6} million points, or says so. "
            "It is not drawn."
        )
    return max(frames or 1, 1)


@contextmanager
def decoding() -> Iterator[None]:
    """What goes wrong while points are decoded, in a sentence."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except (Unreadable, MemoryError, RecursionError):
        raise
    except Exception as trouble:
        told = str(trouble)
        if "Unable to decompress" in told or "missing dependencies" in told or "plugin" in told:
            raise Unreadable(
                "This image is compressed in a way that this service cannot undo. "
                "Ask for it uncompressed, or open the original in another program."
            ) from None
        raise Unreadable(
            "The points of this image are not there, cut off or damaged. Ask for it again."
        ) from None


def _decoded(path: str, dataset: pydicom.Dataset, number: int, in_all: int) -> np.ndarray:
    """The points of one frame: rows, columns and, of a colour image, red, green and blue."""
    syntax = getattr(dataset.file_meta, "TransferSyntaxUID", None)
    if syntax is None:
        raise Unreadable("This image does not say how its points are written. It is not drawn.")
    if syntax.is_encapsulated and number == in_all and not is_whole(path):
        raise Unreadable("The points of this image are cut off. Ask for it again.")
    with decoding():
        points = _array(path, number, is_deflated=bool(syntax.is_deflated))
        if words(dataset, "PhotometricInterpretation", []) == "PALETTE COLOR":
            points = apply_color_lut(points, dataset)
    if points.size > MOST_BYTES or points.ndim not in (2, 3) or (points.ndim == 3 and points.shape[2] != 3):
        raise Unreadable("The points of this image are not arranged as an image has them. It is not drawn.")
    return points


def _array(path: str, number: int, *, is_deflated: bool) -> np.ndarray:
    """One frame, read alone where it can be: what is deflated, or not laid out as it should be, is read whole."""
    if not is_deflated:
        try:
            return pixel_array(path, index=number - 1)
        except ValueError:
            pass
    return pixel_array(pydicom.dcmread(path), index=number - 1)


def is_whole(path: str) -> bool:
    """Whether compressed points have their end mark: a last frame without it may be half of one."""
    with Path(path).open("rb") as file:
        file.seek(max(0, Path(path).stat().st_size - 1024 * 1024))
        return END_MARK in file.read()


def _as_bytes(points: np.ndarray) -> np.ndarray:
    """Colours of any depth in eight bits."""
    if points.dtype == np.uint8:
        return points
    return (points >> max(0, 8 * (points.dtype.itemsize - 1))).astype(np.uint8)


def _grey(
    dataset: pydicom.Dataset, points: np.ndarray, number: int, place: str
) -> tuple[Image.Image, dict[str, Any]]:
    about = _of_frame(dataset, number)
    with decoding():
        known = np.nan_to_num(np.asarray(apply_modality_lut(points, about), dtype=np.float32))
        is_inverted = words(dataset, "PhotometricInterpretation", []) == "MONOCHROME1"
        window = _window(about)
        shown = _by_table(known, about) if window is None else None
        if shown is None:
            centre, width = window or _whole(known)
            shown = np.clip((known - (centre - width / 2)) / width, 0, 1)
        picture = Image.fromarray(np.uint8((1 - shown if is_inverted else shown) * 255 + 0.5), "L")
        told = _keep_values(known, place)
    is_ct = words(dataset, "Modality", []) == "CT" and words(about, "RescaleType", []) in ("", "HU")
    units = "HU" if is_ct and "RescaleSlope" in about else ""
    return _scaled(picture), told | {"inverted": is_inverted, "window": window, "units": units}


def _keep_values(known: np.ndarray, place: str) -> dict[str, float]:
    """Write the values into a picture, and say how to get them back."""
    small = np.asarray(_scaled(Image.fromarray(known, "F")))
    lowest, highest = float(known.min()), float(known.max())
    are_whole = highest - lowest <= DEEPEST and bool((known == np.rint(known)).all())
    slope = 1.0 if are_whole else max(highest - lowest, 1e-9) / DEEPEST
    packed = np.clip(np.rint((small - lowest) / slope), 0, DEEPEST).astype(np.uint16)
    colours = np.zeros((*packed.shape, 3), np.uint8)
    colours[..., 0], colours[..., 1] = packed >> 8, packed & 255
    Image.fromarray(colours, "RGB").save(place, "PNG", compress_level=QUICK)
    return {"slope": slope, "offset": lowest, "highest": highest}


def _scaled(image: Image.Image) -> Image.Image:
    longer = max(image.size)
    if longer <= LONGEST_SIDE:
        return image
    size = [max(1, side * LONGEST_SIDE // longer) for side in image.size]
    return image.resize((size[0], size[1]), Image.Resampling.BOX)


def _of_frame(dataset: pydicom.Dataset, number: int) -> pydicom.Dataset:
    """What the header says of the values of this frame: an enhanced image says it of each, or once of all."""
    about = pydicom.Dataset()
    for keyword in ("ModalityLUTSequence", "VOILUTSequence", *SAID_OF_VALUES):
        if keyword in dataset:
            about[keyword] = dataset[keyword]
    groups = [
        *(dataset.get("SharedFunctionalGroupsSequence") or [])[:1],
        *(dataset.get("PerFrameFunctionalGroupsSequence") or [])[number - 1 : number],
    ]
    for group in groups:
        for sequence in ("PixelValueTransformationSequence", "FrameVOILUTSequence"):
            for item in (group.get(sequence) or [])[:1]:
                about.update(
                    {item[keyword].tag: item[keyword] for keyword in SAID_OF_VALUES if keyword in item}
                )
    return about


SAID_OF_VALUES = (
    "RescaleSlope",
    "RescaleIntercept",
    "RescaleType",
    "WindowCenter",
    "WindowWidth",
    "BitsStored",
    "PixelRepresentation",
)


def _window(about: pydicom.Dataset) -> tuple[float, float] | None:
    """The first window of the header, as its centre and its width; None if it has none that can be used."""
    try:
        centre, width = (
            float(next(iter(value), "")) if hasattr(value := about.get(keyword), "__iter__") else float(value)
            for keyword in ("WindowCenter", "WindowWidth")
        )
    except (TypeError, ValueError):
        return None
    return (centre, width) if width >= 1e-6 and abs(centre) + width < 1e9 else None


def _by_table(known: np.ndarray, about: pydicom.Dataset) -> np.ndarray | None:
    """By the header's own table of what is how bright, from 0 to 1; None if it has none that can be used."""
    if "VOILUTSequence" not in about:
        return None
    bits = int(about.VOILUTSequence[0].LUTDescriptor[2])
    shown = apply_voi(known.astype(np.int32), about)
    return np.clip(np.asarray(shown, np.float32) / (2**bits - 1), 0, 1)


def _whole(known: np.ndarray) -> tuple[float, float]:
    lowest, highest = float(known.min()), float(known.max())
    return (lowest + highest) / 2, max(highest - lowest, 1.0)
