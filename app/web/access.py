"""The ways a route can be reached. Every route bears exactly one of these marks.

A mark gets the record by permission and hands it to the view, so that no view can have a record
it may not act on; and it notes for the access log that the record was opened.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app import policy
from app.audit.models import Access
from app.casefile import openings
from app.complaints.models import Complaint
from app.core.errors import NotFound
from app.core.text import clean
from app.database import SAFE_METHODS, db
from app.people import queries as people
from app.people.models import Person
from app.policy import Permission
from app.policy.visibility import ABSENT
from app.web import kept, visits
from app.web.identity import (
    is_fresh,
    is_known,
    is_signed_in,
    login_manager,
    signed_in,
    signed_in_session_id,
)

View = Callable[..., ResponseReturnValue]


def with_complaint(
    permission: Permission, *, asks_why: bool = True, kind: Access = Access.OPENED
) -> Callable[[View], View]:
    """For routes under `/complaints/<reference>`: calls the view with the complaint, and notes it as `kind`."""

    def given(reference: str, **rest: Any) -> dict[str, Any]:
        complaint = policy.access_complaint(db.session, signed_in(), reference, permission)
        return {"complaint": complaint, **rest}

    return _guarded(permission, given, kind, asks_why=asks_why)


def with_case(permission: Permission) -> Callable[[View], View]:
    """For routes under `/cases/<reference>`: calls the view with the case."""

    def given(reference: str, **rest: Any) -> dict[str, Any]:
        return {"case": policy.access_case(db.session, signed_in(), reference, permission), **rest}

    return _guarded(permission, given, Access.OPENED)


def with_person(permission: Permission) -> Callable[[View], View]:
    """For routes under `/people/<key>`: calls the view with the person."""

    def given(key: str, **rest: Any) -> dict[str, Any]:
        policy.require(signed_in(), permission)
        return {"person": people.by_key(db.session, signed_in(), key), **rest}

    return _guarded(permission, given, Access.OPENED)


def with_document(permission: Permission, *, kind: Access = Access.DOWNLOADED) -> Callable[[View], View]:
    """For routes that read one document: calls the view with it, and notes a download, or what `kind` says."""

    def given(key: str, reference: str | None = None, **rest: Any) -> dict[str, Any]:
        document = policy.access_document(db.session, signed_in(), key, permission)
        if reference is not None and document.case.reference != reference:
            raise NotFound(ABSENT)
        return {"document": document, **rest}

    return _guarded(permission, given, kind)


def with_recommendation(permission: Permission) -> Callable[[View], View]:
    """For routes under `…/<reference>/<number>`: calls the view with the recommendation."""

    def given(reference: str, number: int, **rest: Any) -> dict[str, Any]:
        found = policy.access_recommendation(db.session, signed_in(), reference, number, permission)
        return {"recommendation": found, **rest}

    return _guarded(permission, given, Access.OPENED)


def with_concern(permission: Permission) -> Callable[[View], View]:
    """For routes under `/concerns/<key>`: calls the view with the concern, and notes that it was read."""

    def given(key: str, **rest: Any) -> dict[str, Any]:
        return {"concern": policy.access_concern(db.session, signed_in(), key, permission), **rest}

    return _guarded(permission, given, Access.OPENED, asks_why=False)


def requires(permission: Permission) -> Callable[[View], View]:
    """For routes that are not about one record: lists, searches, and forms that make a new one."""

    def given(**arguments: Any) -> dict[str, Any]:
        policy.require(signed_in(), permission)
        return arguments

    return _guarded(permission, given, Access.LISTED)


def for_oneself(because: str) -> Callable[[View], View]:
    """For what everybody who signs in may do about themselves. The reason is for whoever reviews it."""
    return _guarded(because, lambda **arguments: arguments, Access.OPENED)


def on_the_way_in(because: str) -> Callable[[View], View]:
    """For what somebody may do whose password was right, before they show the second factor as well as after.

    A page with this mark shows no casework, and gives nobody what they could not have anyway.
    """

    def mark(view: View) -> View:
        @wraps(view)
        def guarded(**arguments: Any) -> ResponseReturnValue:
            if not is_known():
                return login_manager.unauthorized()
            visits.note(Access.OPENED if request.method in SAFE_METHODS else Access.SENT, "")
            return view(**arguments)

        guarded.access = because  # type: ignore[attr-defined]
        guarded.is_on_the_way_in = True  # type: ignore[attr-defined]
        return guarded

    return mark


def freshly_signed_in(*, to_read: bool = False) -> Callable[[View], View]:
    """Beside an access mark, below it: for what is asked anew of whoever was signed in a while ago.

    Whoever wants to send such a form shows again that it is them, and carries on with what they typed.
    With `to_read`, looking is enough: for downloads.
    """

    def mark(view: View) -> View:
        @wraps(view)
        def fresh(**arguments: Any) -> ResponseReturnValue:
            is_reading = request.method in SAFE_METHODS
            if is_fresh() or (is_reading and not to_read):
                return view(**arguments)
            if is_reading:
                return redirect(url_for("accounts.confirm", next=kept.this_page()))
            return kept.confirm_page()

        fresh.is_fresh = True  # type: ignore[attr-defined]
        return fresh

    return mark


def open_to_all(because: str) -> Callable[[View], View]:
    """For the few routes that need no account. The reason is for whoever reviews the route."""

    def mark(view: View) -> View:
        view.access = because  # type: ignore[attr-defined]
        return view

    return mark


def _guarded(
    access: Permission | str,
    given: Callable[..., dict[str, Any]],
    kind: Access,
    *,
    asks_why: bool = True,
) -> Callable[[View], View]:
    def mark(view: View) -> View:
        @wraps(view)
        def guarded(**arguments: Any) -> ResponseReturnValue:
            if not is_signed_in():
                return login_manager.unauthorized()
            handed_over = given(**arguments)
            complaint = _owing(handed_over) if asks_why else None
            if complaint is not None:
                wanted = kept.this_page() if request.method in SAFE_METHODS else None
                return redirect(url_for("casefile.say_why", reference=complaint.reference, next=wanted))
            visits.note(kind if request.method in SAFE_METHODS else Access.SENT, _subject(arguments))
            return view(**handed_over)

        guarded.access = access  # type: ignore[attr-defined]
        return guarded

    return mark


def _owing(handed_over: dict[str, Any]) -> Complaint | None:
    """The complaint of which this person has still to say why they open it; None if there is none.

    Of somebody known only through what is restricted, what is kept is not shown either before that.
    """
    person = handed_over.get("person")
    if isinstance(person, Person):
        through = people.known_through(db.session, signed_in(), person)
        return through[0] if through and all(map(_owes_a_reason, through)) else None
    complaint = _complaint_in(handed_over)
    return complaint if complaint is not None and _owes_a_reason(complaint) else None


def _complaint_in(handed_over: dict[str, Any]) -> Complaint | None:
    """The complaint that what is handed over is about, if it is about one."""
    for record in handed_over.values():
        if isinstance(record, Complaint):
            return record
        about = getattr(record, "complaint", None) or getattr(record, "case", None)
        if about is not None:
            return about if isinstance(about, Complaint) else about.complaint
    return None


def _owes_a_reason(complaint: Complaint) -> bool:
    """Whether this person has still to say why they open it, before they see any of it."""
    return openings.is_owed(
        db.session,
        signed_in(),
        signed_in_session_id(),
        complaint,
        whenever_not_mine=current_app.config["REASONS_TO_OPEN"] == "not-mine",
    )


def _subject(arguments: dict[str, Any]) -> str:
    """What the address names, and what it asks for after its question mark."""
    asked = (f"{name}={value}" for name, value in request.args.items() if request.method in SAFE_METHODS)
    return clean(" ".join([*map(str, arguments.values()), *asked]))
