"""The register of missing records: what organisations do not hold or refuse, on a page and to take away."""

from __future__ import annotations

import csv
import io

from app.accounts.models import Role
from app.core import clock
from app.requests import queries
from app.requests.models import ItemState as Item
from app.requests.models import RequestState


def test_the_register_shows_what_is_missing_in_the_cases_one_may_know_of(session, make, case, put):
    put(case, RequestState.COMPLETE, Item.NOT_HELD, Item.RECEIVED, Item.REFUSED, Item.IN_PART)
    put(case, RequestState.WITHDRAWN, Item.NOT_HELD, number=2)
    secret = make.case()
    secret.complaint.is_restricted = True
    put(secret, RequestState.SENT, Item.REFUSED)
    session.flush()

    found = queries.missing(session, make.account(Role.CASEWORKER))
    assert [(item.request.case, item.number, item.explanation) for item in found] == [
        (case, 3, "Lost in a flood."),
        (case, 1, "Lost in a flood."),
    ]
    assert len(queries.missing(session, make.account(Role.OMBUDSMAN))) == 3
    assert queries.missing(session, make.account(Role.LIAISON)) == []
    assert [item.number for item in queries.missing_in(session, case)] == [3, 1]
    assert queries.missing(session, case.owner, after=found[0].id) == [found[1]]


def test_the_register_can_be_taken_away_and_holds_what_its_page_shows(
    session, make, case, put, reader, monkeypatch
):
    monkeypatch.setattr("app.exports.sheets.PORTION", 2)
    put(case, RequestState.SENT, Item.NOT_HELD, Item.RECEIVED, Item.REFUSED, Item.NOT_HELD)
    secret = make.case()
    secret.complaint.is_restricted = True
    put(secret, RequestState.SENT, Item.REFUSED)
    client, account = reader(Role.CASEWORKER)

    answer = client.get("/exports/missing-records.csv").text.removeprefix("\ufeff")
    headings, *rows = csv.reader(io.StringIO(answer))

    whose, day = case.allegations[0].organisation.name, clock.today().isoformat()
    assert headings == [
        "Case",
        "Request",
        "Item",
        "Asked for",
        "Organisation",
        "What they say",
        "How they explain it",
        "Since",
    ]
    assert rows == [
        [case.reference, "1", number, f"Thing {number}", whose, says, "Lost in a flood.", day]
        for number, says in (
            ("4", "Not held, as they say"),
            ("3", "Refused by them"),
            ("1", "Not held, as they say"),
        )
    ]
    assert queries.count_missing(session, account) == 3
    assert "/exports/missing-records.csv" in client.get("/requests/missing").text
    assert "/exports/missing-records.csv" not in reader(Role.MANAGER)[0].get("/requests/missing?after=1").text
