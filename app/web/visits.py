"""Reading leaves a record: what was opened, searched, downloaded or refused, by whom and from where.

Entries are noted while a request is answered and written before its first byte goes out, on a
short transaction of their own, together with the moment the sign-in was last used. These two are
all that a GET may write.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from flask import Flask, Response, g, request

from app.accounts import sessions
from app.accounts.models import AccountSession
from app.audit.models import Access, AccessEntry
from app.audit.record import request_id
from app.core import clock
from app.database import db


@dataclass(frozen=True)
class Visitor:
    """Who is making this request, as plain values that outlive the database session."""

    account_id: int
    session_id: int
    roles: str
    last_seen_at: datetime


def arrived(signed_in: AccountSession) -> None:
    """Say whose request this is."""
    account = signed_in.account
    g.visitor = Visitor(account.id, signed_in.id, " ".join(sorted(account.roles)), signed_in.last_seen_at)


def note(kind: Access, subject: str) -> None:
    """Note something for the access log."""
    g.visits.append((kind, subject))


def goes_on() -> None:
    """Keep nothing of this request: it goes on with one that was kept when it began."""
    g.visits = []


def init_app(app: Flask) -> None:
    @app.before_request
    def name_the_request() -> None:
        g.visits, g.request_id = [], secrets.token_hex(8)
        request_id.set(g.request_id)

    @app.after_request
    def keep_visits(response: Response) -> Response:
        visitor: Visitor | None = g.get("visitor")
        was_away = visitor and clock.wall() - visitor.last_seen_at >= sessions.SEEN_EVERY
        if not g.get("visits") and not was_away:
            return response
        db.close()  # it has done its work, and may hold the write lock
        with db.aside() as session:
            if visitor and was_away:
                sessions.see(session, visitor.session_id)
            session.add_all(_entry(kind, subject, visitor) for kind, subject in g.visits)
        g.visits = []
        return response


def _entry(kind: Access, subject: str, visitor: Visitor | None) -> AccessEntry:
    return AccessEntry(
        kind=kind,
        subject=subject[:200],
        reference=(request.view_args or {}).get("reference"),
        page=request.endpoint or "",
        account_id=visitor and visitor.account_id,
        session_id=visitor and visitor.session_id,
        roles=visitor.roles if visitor else "",
        address=request.remote_addr,
        request_id=g.request_id,
    )
