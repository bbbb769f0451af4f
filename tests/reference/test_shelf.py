"""What a process knows of the lists: nothing is asked of the database, and all processes soon agree."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from app.core import clock
from app.core.dialect.connecting import WRITING, WRITING_ASIDE
from app.core.errors import RuleBroken
from app.reference import actions, lists, queries
from app.reference import shelf as shelves
from app.reference.catalogue import LISTS
from app.reference.shelf import Shelf, shelf
from tests.reference.drafts import changed


def test_reading_lists_sends_no_statement(session, statements):
    changed(session, "severity", "2", to_pounds=480)
    session.connection()
    statements.clear()

    for _ in range(50):
        lists.severity_bands(), lists.taxonomy(), lists.standards(), lists.version_of("remit")
        session.commit()
        session.connection()

    assert statements == []


def test_another_process_knows_of_a_version_within_seconds(session, connection, monkeypatch):
    monkeypatch.setattr(shelves, "AGREE_WITHIN", 5.0)
    other, seconds = Shelf(), [100.0]
    monkeypatch.setattr(shelves, "monotonic", lambda: seconds[0])
    other._look(session, None, connection)
    changed(session, "severity", "2", to_pounds=480)

    seconds[0] += 4.9
    other._look(session, None, connection)
    assert other.in_force("severity").name == "0.1"
    seconds[0] += 0.2
    other._look(session, None, connection)
    assert other.in_force("severity").name == "office 1"


def test_whoever_writes_counts_by_what_another_process_has_just_put_in_force(
    session, connection, monkeypatch
):
    monkeypatch.setattr(shelves, "AGREE_WITHIN", 5.0)
    monkeypatch.setattr(shelves, "monotonic", lambda: 100.0)
    other = Shelf()
    other._look(session, None, connection)
    changed(session, "severity", "2", to_pounds=480)

    other._look(session, None, connection.execution_options(**WRITING_ASIDE))
    assert other.in_force("severity").name == "0.1"
    other._look(session, None, connection.execution_options(**WRITING))
    assert other.in_force("severity").name == "office 1"


def test_threads_look_one_at_a_time_and_none_puts_back_what_it_read_before(app, monkeypatch):
    looking, most, kept = 0, 0, shelves._read

    def slow(connection):
        nonlocal looking, most
        looking += 1
        most = max(most, looking)
        time.sleep(0.05)
        looking -= 1
        return kept(connection)

    monkeypatch.setattr(shelves, "_read", slow)
    other, together = Shelf(), Barrier(3)
    other._newest = "something else"

    def look(_number):
        with app.app_context(), app.extensions["database"].kw["bind"].connect() as connection:
            together.wait()
            other._look(None, None, connection)

    monkeypatch.setattr(shelves, "AGREE_WITHIN", 0.0)
    with ThreadPoolExecutor(3) as threads:
        list(threads.map(look, range(3)))
    assert most == 1


def test_whoever_puts_a_version_in_force_sees_it_in_their_next_transaction(session):
    changed(session, "severity", "2", to_pounds=480)
    session.connection()

    assert shelf.in_force("severity").name == "office 1"


def test_a_version_that_was_never_committed_is_never_known(connection):
    with Session(connection, join_transaction_mode="create_savepoint") as session:
        draft = actions.begin_draft(session, LISTS["severity"], actor=None)
        actions.change_row(session, draft, "2", actor=None, values={"to_pounds": 480})
        actions.put_in_force(session, draft, actor=None, in_force_from=clock.today(), reasons="So.")
        session.rollback()
        session.connection()

    assert lists.version_of("severity") == "0.1"


#: What administrators might do to the list of failures, one after the other.
DOINGS = st.lists(
    st.one_of(
        st.tuples(st.just("add"), st.integers(50, 55)),
        st.tuples(st.just("rename"), st.integers(0, 9)),
        st.tuples(st.just("end"), st.integers(0, 9)),
        st.tuples(st.just("take out"), st.integers(0, 9)),
        st.tuples(st.just("go back"), st.integers(0, 4)),
        st.tuples(st.just("later"), st.integers(1, 40)),
    ),
    max_size=8,
)


@settings(max_examples=25)
@given(doings=DOINGS)
def test_whatever_versions_follow_each_other_every_code_that_could_be_chosen_can_be_read(app, doings):
    about = LISTS["failures"]
    with app.app_context():
        connection = app.extensions["database"].kw["bind"].connect()
    transaction = connection.begin()
    shelf.clear()
    try:
        with Session(connection, join_transaction_mode="create_savepoint") as session:
            chosen, day = set(lists.taxonomy().by_code), clock.today()
            for what, number in doings:
                day += timedelta(days=number if what == "later" else 0)
                _do(session, about, what, number, day)
                session.connection()
                for on in (clock.today(), day):
                    chosen |= set(lists.taxonomy(on).by_code)

                assert chosen <= set(lists.taxonomy(day).by_code)
                assert chosen <= set(lists.taxonomy(day + timedelta(days=99)).by_code)
                assert about.problems(queries.newest(session, about).rows) == []
    finally:
        transaction.rollback()
        connection.close()
        shelf.clear()


def _do(session, about, what, number, day):
    """One version, or a refusal and nothing."""
    try:
        with session.begin_nested():
            copy = min(number, queries.newest(session, about).number) if what == "go back" else None
            draft = actions.begin_draft(session, about, actor=None, copy_of=copy)
            code = draft.content[number % len(draft.content)]["code"]
            match what:
                case "add":
                    actions.add_row(
                        session, draft, actor=None, values={"code": f"J{number}", "name": "Something new"}
                    )
                case "rename":
                    actions.change_row(
                        session, draft, code, actor=None, values={"name": f"Called otherwise on {day}"}
                    )
                case "end":
                    actions.change_row(session, draft, code, actor=None, values={"ended": True})
                case "take out":
                    draft.content = [row for row in draft.content if row["code"] != code]
            actions.put_in_force(session, draft, actor=None, in_force_from=day, reasons="The office agreed.")
        session.commit()
    except RuleBroken:
        session.rollback()


@pytest.mark.parametrize("about", LISTS.values(), ids=lambda about: about.key)
def test_the_first_version_of_an_office_follows_what_is_shipped(session, about):
    draft = actions.begin_draft(session, about, actor=None)

    assert (draft.based_on, draft.content) == (about.shipped_version, list(about.shipped_rows))
