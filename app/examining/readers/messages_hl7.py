"""HL7 version 2: orders and results, as `hl7` takes them apart, once the file is known to be whole.

Whether a file is whole is asked first, of its frames, its batches and its last line: what is cut off is refused
with its reason, and never read as if it had ended there.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from typing import Any

import hl7

from . import Unreadable
from .messages_events import events
from .messages_segments import Segment
from .messages_told import HL7_TIME, cleaned, day, moment, patient

START, END = b"\x0b", b"\x1c"
RESULTS, ORDERS = ("ORU",), ("ORM", "OMG", "OMI")
CHARSETS = {"UNICODE UTF-8": "utf-8", "8859/1": "latin-1", "8859/15": "iso-8859-15", "ASCII": "latin-1"}
AGAIN = "Ask for it again."
#: Segments that say when something happened, or of whom: what is left of one that is cut off is not to be trusted.
TOLD_WHOLE = {"MSH", "PID", "ORC", "OBR", "TQ1", "BHS", "FHS"}
BEGINNINGS = {"MSH", "FHS", "BHS"}
ENVELOPES = {"FHS", "BHS", "BTS", "FTS"}
UNENDED = "The last line of the file has no end: nothing shows that nothing is missing after it."


@dataclass
class Lines:
    """The lines of one message, with the character that stands between its fields."""

    separator: str
    lines: list[str]
    notes: list[str] = field(default_factory=list)
    is_ended: bool = True


def messages(content: bytes) -> list[dict[str, Any]]:
    """What each message of the file says. Raises `Unreadable` with the reason if one of them is not whole."""
    words, notes = _decoded(_out_of_frames(content.removeprefix(b"\xef\xbb\xbf")))
    found = _taken_apart(words)
    found[-1].notes += notes
    return [_told(one, number if len(found) > 1 else 0) for number, one in enumerate(found, 1)]


def _out_of_frames(content: bytes) -> bytes:
    """Without the frames of MLLP, each of which must be closed."""
    if START not in content and END not in content:
        return content
    within = []
    before, *frames = content.split(START)
    if END in before:
        raise Unreadable(
            f"This file ends a frame (MLLP) that does not begin in it: its beginning is missing. {AGAIN}"
        )
    if before.strip():
        raise Unreadable(f"There is something before the first frame (MLLP) of this file. {AGAIN}")
    for frame in frames:
        message, end, after = frame.partition(END)
        if not end:
            raise Unreadable(f"A frame (MLLP) begins and does not end: the message is cut off. {AGAIN}")
        if after.strip(b"\r\n \x1c"):
            raise Unreadable(f"There is something between the frames (MLLP) of this file. {AGAIN}")
        within.append(message.rstrip(b"\r\n") + b"\r")
    return b"".join(within)


def _decoded(content: bytes) -> tuple[str, list[str]]:
    """The words, in the encoding they are in: MSH-18 is believed only of what is no UTF-8."""
    header = re.search(rb"MSH([^\w\s])[^\r\n]*", content)
    fields = header.group().split(header.group(1)) if header else []
    said = fields[17].decode("latin-1").split("~")[0].strip().upper() if len(fields) > 17 else ""
    try:
        words = content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode(CHARSETS.get(said, "latin-1"), errors="replace"), []
    wrong = not words.isascii() and said not in {"", "UNICODE UTF-8"}
    return words, [
        f"MSH-18 says {cleaned(said, 20)}, but the message is in UTF-8, and was read so."
    ] if wrong else []


def _taken_apart(words: str) -> list[Lines]:
    """The messages of the file, each as its lines; its envelopes, if it has any, agree with what is in them."""
    lines, is_ended = _lines(words)
    if not lines or lines[0][:3] not in BEGINNINGS:
        raise Unreadable(f"This file does not begin as HL7 does, with MSH: its beginning is missing. {AGAIN}")
    separator, found = "", []
    for number, line in enumerate(lines, 1):
        separator = _separator_of(line) if line[:3] in BEGINNINGS else separator
        _must_be_a_segment(number, line, separator)
        if line[:3] == "MSH":
            found.append(Lines(separator, []))
        if line[:3] in ENVELOPES:
            continue
        if not found:
            raise Unreadable(f"Line {number} of this file stands before any message begins. {AGAIN}")
        found[-1].lines.append(line)
    _agree(lines)
    if not is_ended:
        _must_be_whole(lines[-1], separator)
        found[-1].notes.append(UNENDED)
        found[-1].is_ended = False
    return found


def _must_be_a_segment(number: int, line: str, separator: str) -> None:
    if not re.fullmatch("[A-Z][A-Z0-9]{2}", line[:3], re.ASCII) or line[3:4] not in {"", separator}:
        raise Unreadable(
            f"Line {number} of this file does not begin with the name of a segment: it is damaged. {AGAIN}"
        )


def _lines(words: str) -> tuple[list[str], bool]:
    """The lines that say something, and whether the last of them is ended."""
    words = words.replace("\r\n", "\r")
    end = "\r" if "\r" in words else "\n"
    pieces = words.split(end)
    return [piece.strip("\n") for piece in pieces if piece.strip()], not pieces[-1].strip()


def _separator_of(line: str) -> str:
    """What stands between the fields, if the line has what it takes to read the others."""
    separator = line[3:4]
    codes = line[4:].split(separator)[0] if separator else ""
    marks = separator + codes
    if (
        not 5 <= len(marks) <= 6
        or len(set(marks)) != len(marks)
        or any(m.isalnum() or m.isspace() for m in marks)
    ):
        raise Unreadable(
            f"The first line, {line[:3]}, is cut off or does not say what stands between its fields. {AGAIN}"
        )
    return separator


def _agree(lines: list[str]) -> None:
    """Raise `Unreadable` unless every envelope is closed, and holds as many as its end says."""
    names = [line[:3] for line in lines]
    for begins, ends, called in (("FHS", "FTS", "file"), ("BHS", "BTS", "batch")):
        if names.count(begins) != names.count(ends):
            raise Unreadable(
                f"The {called} of messages begins and does not end ({begins}, {ends}): it is cut off. {AGAIN}"
            )
    if "MSH" not in names:
        raise Unreadable("There is no message in this file.")
    within = 0
    for line in lines:
        within = 0 if line[:3] == "BHS" else within + (line[:3] == "MSH")
        if line[:3] == "BTS":
            _counted(line, within, "messages", "batch")
        if line[:3] == "FTS":
            _counted(line, names.count("BHS") or 1, "batches", "file")


def _counted(line: str, there: int, things: str, called: str) -> None:
    said = line[4:].split(line[3:4] or "|")[0].strip() if len(line) > 4 else ""
    if said.isascii() and said.isdigit() and int(said[:9]) != there:
        raise Unreadable(
            f"The {called} says that it has {said[:9]} {things}, and has {there}: something is missing. {AGAIN}"
        )


def _must_be_whole(line: str, separator: str) -> None:
    """Raise `Unreadable` if the last line, which is not ended, lacks what such a line cannot be without."""
    name, fields = line[:3], line.split(separator)
    lacks_status = name == "OBX" and not (len(fields) > 11 and fields[11])
    if name in TOLD_WHOLE or len(fields) < 2 or lacks_status:
        raise Unreadable(f"The last line, {name}, is cut off in the middle. {AGAIN}")


def _told(one: Lines, number: int) -> dict[str, Any]:
    try:
        read = hl7.parse("\r".join(one.lines) + "\r")
    except (MemoryError, RecursionError):
        raise
    except Exception:
        raise Unreadable(f"This message is damaged: its fields cannot be told apart. {AGAIN}") from None
    segments = _segments(read)
    header = segments[0]
    kind = "^".join(filter(None, (header.part(9), header.part(9, 2))))
    _must_be_read(header, kind, segments)
    notes: list[str] = list(one.notes)
    unended = None if one.is_ended else segments[-1]
    told, about = events(
        segments, kind[:3] in RESULTS, notes, at=f"message {number}, " if number else "", apart=unended
    )
    sent = moment(header.part(7), HL7_TIME)
    return {
        "kind": kind,
        "sender": ", ".join(filter(None, (header.part(3), header.part(4)))),
        "control_id": header.part(10),
        "sent": sent["given"] if sent else "",
        "digest": _digest_of(one.lines),
        "patient": _patient(segments),
        **about,
        "events": told,
        "notes": notes,
    }


def _digest_of(lines: list[str]) -> str:
    """A hash of all that the message says, whatever ends its lines and frames it."""
    return hashlib.sha256("\r".join(lines).encode("utf-8", "replace")).hexdigest()


def _segments(read: Any) -> list[Segment]:
    counted: dict[str, int] = {}
    told = []
    for segment in read:
        name = str(segment[0])
        counted[name] = counted.get(name, 0) + 1
        told.append(Segment(name, counted[name], segment, read))
    return told


def _must_be_read(header: Segment, kind: str, segments: list[Segment]) -> None:
    """Raise `Unreadable` unless the message is of a kind we read, can be told apart, and says what such must say."""
    names = [segment.name for segment in segments]
    if not header.part(9) or not header.part(10):
        raise Unreadable(
            f"The message does not say of which kind it is (MSH-9), or has no number (MSH-10). {AGAIN}"
        )
    if kind[:3] not in (*RESULTS, *ORDERS):
        raise Unreadable(
            f"This is a message {cleaned(kind, 20)}: it is kept, and not read. This office reads results"
            f" ({', '.join(RESULTS)}) and orders ({', '.join(ORDERS)})."
        )
    if "OBR" not in names:
        raise Unreadable(f"The message names no examination (OBR): it is cut off, or tells nothing. {AGAIN}")
    if kind[:3] in RESULTS and "OBX" not in names:
        raise Unreadable(
            f"The message is a result and has no finding (OBX): it is cut off, or tells nothing. {AGAIN}"
        )
    if names.count("PID") > 1:
        raise Unreadable("This message is about several patients. Ask for a message for each.")


def _patient(segments: list[Segment]) -> dict[str, Any]:
    told = next((segment for segment in segments if segment.name == "PID"), None)
    if told is None:
        return patient()
    ours, numbers = "", []
    for repeat in range(1, 11):
        number, authority, kind = (told.part(3, component, repeat=repeat) for component in (1, 4, 5))
        if not number:
            continue
        if not ours and (authority.upper() == "NHS" or kind.upper() == "NH"):
            ours = number
        else:
            numbers.append({"number": number, "authority": authority})
    name = "^".join(told.part(5, component) for component in range(1, 6)).rstrip("^")
    return patient(name, ours, numbers, day(told.part(7), HL7_TIME))
