"""Which lists an office may change on pages, and of which columns each is made; and which it may not."""

from __future__ import annotations

from collections.abc import Mapping

from app.core.errors import NotFound
from app.reference import checks
from app.reference.columns import Column, Holds
from app.reference.editable import EditableList
from app.reference.files import shipped
from app.reference.rows import (
    Band,
    ConsentScope,
    DayOff,
    Factor,
    Failure,
    Ground,
    Modality,
    RequestedItem,
    ScriptLine,
    Standard,
)

_UNVERIFIED = (
    Column("unverified", "What has not been checked against a source", Holds.PROSE, "Pages show it."),
    Column("source", "What it was checked against", Holds.PROSE, "Where and when it was read."),
)
_ENDED = Column(
    "ended", "It is no longer offered", Holds.YES_NO, "What bears it keeps it, and it can be read for good."
)
_KEY = Column(
    "key",
    "Key",
    hint="A word in small letters. It never changes.",
    required=True,
    fixed=True,
    pattern="[a-z][a-z0-9_]{0,39}",
    otherwise="Write the key in small letters, figures and underscores.",
)
CALENDAR = "calendar"
_CLOSED = "It stands in records, so it is never removed and never comes to mean something else: end it and add another."

LISTS: Mapping[str, EditableList] = {
    one.key: one
    for one in (
        EditableList(
            "failures",
            "Failures along the imaging pathway",
            "From referral to learning: what can go wrong, and where",
            Failure,
            (
                Column(
                    "code",
                    "Code",
                    hint="The letter of the pathway step and a number, such as J8. It never changes.",
                    required=True,
                    fixed=True,
                    pattern="[A-Z][1-9][0-9]?",
                    otherwise="Write the letter of a pathway step and a number, such as J8.",
                ),
                Column("name", "What goes wrong", required=True),
                Column("themes", "Themes", Holds.NAMES, "Numbers 1 to 4, with commas between.", numbers=True),
                Column("standards", "Standards", Holds.NAMES, "Their keys, with commas between."),
                Column("cite", "What to cite", Holds.PROSE),
                *_UNVERIFIED,
                _ENDED,
            ),
            f"A code. {_CLOSED} The pathway steps and the four themes are the report’s.",
            lambda: (row for step in shipped("failures")["step"] for row in step["failure"]),
            checks.failures,
            endpoint="reference.failures",
        ),
        EditableList(
            "standards",
            "Standards",
            "What a finding may measure against, and on which days it was in force",
            Standard,
            (
                Column(
                    "key",
                    "Key",
                    hint="Short, in capitals, such as NG12. It never changes.",
                    required=True,
                    fixed=True,
                    pattern=r"[A-Z0-9][A-Z0-9().-]{1,39}",
                    otherwise="Write the key in capitals and figures, with hyphens if need be.",
                ),
                Column("title", "Title", Holds.PROSE, required=True),
                Column("publisher", "Publisher", required=True),
                Column(
                    "in_force_from", "In force from", Holds.DAY, "Leave it empty if the day is not known."
                ),
                Column(
                    "in_force_to",
                    "In force to",
                    Holds.DAY,
                    "The last day. Leave it empty while it is in force.",
                ),
                Column(
                    "precision",
                    "How exactly the first day is known",
                    Holds.ONE_OF,
                    choices={"day": "To the day", "month": "Only the month", "year": "Only the year"},
                ),
                Column(
                    "cite_for",
                    "Cite it for",
                    Holds.NAMES,
                    "Letters of steps or failure codes, with commas between.",
                ),
                Column(
                    "clauses",
                    "Clauses",
                    Holds.CLAUSES,
                    "One in a line: reference | gist. Our own words, never its text.",
                ),
                *_UNVERIFIED,
                _ENDED,
            ),
            f"A key. {_CLOSED} A new edition is a new entry, and the old one gets a last day.",
            lambda: (
                {"precision": "day"} | row | {"clauses": row.get("clause", [])}
                for row in shipped("standards")["standard"]
            ),
            checks.standards,
            endpoint="reference.standards",
        ),
        EditableList(
            "severity",
            "Severity of injustice",
            "Six levels, and the range of money that goes with each",
            Band,
            (
                Column("level", "Level", Holds.WHOLE, required=True, fixed=True),
                Column("name", "Name", required=True),
                Column("from_pounds", "From, in pounds", Holds.WHOLE, "Leave both empty for no payment."),
                Column(
                    "to_pounds", "To, in pounds", Holds.WHOLE, "Leave it empty if there is no upper limit."
                ),
                *_UNVERIFIED,
            ),
            "The six levels: findings keep them, and the initial check asks from level 3 on.",
            lambda: shipped("severity")["band"],
            checks.bands,
            may_grow=False,
            endpoint="reference.severity",
        ),
        EditableList(
            "factors",
            "Contributory factors",
            "What lay behind a failing",
            Factor,
            (_KEY, Column("name", "Name", required=True), _ENDED),
            f"A key. {_CLOSED}",
            lambda: shipped("factors")["factor"],
            endpoint="reference.factors",
        ),
        EditableList(
            "modalities",
            "Kinds of imaging",
            "DICOM modality codes, in words people use",
            Modality,
            (
                Column(
                    "code",
                    "DICOM code",
                    required=True,
                    fixed=True,
                    pattern="[A-Z0-9]{1,16}",
                    otherwise="Write the DICOM code in capitals and figures.",
                ),
                Column("name", "Name", required=True),
                Column("plain", "In short", required=True),
                _ENDED,
            ),
            f"A code: it is DICOM’s. {_CLOSED}",
            lambda: shipped("modalities")["modality"],
            endpoint="reference.modalities",
        ),
        EditableList(
            "remit",
            "Ours, or whose instead",
            "Why something is ours to look into, and who can help if it is not",
            Ground,
            (
                _KEY,
                Column("name", "What it is", required=True),
                Column("basis", "By", hint="The section of the Act, or what else says so."),
                Column("ours", "It is ours to look into", Holds.YES_NO, fixed=True),
                Column("signpost", "Who can help instead", Holds.PROSE),
                *_UNVERIFIED,
                _ENDED,
            ),
            f"Whether a ground is ours, and its key. {_CLOSED}",
            lambda: shipped("remit")["ground"],
            checks.grounds,
            endpoint="reference.legal_tests",
        ),
        EditableList(
            "consents",
            "What a person can consent to",
            "Asked when a consent is written down",
            ConsentScope,
            (
                _KEY,
                Column("words", "Words", Holds.PROSE, required=True),
                Column("acts", "It lets somebody else act for them", Holds.YES_NO, fixed=True),
                Column("say_what", "It is asked what exactly", Holds.YES_NO),
                _ENDED,
            ),
            f"Whether it lets somebody else act, and its key. {_CLOSED}",
            lambda: shipped("consents")["scope"],
        ),
        EditableList(
            "request_items",
            "What organisations are asked for",
            "The items of a request for evidence, with the sentence for each",
            RequestedItem,
            (
                _KEY,
                Column("name", "What it is", required=True),
                Column(
                    "words",
                    "Words",
                    Holds.PROSE,
                    "{when} is filled in with the days of what is alleged.",
                    required=True,
                ),
                Column("usual", "It is ticked to begin with", Holds.YES_NO),
                Column(
                    "asks_in_force",
                    "It has to have been in force at the time",
                    Holds.YES_NO,
                    "Whoever records that it came says from when until when it was.",
                    fixed=True,
                ),
                Column("events_from", "Ticked for events from", Holds.DAY, "Leave it empty for all."),
                Column("events_to", "Ticked for events until", Holds.DAY, "Leave it empty for all."),
                *_UNVERIFIED,
                _ENDED,
            ),
            f"Whether it has to have been in force, and its key. {_CLOSED} What was sent keeps its words.",
            lambda: shipped("request_items")["item"],
            checks.requested,
        ),
        EditableList(
            "urgent",
            "What is said when a health risk is urgent",
            "The words for whoever takes the call, in order",
            ScriptLine,
            (_KEY, Column("words", "Words", Holds.PROSE, required=True), *_UNVERIFIED, _ENDED),
            "The order of the lines.",
            lambda: shipped("urgent")["line"],
        ),
        EditableList(
            CALENDAR,
            "Days the office counts otherwise",
            "A bank holiday more or less, or a day on which the office is closed",
            DayOff,
            (
                Column("day", "Day", Holds.DAY, required=True, fixed=True),
                Column(
                    "kind",
                    "What it is",
                    Holds.ONE_OF,
                    required=True,
                    choices=checks.KINDS_OF_DAY,
                ),
                Column("name", "Name", hint="Such as “Bank holiday for a state funeral”.", required=True),
                _ENDED,
            ),
            "The calendar of England itself, which comes with the service: days are counted by it, and no other"
            " calendar is kept. Deadlines that are met keep their day: what still runs is counted again.",
            lambda: shipped(CALENDAR).get("day", ()),
            checks.days,
            endpoint="reference.days",
            at_once=True,
        ),
    )
}


def named(key: str) -> EditableList:
    """The list of that key. Raises `NotFound` for one that no office changes."""
    if key not in LISTS:
        raise NotFound("There is no list of that name that can be changed here.")
    return LISTS[key]


#: Lists that come with a release and that no page changes, with the reason.
FIXED: Mapping[str, str] = {
    "legal_tests": "The law asks the tests of the initial check, and the service computes what they are answered from.",
    "clocks": "The clocks are counted by the service, most of them by the Act: a change of one is a release.",
    "stages": "What the stages are called is read when the service starts.",
    "timeline": "Intervals are computed from the events by their keys: a change of one is a release.",
    "spellings": "Spellings that are searched as one are part of the search index.",
}
