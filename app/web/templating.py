"""What every template may say: filters that format, and `may`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any

from flask import Flask, current_app, g, render_template, request
from jinja2 import Environment, PackageLoader, PrefixLoader, StrictUndefined

from app import policy
from app.allegations.models import Precision
from app.complaints.models import Complaint
from app.consents import minding
from app.core import clock
from app.core.text import file_size
from app.database import db
from app.people.models import Person
from app.people.nhs_number import grouped
from app.policy import Permission
from app.reference import lists
from app.timeline.words import when
from app.web.asked import words_asked
from app.web.identity import is_signed_in, signed_in
from config import Office

#: What the navigation offers: the endpoint, its words, and what it takes to be shown it.
NAVIGATION = (
    ("caseload.my_work", "My work", Permission.CASE_LIST),
    ("risk.search", "Urgent", Permission.ALERT_ACKNOWLEDGE),
    ("enquiries.search", "Enquiries", Permission.ENQUIRY_VIEW),
    ("caseload.search", "Caseload", Permission.COMPLAINT_LIST),
    ("recommendations.search", "Recommendations", Permission.RECOMMENDATION_LIST),
    ("people.search", "People", Permission.PERSON_VIEW),
    ("organisations.search", "Organisations", Permission.ORGANISATION_VIEW),
    ("reference.index", "Lists", Permission.REFERENCE_VIEW),
    ("accounts.search", "Accounts", Permission.ACCOUNT_MANAGE),
    ("integrity.search", "Store", Permission.INTEGRITY_SETTLE),
    ("portal.home", "What waits for you", Permission.TRUST_VIEW),
)


def home_endpoint() -> str:
    """Where somebody begins: with what waits for them, through their own door."""
    if not is_signed_in():
        return "accounts.sign_in"
    mine = (endpoint for endpoint, _words, permission in NAVIGATION if policy.may(signed_in(), permission))
    return next(mine, "accounts.oneself")


def long_date(value: date | str | None, precision: str | None = None) -> str:
    """A day as people write it, no more exactly than it is known; days may come in ISO 8601."""
    if not value:
        return ""
    day = date.fromisoformat(value[:10]) if isinstance(value, str) else value
    match precision:
        case Precision.YEAR:
            return f"{day:%Y}"
        case Precision.MONTH:
            return f"{day:%B %Y}"
        case Precision.ABOUT:
            return f"about {day.day} {day:%B %Y}"
    return f"{day.day} {day:%B %Y}"


def long_instant(value: datetime | str | None) -> str:
    """An instant as a clock in London showed it."""
    if not value:
        return ""
    instant = datetime.fromisoformat(value) if isinstance(value, str) else value
    there = instant.astimezone(clock.LONDON)
    return f"{there.day} {there:%B %Y}, {there:%H:%M}"


def receipt(value: datetime | str | None) -> str:
    """When something was received: the day alone where its time is not known, and so is the start of the day."""
    if not value:
        return ""
    instant = datetime.fromisoformat(value) if isinstance(value, str) else value
    there = instant.astimezone(clock.LONDON)
    return long_instant(instant) if there.time() != time() else long_date(there.date())


def said(value: Any) -> str:
    """A value of the record in words: days and instants written out, terms without their underscores."""
    if value is None or value == "":
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    words = str(value)
    if re.fullmatch(r"\d{4}-\d\d-\d\d", words):
        return long_date(words)
    if re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:.]+(\+\d\d:\d\d)", words):
        return long_instant(words)
    return words.replace("_", " ") if re.fullmatch("[a-z_]+", words) else words


def short_day(value: datetime) -> str:
    """The day of an instant in London, short enough for a list."""
    there = value.astimezone(clock.LONDON)
    return f"{there.day} {there:%b %Y}"


def days_old(value: datetime) -> str:
    """How long ago an instant was, in whole days of London's calendar."""
    days = (clock.today() - clock.day_of(value)).days
    return "today" if days == 0 else f"{days:,} {'day' if days == 1 else 'days'}"


def days_from_today(value: date) -> str:
    """How far a day is from today, in words."""
    days = (value - clock.today()).days
    if days == 0:
        return "today"
    ago, count = days < 0, abs(days)
    words = f"{count:,} day" if count == 1 else f"{count:,} days"
    return f"{words} ago" if ago else f"in {words}"


def days_later(value: datetime, days: int) -> date:
    """The day in London that is so many days after an instant."""
    return clock.day_of(value) + timedelta(days=days)


def failure_name(code: str) -> str:
    """A failure code in words."""
    failure = lists.taxonomy().failure(code)
    return failure.name if failure else "No longer in the list"


def modality_name(code: str) -> str:
    """A modality code in the words of the list; nothing for an unknown one."""
    modality = lists.modalities().get(code)
    return modality.name if modality else ""


def consent_scope(key: str) -> str:
    """What can be consented to, in the words of the list."""
    scope = lists.consent_scopes().get(key)
    return scope.words if scope else key.replace("_", " ")


def browser_name(said: str) -> str:
    """The browser and the system that such words of a browser are of, as people call them."""
    browser = next((name for mark, name in _BROWSERS if mark in said), said[:60])
    system = next((name for mark, name in _SYSTEMS if mark in said), "")
    return f"{browser} on {system}" if system else browser


#: By what a browser and a system are told from others: of several marks, the first counts.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


_library = Environment(
    loader=PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}), autoescape=True
)


@cache
def _component(name: str) -> Any:
    macro = "govuk" + "".join(word.capitalize() for word in name.split("-"))
    return getattr(_library.get_template(f"govuk_frontend_jinja/components/{name}/macro.html").module, macro)


def govuk(name: str, **parameters: Any) -> Any:
    """A GOV.UK component by its name, such as `error-summary`, with the parameters its pages document."""
    return _component(name)(parameters)


def office_name() -> str:
    """What this office calls itself."""
    return str(current_app.config["OFFICE_NAME"])


def may(permission: str, record: Any = None) -> bool:
    """Whether whoever reads the page may do this to this record: what decides whether a button is shown."""
    return is_signed_in() and policy.may(signed_in(), Permission(permission), record)


def minded_in(complaint: Complaint) -> minding.Minded:
    """What has to be minded about the people in a complaint; asked once for a page."""
    known: dict[int, minding.Minded] = g.setdefault("minded", {})
    if complaint.id not in known:
        known[complaint.id] = minding.minded_in(db.session, complaint, clock.today())
    return known[complaint.id]


def need_of(person: Person) -> minding.Need:
    """What somebody needs who is in no complaint yet."""
    return minding.need_of(db.session, person)


def care_taken() -> bool:
    """Whether whoever wants to print this has said that they read what to take care of."""
    return words_asked("care") == "taken"


def addressee_asked() -> str:
    """The key of the one whose paper is asked for."""
    return words_asked("to")


def page_beside(template: str, complaint: Complaint, **more: object) -> str:
    """A page beside a complaint: within its case, once there is one."""
    return render_template(template, complaint=complaint, case=complaint.case, day=clock.today(), **more)


def page_of(rows: Sequence[Any], size: int) -> Sequence[Any]:
    """The rows that this page shows, of rows that may hold one more to say that there is a next page."""
    return rows[:size]


def init_app(app: Flask) -> None:
    environment = app.jinja_env
    environment.trim_blocks = environment.lstrip_blocks = True
    environment.undefined = StrictUndefined  # a misspelt name fails here; the library's own need it lenient
    environment.globals |= {
        "govuk": govuk,
        "may": may,
        "today": clock.today,
        "office_name": office_name,
        "minded_in": minded_in,
        "need_of": need_of,
        "care_taken": care_taken,
        "addressee_asked": addressee_asked,
    }
    for filtering in (
        said,
        long_date,
        long_instant,
        receipt,
        short_day,
        days_old,
        days_from_today,
        days_later,
        file_size,
        failure_name,
        modality_name,
        consent_scope,
        browser_name,
        page_of,
        when,
    ):
        environment.filters[filtering.__name__] = filtering
    environment.filters["nhs_number"] = grouped

    @app.context_processor
    def words() -> dict[str, Any]:
        return {
            "account": signed_in() if is_signed_in() else None,
            "navigation": [item for item in NAVIGATION if may(item[2])],
            "is_demonstration": current_app.config["OFFICE"] is Office.DEMONSTRATION,
            "has_single_sign_on": bool(current_app.config["OIDC_ISSUER"]),
            "now": clock.now(),
            "endpoint": request.endpoint or "",
            "home_endpoint": home_endpoint(),
            "request_number": g.get("request_id", ""),
        }
