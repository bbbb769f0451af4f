"""What the letters of a request say, put together once, when one goes out, and kept with it as it went out."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from app.allegations.models import Allegation, Precision
from app.cases.models import Case
from app.consents.scopes import concerned
from app.contacts.models import Contact, ContactKind
from app.contacts.queries import known_at
from app.core import clock
from app.organisations.models import Organisation
from app.reference.lists import requested_items
from app.reference.rows import RequestedItem
from app.requests.models import EvidenceRequest, ItemState, StepKind

#: What stands for days where nobody knows them.
NO_DAYS = "the time of the events complained about"


def content_of(session: Session, request: EvidenceRequest, kind: StepKind) -> dict[str, Any]:
    """The particulars of a letter as of now: to whom, about whom, and what is wanted still.

    Of people: the name and the date of birth of whoever it concerns, as records are found by these; no more.
    """
    officer = link_officer_of(session, request.organisation)
    is_officer = officer is not None and request.addressed_to in {"", officer.name}
    return {
        "to": request.addressed_to or (officer.name if officer else ""),
        "post": officer.post or officer.kind.label if officer and is_officer else "",
        "organisation": request.organisation.name,
        "address": (officer.address if officer and is_officer else "") or request.organisation.address,
        "reference": request.case.reference,
        "their_references": sorted(
            {one.organisation_reference for one in about(request) if one.organisation_reference}
        ),
        "people": [
            {"name": person.name, "born_on": person.born_on.isoformat() if person.born_on else ""}
            for person in concerned(request.case.complaint.parties)
        ],
        "items": [
            {
                "number": item.number,
                "name": item.name,
                "words": item.words,
                "in_part": item.state is ItemState.IN_PART,
            }
            for item in request.wanted
        ],
        "before": [
            {"kind": step.kind.label, "on": step.taken_on.isoformat(), "due_on": _iso(step.due_on)}
            for step in request.steps
        ]
        if kind is not StepKind.REQUEST
        else [],
    }


def link_officer_of(session: Session, organisation: Organisation) -> Contact | None:
    """Whom to write to at an organisation today, if that is known."""
    now = known_at(session, organisation, clock.today()).now
    return next((one for one in now if one.kind is ContactKind.LINK_OFFICER), None)


def about(request: EvidenceRequest) -> list[Allegation]:
    """The allegations that were accepted against the organisation that is asked."""
    return against(request.case, request.organisation)


def against(case: Case, organisation: Organisation) -> list[Allegation]:
    return [one for one in case.allegations if one.organisation_id == organisation.id]


def filled_in(words: str, allegations: list[Allegation]) -> str:
    """The sentence of an item with the days of what is alleged."""
    days = dict.fromkeys(
        _as_known(one.event_on, one.event_precision) for one in allegations if one.event_on is not None
    )
    return words.replace("{when}", " and ".join(days) or NO_DAYS)


def usual(allegations: list[Allegation]) -> list[str]:
    """The items that are ticked to begin with, for events of these days."""
    offered = (item for item in requested_items().values() if item.usual and not item.ended)
    return [item.key for item in offered if _is_of_those_days(item, allegations)]


def _is_of_those_days(item: RequestedItem, allegations: list[Allegation]) -> bool:
    periods = [one.event_period for one in allegations if one.event_period]
    if not periods:
        return True
    return any(
        (item.events_from is None or item.events_from <= last)
        and (item.events_to is None or first <= item.events_to)
        for first, last in periods
    )


def _as_known(day: date, precision: Precision | None) -> str:
    match precision:
        case Precision.YEAR:
            return f"{day:%Y}"
        case Precision.MONTH:
            return f"{day:%B %Y}"
        case Precision.ABOUT:
            return f"about {day.day} {day:%B %Y}"
    return f"{day.day} {day:%B %Y}"


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""
