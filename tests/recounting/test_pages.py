"""The office closes on a day: seen before, decided by a named person, and on every page afterwards."""

from __future__ import annotations

import re
from datetime import date, time

from app.accounts.models import Role
from app.cases.models import CaseStage
from app.complaints import clocks
from app.core import clock
from app.reference.models import ListVersion

R = Role
DAY = {"day-day": "24", "day-month": "12", "day-year": "2026"}


def text_of(answer):
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", answer.text))


def test_the_office_closes_on_christmas_eve(session, make, reader, today):
    today(2026, 12, 22)
    client, ombudsman = reader(R.OMBUDSMAN)
    own, investigator = reader(R.INVESTIGATOR)
    case = make.case(CaseStage.DETAILED_INVESTIGATION, owner=investigator)
    case.complaint.received_at = clock.instant_of(date(2026, 12, 22), time(9))
    clocks.start(session, case.complaint, actor=None)
    session.commit()
    page = f"/cases/{case.complaint.reference}"
    assert "Acknowledge by 24 December 2026" in text_of(own.get(page))

    client.post("/lists/calendar/draft/begin")
    client.post(
        "/lists/calendar/draft/new", data=DAY | {"kind": "closed", "name": "Closed", "drawn_from": "1"}
    )
    shown = text_of(client.get("/lists/calendar/draft/put-in-force"))
    assert "Acknowledge the complaint: 1" in shown
    assert f"{case.complaint.reference} Acknowledge the complaint 24 December 2026 29 December 2026" in shown
    assert "From which day on?" not in shown
    answer = client.post(
        "/lists/calendar/draft/put-in-force",
        data={"reasons": "Agreed in November.", "drawn_from": "2"},
        follow_redirects=True,
    )

    assert "Version 1 is put in force. One day was counted again." in text_of(answer)
    assert "Acknowledge by 29 December 2026" in text_of(own.get(page))
    assert "29 December 2026" in text_of(own.get("/"))
    story = text_of(own.get(f"{page.replace('/cases', '/complaints')}/story"))
    assert (
        "due by 29 December 2026; it was 24 December 2026. It was counted again by another calendar: "
        in story
    )
    assert ", office 1." in story and ombudsman.name in story


def test_pressing_twice_says_that_it_is_in_force_already(session, reader, today):
    today(2026, 12, 22)
    client, _ombudsman = reader(R.OMBUDSMAN)
    client.post("/lists/calendar/draft/begin")
    client.post(
        "/lists/calendar/draft/new", data=DAY | {"kind": "closed", "name": "Closed", "drawn_from": "1"}
    )
    sent = {"reasons": "Agreed in\r\nNovember.", "drawn_from": "2"}
    client.post("/lists/calendar/draft/put-in-force", data=sent)

    answer = client.post("/lists/calendar/draft/put-in-force", data=sent, follow_redirects=True)

    assert "Version 1 is in force already: this was sent twice." in text_of(answer)
    assert len(session.query(ListVersion).all()) == 1
    assert client.get("/lists/calendar/draft/put-in-force").status_code == 404
    other = client.post("/lists/calendar/draft/put-in-force", data=sent | {"reasons": "Something else."})
    assert other.status_code == 404
