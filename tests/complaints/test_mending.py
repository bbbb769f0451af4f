"""The page that mends what was logged: it is drawn from what is there, to the second."""

from __future__ import annotations

from datetime import date, time, timedelta

from sqlalchemy import func, select

from app.accounts.models import Role
from app.audit.models import AuditEntry
from app.core import clock
from tests.web import Form


def as_drawn(client, page, complaint):
    """What the form of the page is drawn with; `Form` puts something into what is empty."""
    drawn = {name: value.decode() for name, value in Form(client.get(page).text).fields}
    empty = {"wanted": "", **{f"body_received_on-{part}": "" for part in ("day", "month", "year")}}
    return drawn | empty | {"channel": complaint.channel.value}


def test_saving_what_was_logged_without_a_change_changes_nothing(reader, session, make):
    client, _account = reader(Role.CASEWORKER)
    received_at = clock.now() - timedelta(days=12, seconds=7)
    complaint = make.complaint(received_at=received_at, made_on=clock.day_of(received_at))
    session.commit()
    page = f"/complaints/{complaint.reference}/change"
    drawn = as_drawn(client, page, complaint)
    before = session.scalar(select(func.count(AuditEntry.id)))

    answer = client.post(page, data=drawn)

    assert answer.status_code == 302
    session.expire_all()
    assert complaint.received_at == received_at
    assert session.scalar(select(func.count(AuditEntry.id))) == before


def test_another_day_of_receipt_is_kept_as_it_was_typed(reader, session, make):
    client, _account = reader(Role.CASEWORKER)
    complaint = make.complaint(made_on=clock.today() - timedelta(days=40))
    session.commit()
    page = f"/complaints/{complaint.reference}/change"
    drawn = as_drawn(client, page, complaint)
    day = clock.today() - timedelta(days=33)
    typed = {"received_on-day": day.day, "received_on-month": day.month, "received_on-year": day.year}

    client.post(page, data=drawn | typed | {"received_time": "14:05"})

    session.expire_all()
    there = complaint.received_at.astimezone(clock.LONDON)
    assert (there.date(), f"{there:%H:%M:%S}") == (day, "14:05:00")


def test_a_time_of_receipt_that_is_not_known_is_shown_as_the_day_alone(reader, session, make):
    client, _account = reader(Role.CASEWORKER)
    day = date(2026, 3, 2)
    unknown = make.complaint(received_at=clock.instant_of(day, time()), made_on=day)
    known = make.complaint(received_at=clock.instant_of(day, time(14, 5)), made_on=day)
    session.commit()

    shown, other = (client.get(f"/complaints/{one.reference}").text for one in (unknown, known))
    assert ("2 March 2026, 14:05" in other, "2 March 2026" in shown) == (True, True)
    assert "00:00" not in shown
    page = f"/complaints/{unknown.reference}/change"
    drawn = as_drawn(client, page, unknown)
    assert drawn.get("received_time", "") == ""
    assert client.post(page, data=drawn).status_code == 302
    session.expire_all()
    assert unknown.received_at == clock.instant_of(day, time())
