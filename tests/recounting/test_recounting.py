"""The office counts a day otherwise: what runs is counted again, what is met or set by hand is left."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from app.accounts.models import Role
from app.audit.models import AuditEntry
from app.caseload.models import Line
from app.cases.models import CaseStage
from app.complaints import clocks
from app.complaints.models import ComplaintState
from app.core import clock
from app.core.errors import RuleBroken
from app.decisions import actions as decisions
from app.recounting import actions, queries
from app.recounting.queries import Recount
from app.reference import actions as reference
from app.reference.catalogue import LISTS
from tests.reference.drafts import changed

R = Role
CALENDAR = LISTS["calendar"]
ACKNOWLEDGE, COMMENTS = "Acknowledge the complaint", "Comments on the provisional views"
EVE = {"kind": "closed", "name": "The office is closed"}


@pytest.fixture(autouse=True)
def in_december(today):
    """A Tuesday: the second working day from here is Christmas Eve."""
    return today(2026, 12, 22)


@pytest.fixture
def ombudsman(make):
    return make.account(R.OMBUDSMAN)


@pytest.fixture
def received(session, make):
    def received_on(day=None, **given):
        at = clock.instant_of(day or clock.today(), datetime.min.time().replace(hour=9))
        complaint = make.complaint(received_at=at, made_on=clock.day_of(at), **given)
        clocks.start(session, complaint, actor=None)
        return complaint

    return received_on


def draft_of(session, actor, *days, **values):
    draft = reference.begin_draft(session, CALENDAR, actor=actor)
    for day in days:
        reference.add_row(session, draft, actor=actor, values={"day": day} | EVE | values)
    return draft


def due(complaint):
    return {deadline.rule: deadline.due_on for deadline in complaint.deadlines}


def told(session, event):
    entries = session.scalars(select(AuditEntry).where(AuditEntry.event == event).order_by(AuditEntry.id))
    return [(entry.actor_id, entry.complaint_id, entry.detail) for entry in entries]


def test_a_deadline_moves_past_a_day_on_which_the_office_is_closed(session, ombudsman, received):
    complaint = received()
    assert due(complaint)["acknowledgement"] == date(2026, 12, 24)
    calendar = complaint.deadlines[0].calendar
    draft = draft_of(session, ombudsman, "2026-12-24")
    session.commit()

    _version, moved = actions.put_in_force(session, draft, actor=ombudsman, reasons="Agreed in November.")
    session.commit()

    assert moved == 1
    assert due(complaint) == {"acknowledgement": date(2026, 12, 29), "conclusion": date(2027, 12, 21)}
    line = session.scalars(select(Line).where(Line.complaint_id == complaint.id)).one()
    assert (line.due_on, line.due_rule) == (date(2026, 12, 29), "acknowledgement")
    assert told(session, "deadline.counted_again") == [
        (
            ombudsman.id,
            complaint.id,
            {
                "rule": "acknowledgement",
                "calendar": f"{calendar}, office 1",
                "due_on": "2026-12-29",
                "was": "2026-12-24",
            },
        )
    ]


def test_before_it_is_put_in_force_what_it_would_move_is_shown_and_nothing_has_moved(
    session, ombudsman, received
):
    complaint, _far = received(), received(date(2026, 12, 1))
    draft = draft_of(session, ombudsman, "2026-12-24")

    preview = queries.preview(session, ombudsman, draft)

    assert preview.moving.counts == {ACKNOWLEDGE: 1}
    assert preview.moving.first == [
        Recount(ACKNOWLEDGE, complaint, date(2026, 12, 24), date(2026, 12, 29)),
    ]
    assert preview.left.counts == {}
    assert due(complaint)["acknowledgement"] == date(2026, 12, 24)
    assert told(session, "deadline.counted_again") == []


def test_the_first_are_named_and_the_rest_are_counted(session, ombudsman, received):
    later = [received() for _each in range(7)]
    sooner = [received(date(2026, 12, 21)) for _each in range(7)]
    found = queries.preview(session, ombudsman, draft_of(session, None, "2026-12-23", "2026-12-24")).moving

    assert (found.counts, found.count, found.more) == ({ACKNOWLEDGE: 14}, 14, 4)
    assert {one.complaint for one in found.first[:7]} == set(sooner)
    assert {one.complaint for one in found.first[7:]} < set(later)


def test_who_may_not_know_of_a_complaint_is_told_of_its_day_alone(session, make, received):
    received()
    draft = draft_of(session, None, "2026-12-24")

    [shown] = queries.preview(session, make.account(R.ADMINISTRATOR), draft).moving.first
    assert shown == Recount(ACKNOWLEDGE, None, date(2026, 12, 24), date(2026, 12, 29))


def test_what_is_met_or_closed_stays_as_it_was_counted(session, make, ombudsman, received):
    met, closed = received(), received()
    case = make.case(CaseStage.CLOSED)
    case.complaint.received_at = closed.received_at
    clocks.start(session, case.complaint, actor=None)
    clocks.meet(session, met, clocks.ACKNOWLEDGEMENT, on=clock.today(), actor=ombudsman)
    closed.state, closed.closed_at = ComplaintState.CLOSED, clock.now()
    session.flush()

    _version, moved = actions.put_in_force(
        session, draft_of(session, None, "2026-12-24"), actor=ombudsman, reasons="So."
    )

    assert moved == 0
    assert [due(one)["acknowledgement"] for one in (met, closed, case.complaint)] == [date(2026, 12, 24)] * 3


def test_a_bank_holiday_that_is_not_kept_brings_an_acknowledgement_forward(session, ombudsman, received):
    complaint = received(date(2026, 12, 24))
    assert due(complaint)["acknowledgement"] == date(2026, 12, 30)

    draft = draft_of(session, ombudsman, "2026-12-28", kind="working", name="Not kept")
    actions.put_in_force(session, draft, actor=ombudsman, reasons="So.")

    assert due(complaint)["acknowledgement"] == date(2026, 12, 29)


def test_going_back_counts_again_as_before(session, ombudsman, received):
    complaint = received()
    actions.put_in_force(session, draft_of(session, None, "2026-12-24"), actor=ombudsman, reasons="So.")
    session.flush()
    draft = reference.begin_draft(session, CALENDAR, actor=ombudsman, copy_of=0)
    _version, moved = actions.put_in_force(session, draft, actor=ombudsman, reasons="Not so.")

    assert (moved, due(complaint)["acknowledgement"]) == (1, date(2026, 12, 24))


@pytest.fixture
def windows(session, make):
    """Three cases whose parties may comment: as counted, set by hand, and one that is over."""
    counted, by_hand, over = (make.case(CaseStage.PROVISIONAL_VIEWS) for _each in range(3))
    for case, due_on in (
        (counted, date(2026, 12, 29)),
        (by_hand, date(2026, 12, 29)),
        (over, date(2026, 12, 21)),
    ):
        views = case.provisional_views[-1]
        views.window_days, views.comments_due_on = 5, due_on
        views.shared_at = clock.instant_of(date(2026, 12, 18), datetime.min.time())
    ask = {"actor": make.account(R.MANAGER), "due_on": date(2026, 12, 31), "reasons": "They are ill."}
    decisions.extend_comments(session, by_hand, **ask)
    session.flush()
    return counted, by_hand, over


def test_a_window_for_comments_moves_unless_somebody_set_its_day_by_hand(session, ombudsman, windows):
    counted, by_hand, _over = windows
    draft = draft_of(session, ombudsman, "2026-12-24")

    preview = queries.preview(session, ombudsman, draft)
    _version, moved = actions.put_in_force(session, draft, actor=ombudsman, reasons="So.")

    counted_to, left_at, over_at = date(2026, 12, 30), date(2026, 12, 31), date(2026, 12, 21)
    assert preview.moving.first == [Recount(COMMENTS, counted.complaint, date(2026, 12, 29), counted_to)]
    assert preview.left.first == [Recount(COMMENTS, by_hand.complaint, left_at, counted_to)]
    assert moved == 1
    assert [case.provisional_views[-1].comments_due_on for case in windows] == [counted_to, left_at, over_at]
    [(actor_id, complaint_id, detail)] = told(session, "comment_window.counted_again")
    assert (actor_id, complaint_id) == (ombudsman.id, counted.complaint.id)
    assert (detail["was"], detail["due_on"]) == ("2026-12-29", "2026-12-30")


def test_a_window_the_parties_were_told_is_never_made_shorter(session, ombudsman, windows):
    counted, _by_hand, _over = windows
    draft = draft_of(session, ombudsman, "2026-12-25", kind="working", name="Not kept")

    preview = queries.preview(session, ombudsman, draft)
    _version, moved = actions.put_in_force(session, draft, actor=ombudsman, reasons="So.")

    assert (preview.moving.counts, preview.left.counts, moved) == ({}, {COMMENTS: 2}, 0)
    assert counted.provisional_views[-1].comments_due_on == date(2026, 12, 29)


def test_the_calendar_waits_for_no_day_as_its_days_have_dates_of_their_own(session, ombudsman):
    draft = draft_of(session, ombudsman, "2026-12-24")

    with pytest.raises(RuleBroken) as refused:
        actions.put_in_force(
            session, draft, actor=ombudsman, in_force_from=clock.today() + timedelta(days=1), reasons="So."
        )
    assert (refused.value.field, str(refused.value)) == (
        "in_force_from",
        "Its days have dates of their own: a version is in force from today.",
    )


def test_another_list_moves_nothing(session, ombudsman, received):
    received()
    draft = reference.begin_draft(session, LISTS["severity"], actor=ombudsman)
    reference.change_row(session, draft, "2", actor=ombudsman, values={"to_pounds": 480})

    assert queries.preview(session, ombudsman, draft) is None
    assert actions.put_in_force(session, draft, actor=ombudsman, reasons="So.")[1] == 0


def test_a_day_that_an_earlier_version_left_uncounted_is_counted_again_with_the_next(
    session, ombudsman, received
):
    complaint = received()
    changed(session, "calendar", "2026-12-24", **EVE)  # not by the page: nothing is counted again
    assert due(complaint)["acknowledgement"] == date(2026, 12, 24)

    draft = draft_of(session, ombudsman, "2027-01-04")
    actions.put_in_force(session, draft, actor=ombudsman, reasons="So.")
    assert due(complaint)["acknowledgement"] == date(2026, 12, 29)


def test_however_many_run_few_statements_count_them(session, ombudsman, received, statements):
    draft = draft_of(session, ombudsman, *(f"2027-{month:02}-03" for month in (2, 3, 6, 8, 9, 11)))
    for _each in range(30):
        received(date(2027, 2, 2))
    session.flush()
    statements.clear()

    assert queries.preview(session, ombudsman, draft).moving.count == 30
    assert len(statements) <= 10
