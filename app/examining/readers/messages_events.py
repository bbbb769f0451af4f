"""What a result or an order of HL7 version 2 says happened, in the kinds of rows a timeline has.

A preliminary, a final, a corrected and an addended report are each an event of their own, by the status of the
report (OBR-25) or, where that says none, of its observations (OBX-11). No field is read as if it were another:
where systems put a time where the standard has something else, the time of the message counts, and a note says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from .messages_segments import Segment
from .messages_told import HL7_TIME, cleaned, event, moment, prose

REPORTS = {
    "P": "provisional_read",
    "R": "provisional_read",
    "F": "reported",
    "C": "corrected",
    "A": "corrected",
}
#: Kinds of findings (OBX-2) that are words.
WORDS = {"FT", "TX", "ST", "CE", "CWE"}
#: Statuses of tables 0123 and 0085 that are no report.
NO_REPORT = set("OISXYZDNUWVB")
ADDENDUM = "The status is A: reporting systems send it for an addendum, the standard reads it as some results of more."
LATE = "OBR-22 says nothing: this is when the message was sent."
ALERTS = {
    "alert_sent": re.compile(
        r"\balert\b[^.]{0,80}?\bsent\b\D{0,20}?([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})(?:\D{1,6}([0-9]{2}):?([0-9]{2})\b)?",
        re.I,
    ),
    "alert_acknowledged": re.compile(
        r"\balert\b[^.]{0,80}?\backnowledged\b\D{0,20}?([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})(?:\D{1,6}([0-9]{2}):?([0-9]{2})\b)?",
        re.I,
    ),
}
DAY_FIRST = "A day in a note is read with the day before the month."


@dataclass
class Group:
    """One examination: the request it follows, its order, its observations and its notes."""

    request: Segment
    order: Segment | None = None
    observations: list[Segment] = field(default_factory=list)
    notes: list[Segment] = field(default_factory=list)


def events(
    segments: list[Segment], is_result: bool, notes: list[str], *, at: str, apart: Segment | None
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """The events, and what the message is about. Nothing is taken from `apart`, the segment that has no end."""
    groups, header = _groups(segments), segments[0]
    told: list[dict[str, Any]] = []
    for group in groups:
        if is_result:
            told += _of_result(group, header, notes)
            told += [one for note in group.notes if note is not apart for one in _alerts(note)]
        else:
            told += _of_order(group, header, notes)
    for one in told:
        one["place"] = f"{at}{one['place']}"
    return told, _about(groups, segments, is_result)


def _groups(segments: list[Segment]) -> list[Group]:
    groups: list[Group] = []
    order = None
    for segment in segments:
        if segment.name == "ORC":
            order = segment
        elif segment.name == "OBR":
            groups.append(Group(segment, order))
            order = None
        elif groups and segment.name == "OBX":
            groups[-1].observations.append(segment)
        elif groups and segment.name == "NTE":
            groups[-1].notes.append(segment)
    return groups


def _about(groups: list[Group], segments: list[Segment], is_result: bool) -> dict[str, Any]:
    requests = [group.request for group in groups]
    names = dict.fromkeys(one.part(4, 2) or one.part(4) for one in requests)
    numbers = dict.fromkeys(n for one in requests for n in (one.part(18), one.part(3), one.part(19)) if n)
    uids = [o.part(5) for group in groups for o in group.observations if o.part(3) == "113014"]
    uids += [segment.part(1) for segment in segments if segment.name == "ZDS"]
    return {
        "about": cleaned(", ".join(filter(None, names))),
        "numbers": list(numbers)[:6],
        "study_uid": next(filter(None, uids), ""),
        "status": ", ".join(dict.fromkeys(s for group in groups if is_result for s in _statuses(group))),
    }


def _of_result(group: Group, header: Segment, notes: list[str]) -> Iterator[dict[str, Any]]:
    request = group.request
    if when := _time(request, 7, notes):
        yield event("performed", when, request.place(7), _called(request))
    words = _words(group)
    given, statuses = request.part(25), _statuses(group)
    if given and given not in REPORTS and given not in NO_REPORT:
        notes.append(
            f"{request.place(25)} says “{given[:20]}”, which is no status of a report:"
            " that of its findings (OBX-11) counts."
        )
    if not statuses:
        notes.append(
            f"{request.place(25)} and the findings have no status of a report: no report is proposed."
        )
    for kind in dict.fromkeys(REPORTS[status] for status in statuses):
        own = [ADDENDUM] if kind == "corrected" and "A" in statuses else []
        when, place, late = _reported(request, header, notes)
        if when:
            yield event(kind, when, place, words, [*late, *own])


def _words(group: Group) -> str:
    """What the report says: its findings, without what only identifies images."""
    told = (one.text(5) for one in group.observations if one.part(2) in WORDS)
    return prose("\n".join(each for each in told if not re.fullmatch(r"[0-9.]{12,64}", each)))


def _statuses(group: Group) -> list[str]:
    """The status of the report, or those of its findings; beside a final report, a finding corrected in it."""
    found = list(dict.fromkeys(s for one in group.observations if (s := one.part(11)) in REPORTS))
    given = group.request.part(25)
    if given in REPORTS:
        return [given, *(s for s in found if given == "F" and REPORTS[s] == "corrected")]
    return found if given not in NO_REPORT else []


def _reported(
    request: Segment, header: Segment, notes: list[str]
) -> tuple[dict[str, str] | None, str, list[str]]:
    if when := _time(request, 22, notes):
        return when, request.place(22), []
    return _time(header, 7, notes), "MSH-7", [LATE]


def _of_order(group: Group, header: Segment, notes: list[str]) -> Iterator[dict[str, Any]]:
    order, words = group.order, _called(group.request)
    control = order.part(1) if order else "NW"
    kinds = {"NW": "requested", "OK": "request_received", "CA": "other", "OC": "other", "DC": "other"}
    if control in kinds:
        when = _time(order, 9, notes) if order else None
        place = order.place(9) if order and when else "MSH-7"
        late = [] if when else ["ORC-9 says nothing: this is when the message was sent."]
        if when := when or _time(header, 7, notes):
            ended = "Taken back: " if kinds[control] == "other" else ""
            yield event(kinds[control], when, place, f"{ended}{words}", late)
    else:
        notes.append(f"ORC-1 says “{control[:20]}”: no row is proposed from such an order.")
    if when := _time(group.request, 14, notes):
        yield event("request_received", when, group.request.place(14), words)


def _called(request: Segment) -> str:
    return request.part(4, 2) or request.part(4)


def _time(segment: Segment, number: int, notes: list[str]) -> dict[str, str] | None:
    """The time in a field; None where there is none. What is there and is no time is said in a note, once."""
    given = segment.part(number)
    told = moment(given, HL7_TIME)
    if given and told is None:
        place = f"MSH-{number}" if segment.name == "MSH" else segment.place(number)
        note = f"{place} says “{given[:40]}”, which is no time the standard knows."
        notes += [] if note in notes else [note]
    return told


def _alerts(note: Segment) -> Iterator[dict[str, Any]]:
    """What a note to a result says of an alert, where it says when."""
    words = note.text(3)
    for kind, written in ALERTS.items():
        if found := written.search(words):
            figures = found.groups()
            day, month, year, hour, minute = (part.zfill(2) if part else "" for part in figures)
            if when := moment(f"{year}{month}{day}{hour}{minute}", HL7_TIME):
                yield event(kind, when | {"given": found.group()[-40:]}, note.place(3), words, [DAY_FIRST])
