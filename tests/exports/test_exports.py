"""Exports: whole lists, private to their makers, with no formula in any cell and flat memory."""

from __future__ import annotations

import csv
import io
import os
import tracemalloc
from datetime import date, timedelta

import openpyxl
import pytest
from sqlalchemy import select

from app.accounts.models import Role
from app.audit.models import Access, AccessEntry
from app.cases.models import CaseStage
from app.complaints.models import OrganisationToMatch
from app.core import clock
from app.core.errors import NotFound, NotPermitted, RuleBroken
from app.core.work import WorkState
from app.exports import actions, queries
from app.exports.formats import Spreadsheet, as_csv, inert
from app.exports.models import Export
from app.exports.sheets import SHEETS
from app.outbox.models import Message
from app.recommendations.models import RecommendationState
from app.worker import doing
from app.worker.exports import remove_what_expired

PAYLOADS = [
    "=1+1", "+1+1", "-1+1", "@SUM(1)", "\t=1", "\r=1", "\n=1", " =1+1", "＝1+1", "＋1", "－1", "＠1",
    '=HYPERLINK("http://evil.example","x")', "=cmd|' /C calc'!A0", "-2+3+cmd|' /C calc'!A0",
]  # fmt: skip


@pytest.fixture
def exports(app):
    """The folder in which exports are kept."""
    return app.extensions["exports"].root


def rows_of(answer):
    return list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))


def made(app, session):
    """Do all the work there is."""
    session.commit()
    numbers = session.scalars(select(Export.id).where(Export.state == WorkState.WAITING)).all()
    session.commit()
    with app.app_context():
        return [doing.do("export", number) for number in numbers]


def downloaded(client, export):
    with client.get(f"/exports/{export.key}/download") as answer:
        return answer.status_code, answer.data


def sheet_in(content):
    return openpyxl.load_workbook(io.BytesIO(content)).active


def test_a_list_comes_as_csv_whole_and_in_its_order(session, make, reader):
    client, _account = reader(Role.CASEWORKER)
    day = clock.now() - timedelta(days=3)
    lines = [make.complaint(received_at=day - timedelta(hours=n)) for n in range(3)]
    session.commit()

    answer = client.get("/exports/caseload.csv?sort=oldest")

    headings, *rows = rows_of(answer)
    assert headings == list(SHEETS["caseload"].headings)
    assert [row[0] for row in rows] == [line.reference for line in reversed(lines)]
    assert {row[7] for row in rows} <= {clock.day_of(line.received_at).isoformat() for line in lines}
    assert answer.headers["Content-Disposition"] == f"attachment; filename=caseload-{clock.today()}.csv"
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"


def test_more_lines_than_are_read_at_a_time_all_come_once(session, make, reader, monkeypatch):
    monkeypatch.setattr("app.exports.sheets.PORTION", 4)
    client, _account = reader(Role.MANAGER)
    cases = [make.case(CaseStage.COMPLIANCE) for _ in range(10)]
    for case in cases:
        make.recommendation(case, RecommendationState.ISSUED)
    session.commit()

    lines = [row[0] for row in rows_of(client.get("/exports/caseload.csv"))[1:]]
    asked = [row[0] for row in rows_of(client.get("/exports/recommendations.csv?show=open"))[1:]]

    assert sorted(lines) == sorted(asked) == sorted(case.reference for case in cases)


def test_organisations_that_wait_to_be_matched_can_be_taken_away(session, make, reader, monkeypatch):
    monkeypatch.setattr("app.exports.sheets.PORTION", 2)
    client, _account = reader(Role.CASEWORKER)
    complaint = make.complaint()
    complaint.to_match.extend(OrganisationToMatch(words=f"The {n}th hospital") for n in range(5))
    session.commit()

    lines = rows_of(client.get("/exports/to-be-matched.csv"))[1:]

    day = clock.day_of(complaint.received_at).isoformat()
    assert lines == [[f"The {n}th hospital", complaint.reference, day] for n in range(5)]
    assert "/exports/to-be-matched" in client.get("/complaints/to-be-matched").text


def test_every_list_that_can_be_exported_is_one_page_of_a_workbook():
    assert [name for name, sheet in SHEETS.items() if len(sheet.title) > 31] == []


def test_an_export_is_in_the_access_log_before_its_first_byte(session, reader):
    client, account = reader(Role.CASEWORKER)

    client.get("/exports/caseload.csv?standing=initial_check")

    kinds = select(AccessEntry.kind, AccessEntry.subject).where(AccessEntry.account_id == account.id)
    noted = {tuple(row) for row in session.execute(kinds)}
    assert (Access.DOWNLOADED, "caseload.csv standing=initial_check") in noted


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_cell_of_a_csv_file_begins_a_formula(payload):
    [_mark, text] = as_csv([[[payload, 3, date(2026, 3, 2), None]]])

    assert next(csv.reader(io.StringIO(text, newline=""))) == [f"'{payload}", "3", "2026-03-02", ""]
    assert inert("An ordinary sentence - with a dash.") == "An ordinary sentence - with a dash."


def test_no_cell_of_a_spreadsheet_is_a_formula(tmp_path):
    place = tmp_path / "list.xlsx"
    spreadsheet = Spreadsheet(place, SHEETS["caseload"])
    spreadsheet.add([[payload] for payload in PAYLOADS])
    spreadsheet.close()

    cells = [row[0] for row in openpyxl.load_workbook(place).active.iter_rows(min_row=2, max_col=1)]
    assert [cell.data_type for cell in cells] == ["s"] * len(PAYLOADS)
    assert [cell.value for cell in cells if "\r" not in str(cell.value)][:5] == [
        payload for payload in PAYLOADS if "\r" not in payload
    ][:5]


def test_a_spreadsheet_is_made_by_the_worker_and_its_maker_is_told(app, session, make, reader):
    client, account = reader(Role.INVESTIGATOR)
    make.complaint()
    make.complaint()
    session.commit()

    assert client.post("/exports/caseload?sort=oldest").location == "/exports/"
    assert "Waiting" in client.get("/exports/").text
    assert made(app, session) == [True]

    export = session.scalars(select(Export)).one()
    assert (export.state, export.lines_done, export.lines_in_all) == (WorkState.DONE, 2, 2)
    sheet = sheet_in(downloaded(client, export)[1])
    assert [cell.value for cell in sheet[1]] == list(SHEETS["caseload"].headings)
    assert sheet.max_row == 3
    assert sheet["H2"].is_date
    [message] = session.scalars(select(Message)).all()
    assert (message.address, message.subject) == (account.email, "Your export is ready")
    assert sheet["A2"].value not in message.body


def test_an_export_is_its_makers_alone(app, session, make, reader):
    maker, account = reader(Role.MANAGER)
    other, other_account = reader(Role.MANAGER)
    maker.post("/exports/caseload")
    made(app, session)
    export = session.scalars(select(Export)).one()

    assert downloaded(maker, export)[0] == 200
    assert downloaded(other, export)[0] == 404
    assert other.post(f"/exports/{export.key}/cancel").status_code == 404
    assert queries.of_account(session, other_account) == []
    with pytest.raises(NotFound):
        queries.access_export(session, other_account, export.key)
    assert queries.access_export(session, account, export.key) is export


def test_what_is_being_made_already_is_not_made_twice_and_not_more_than_two_at_once(session, make):
    actor = make.account(Role.CASEWORKER)
    first = actions.ask_for(session, actor=actor, sheet="caseload", query="modality=CT&x=1")
    session.flush()

    assert first.query == "modality=CT"
    assert actions.ask_for(session, actor=actor, sheet="caseload", query="modality=CT") is first
    actions.ask_for(session, actor=actor, sheet="caseload", query="")
    session.flush()
    with pytest.raises(RuleBroken, match="still being made"):
        actions.ask_for(session, actor=actor, sheet="recommendations", query="")
    actions.cancel(session, first, actor=actor)
    session.flush()
    actions.ask_for(session, actor=actor, sheet="recommendations", query="show=none")


def test_a_cancelled_export_is_not_made(app, session, reader):
    client, _account = reader(Role.CASEWORKER)
    client.post("/exports/caseload")
    export = session.scalars(select(Export)).one()

    assert client.post(f"/exports/{export.key}/cancel").status_code == 302
    assert client.post(f"/exports/{export.key}/cancel").status_code == 409
    session.commit()
    with app.app_context():
        assert not doing.do("export", export.id)
    session.refresh(export)
    assert (export.state, export.sha256) == (WorkState.CANCELLED, None)


def test_whoever_may_no_longer_see_the_list_gets_no_export(app, session, reader):
    client, account = reader(Role.CASEWORKER)
    client.post("/exports/caseload")
    account.is_active = False

    assert made(app, session) == [False]
    export = session.scalars(select(Export)).one()
    assert (export.state, export.problem) == (WorkState.FAILED, "Your role does not allow this.")


def test_a_liaison_officer_exports_nothing(session, make, reader):
    client, account = reader(Role.LIAISON)

    assert client.get("/exports/").status_code == 403
    assert client.get("/exports/caseload.csv").status_code == 403
    assert client.post("/exports/recommendations").status_code == 403
    with pytest.raises(NotPermitted):
        actions.ask_for(session, actor=account, sheet="caseload", query="")


def test_an_export_is_removed_when_it_has_been_kept_for_two_days(app, session, reader, exports):
    client, _account = reader(Role.CASEWORKER)
    client.post("/exports/caseload")
    made(app, session)
    export = session.scalars(select(Export)).one()
    place = exports / export.sha256[:2] / export.sha256
    long_ago = (clock.wall() - timedelta(days=3)).timestamp()
    os.utime(place, (long_ago, long_ago))
    with app.app_context():
        remove_what_expired()
    assert place.exists()

    with clock.at(clock.now() + timedelta(days=2, minutes=1)), app.app_context():
        remove_what_expired()

    session.refresh(export)
    assert (export.sha256, export.has_expired, place.exists()) == (None, True, False)
    assert client.get(f"/exports/{export.key}/download").status_code == 404
    assert "Removed" in client.get("/exports/").text


def test_what_is_left_of_exports_that_were_cancelled_or_killed_is_removed(app, session, reader, exports):
    reader(Role.CASEWORKER)
    whole, arriving, fresh = (
        exports / "ab" / ("ab" + "0" * 62),
        exports / "arriving" / "1",
        exports / "cd" / "2",
    )
    for place in (whole, arriving, fresh):
        place.parent.mkdir(parents=True)
        place.write_text("lines of a list")
    long_ago = (clock.wall() - timedelta(hours=3)).timestamp()
    for place in (whole, arriving):
        os.utime(place, (long_ago, long_ago))

    with app.app_context():
        remove_what_expired()

    assert [place.exists() for place in (whole, arriving, fresh)] == [False, False, True]


def test_a_list_is_not_exported_wider_than_it_was_asked_for(make, reader):
    client, _account = reader(Role.MANAGER)

    for query in ("standing=closd", "owner=Nobody+is+called+so", "standing=closed&" + "x=1&" * 600):
        answer = client.get(f"/exports/caseload.csv?{query}")
        assert answer.status_code == 409
        assert "cannot be exported as it was asked for" in answer.text
        assert client.post(f"/exports/caseload?{query}").status_code == 409


def test_an_export_that_failed_and_waits_says_so(session, reader):
    client, _account = reader(Role.MANAGER)
    client.post("/exports/caseload")
    export = session.scalars(select(Export)).one()
    export.lines_in_all, export.problem = 3, "It could not be done (OSError)."
    session.commit()

    assert "It could not be done (OSError). It will be tried again." in client.get("/exports/").text


def test_a_list_that_does_not_exist_is_not_exported(reader):
    client, _account = reader(Role.MANAGER)

    assert client.get("/exports/accounts.csv").status_code == 404
    assert client.post("/exports/accounts").status_code == 404


def test_an_empty_list_is_a_file_with_headings(app, session, reader):
    client, _account = reader(Role.MANAGER)

    assert rows_of(client.get("/exports/recommendations.csv")) == [list(SHEETS["recommendations"].headings)]
    client.post("/exports/recommendations")
    assert made(app, session) == [True]


def test_a_spreadsheet_of_many_lines_takes_no_more_memory_than_one_of_few(tmp_path):
    def peak(lines):
        spreadsheet = Spreadsheet(tmp_path / f"{lines}.xlsx", SHEETS["caseload"])
        tracemalloc.start()
        for _ in range(lines // 100):
            spreadsheet.add([["SR-0000-0000", "A name", date(2026, 3, 2)]] * 100)
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        spreadsheet.close()
        return most

    assert peak(10_000) < 2 * peak(1_000)
