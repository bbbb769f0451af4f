from __future__ import annotations

from datetime import date, time, timedelta

import pytest

from app.accounts.models import Role
from app.audit.queries import story
from app.cases.models import CaseStage
from app.core import clock
from app.core.errors import NotPermitted, Overtaken, RuleBroken
from app.timeline import actions, queries
from app.timeline.models import Exactness


@pytest.fixture
def case(make):
    return make.case(CaseStage.DETAILED_INVESTIGATION, whole=False)


def said(kind="performed", day=date(2021, 1, 11), exactness=Exactness.DAY, **more):
    return {"kind": kind, "happened_on": day, "exactness": exactness, **more}


def told(timeline):
    return [(each.about.key, each.lasted, each.measured) for each in timeline.intervals]


def record(session, case, *args, **more):
    return actions.record_row(session, case, actor=case.owner, **said(*args, **more))


def test_before_9_august_2023_no_national_reporting_time_is_applied_and_the_local_one_is_asked_for(
    session, case
):
    record(session, case, "performed", date(2023, 8, 8))
    record(session, case, "reported", date(2023, 10, 8))

    timeline = queries.of_case(session, case)

    assert told(timeline) == [("scan_to_report", "61 days", "not_in_force")]
    assert timeline.intervals[0].measured_words == (
        "There was no national reporting time on that day: the first is in force from 9 August 2023."
        " Ask the organisation for its own of the time."
    )
    assert timeline.gaps == [
        "Row 1 (Examination performed) has no source.",
        "Row 2 (Verified report) has no source.",
        "The examination: the organisation’s own reporting time of the day is needed, as there was no national one.",
    ]


@pytest.mark.parametrize(
    ("reported", "measured"),
    [(date(2023, 9, 6), "within"), (date(2023, 9, 7), "over")],
)
def test_from_9_august_2023_a_report_is_due_within_28_days_and_day_29_is_over(
    session, case, reported, measured
):
    record(session, case, "performed", date(2023, 8, 9))
    record(session, case, "reported", reported)

    [interval] = queries.of_case(session, case).intervals

    assert interval.measured == measured


def test_an_interval_between_days_and_months_says_the_least_and_the_most_it_can_have_been(session, case):
    record(session, case, "performed", date(2023, 9, 3))
    record(session, case, "reported", date(2023, 10, 20), exactness=Exactness.MONTH)

    assert told(queries.of_case(session, case)) == [
        ("scan_to_report", "at least 28, at most 58 days", "perhaps")
    ]


def test_an_hour_that_the_autumn_repeats_is_counted(session, case):
    record(session, case, "performed", date(2023, 10, 29), Exactness.MINUTE, at_time=time(0, 30))
    record(session, case, "reported", date(2023, 10, 29), Exactness.MINUTE, at_time=time(2, 30))

    assert told(queries.of_case(session, case)) == [("scan_to_report", "3 h 0 min", "within")]


def test_that_it_was_searched_for_and_not_found_is_a_fact_and_needs_what_was_searched(session, make, case):
    never = said("read", date(2021, 2, 1), until_on=date(2022, 8, 1))
    with pytest.raises(RuleBroken) as refusal:
        actions.record_row(session, case, actor=case.owner, **never)
    assert refusal.value.field == "document_key"

    record(session, case, "reported", date(2021, 1, 20))
    row = actions.record_row(session, case, actor=case.owner, document=make.document(case), page="3", **never)

    assert (row.called, row.is_absence) == ("Not found: report read by the referrer", True)
    assert told(queries.of_case(session, case)) == [
        ("report_to_read", "at least 558 days, and not found as far as was searched", None)
    ]


def test_of_two_accounts_both_stand_until_a_named_person_chooses_which_counts(session, case):
    record(session, case, "performed", date(2023, 9, 1))
    record(session, case, "reported", date(2023, 9, 11))
    second = record(
        session,
        case,
        "reported",
        date(2023, 10, 11),
        disputed_by="The trust",
        disputed_because="Its system shows another day.",
    )
    assert told(queries.of_case(session, case)) == [
        ("scan_to_report", "at least 10, at most 40 days", "perhaps")
    ]

    actions.choose(session, second, actor=case.owner, reasons="The audit trail shows it.")

    timeline = queries.of_case(session, case)
    assert told(timeline) == [("scan_to_report", "40 days", "over")]
    assert second.chosen_by is case.owner
    assert not [gap for gap in timeline.gaps if "disputed" in gap]


def test_there_is_nothing_to_choose_where_one_account_stands(session, case):
    row = record(session, case)

    with pytest.raises(RuleBroken, match="nothing to choose"):
        actions.choose(session, row, actor=case.owner, reasons="It is the only one.")


def test_a_row_that_is_struck_out_is_kept_and_counts_no_more(session, case):
    record(session, case, "performed", date(2023, 9, 1))
    row = record(session, case, "reported", date(2023, 9, 11))

    actions.strike_out(session, row, actor=case.owner, reasons="Another patient’s report.")

    timeline = queries.of_case(session, case)
    assert (len(timeline.rows), len(timeline.standing), timeline.intervals) == (2, 1, [])
    with pytest.raises(RuleBroken, match="struck out"):
        actions.change(session, row, actor=case.owner, **said("reported"))


def test_what_a_row_said_before_stays_in_the_record(session, case):
    row = record(session, case, "performed", date(2021, 1, 11))
    session.flush()

    actions.change(session, row, actor=case.owner, **said("performed", date(2021, 1, 12)))

    [entry] = [entry for entry in story(session, case.complaint) if entry.event == "timeline.changed"]
    assert entry.detail["changes"] == {"when": ["11 January 2021", "12 January 2021"]}


def test_of_two_who_change_a_row_at_once_the_second_is_told(session, case):
    row = record(session, case)
    session.flush()
    version = row.version
    actions.change(session, row, actor=case.owner, drawn_from=version, **said("performed", date(2021, 1, 12)))
    session.flush()

    with pytest.raises(Overtaken):
        actions.change(
            session, row, actor=case.owner, drawn_from=version, **said("performed", date(2021, 1, 13))
        )


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"kind": "lost"}, "kind"),
        ({"exactness": Exactness.MINUTE}, "at_time"),
        ({"at_time": time(9, 0)}, "at_time"),
        ({"day": clock.today() + timedelta(days=2)}, "happened_on"),
        ({"page": "3"}, "document_key"),
        ({"disputed_by": "The trust"}, "disputed_because"),
        ({"disputed_because": "It was later."}, "disputed_by"),
        ({"until_on": date(2021, 1, 10)}, "until_on"),
        ({"until_on": clock.today() + timedelta(days=2)}, "until_on"),
    ],
)
def test_what_a_row_cannot_say_is_refused_at_its_field(session, case, wrong, field):
    with pytest.raises(RuleBroken) as refusal:
        record(session, case, **wrong)

    assert refusal.value.field == field


def test_a_timeline_is_written_by_who_may_add_documents_while_the_case_is_open(session, make, case):
    closed = make.case(CaseStage.CLOSED)
    with pytest.raises((NotPermitted, RuleBroken)):
        actions.record_row(session, closed, actor=closed.owner, **said())
    with pytest.raises(NotPermitted):
        actions.record_row(session, case, actor=make.account(Role.LIAISON), **said())


def test_an_examination_says_what_is_missing_in_the_order_of_the_pathway(session, make, case):
    study = actions.name_study(session, case, actor=case.owner, name="Chest X-ray")
    record(session, case, "performed", study=study, document=make.document(case, pages=1))

    assert queries.of_case(session, case).gaps == [
        "Chest X-ray: nothing says when the examination was requested.",
        "Chest X-ray: nothing says when the report was verified.",
        "Chest X-ray: nothing says when the referrer read the report.",
        "Chest X-ray: nothing says when the report was acted on.",
        "Chest X-ray: nothing says when the patient was told.",
    ]
    with pytest.raises(RuleBroken, match="has that name"):
        actions.name_study(session, case, actor=case.owner, name="chest x-ray")
