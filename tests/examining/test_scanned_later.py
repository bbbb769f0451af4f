"""Once there is a scanner, what came before is scanned; and how files are kept from the network is said."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.accounts.models import Role
from app.core.work import WorkState
from app.examining import sandbox
from app.examining.models import Examination, Safety
from app.worker import examining
from tests.examining import clamds


@pytest.fixture
def look(app, session):
    """What the worker's sweep does for what was not scanned."""

    def sweep():
        session.commit()
        with app.app_context():
            examining.scan_what_was_not()

    return sweep


@pytest.fixture
def waiting(session):
    def told():
        session.expire_all()
        waits = select(Examination).where(Examination.kind == "scan", Examination.state == WorkState.WAITING)
        return len(session.scalars(waits).all())

    return told


def test_what_came_without_a_scanner_is_scanned_once_there_is_one(
    app, entered, work, told, look, monkeypatch
):
    infected, clean = entered("a.txt", clamds.EICAR), entered("b.txt", b"Dear Ombudsman")
    work()
    assert [told(each)[0].state for each in (infected, clean)] == [Safety.NOT_SCANNED] * 2

    with clamds.scanner() as address:
        monkeypatch.setitem(app.config, "CLAMD", address)
        look()
        work()

    assert [told(each)[0].state for each in (infected, clean)] == [Safety.INFECTED, Safety.CLEAN]


def test_no_more_are_scanned_than_a_bounded_number_at_a_time_and_none_without_a_scanner(
    app, entered, work, look, waiting, monkeypatch
):
    for number in range(5):
        entered(f"{number}.txt", b"Dear Ombudsman %d" % number)
    work()
    monkeypatch.setattr(examining, "MOST_SCANS", 3)

    look()
    assert waiting() == 0
    monkeypatch.setitem(app.config, "CLAMD", "/nowhere/clamd.ctl")
    look()
    assert waiting() == 3
    look()
    assert waiting() == 3


@pytest.mark.parametrize("how", sandbox.CUT_OFF)
def test_the_page_of_a_case_says_how_the_reading_program_is_kept_from_the_network(
    session, entered, work, reader, how
):
    document = entered("a.txt", b"Dear Ombudsman")
    work()
    read = session.scalars(select(Examination).where(Examination.kind == "text")).one()
    assert read.result["network"] in sandbox.CUT_OFF
    read.result = {**read.result, "network": how}
    session.commit()

    page = reader(Role.CASEWORKER)[0].get(f"/cases/{document.case.reference}/examinations/").text

    assert [words in page for words in sandbox.CUT_OFF.values()] == [one == how for one in sandbox.CUT_OFF]


def test_the_shell_says_how_the_reading_program_is_kept_from_the_network(app):
    said = app.test_cli_runner().invoke(args=["worker", "status"]).output

    assert said.splitlines()[0] in sandbox.CUT_OFF.values()
