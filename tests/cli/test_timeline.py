from __future__ import annotations

import json
from datetime import date

import pytest

from app.cases.models import CaseStage
from app.timeline import actions
from app.timeline.models import Exactness


@pytest.fixture
def case(make):
    return make.case(CaseStage.DETAILED_INVESTIGATION, whole=False)


def test_a_timeline_is_printed_with_its_intervals_for_people_and_for_programs(app, session, case):
    for kind, day in (("performed", date(2023, 9, 1)), ("reported", date(2023, 10, 11))):
        actions.record_row(
            session, case, actor=case.owner, kind=kind, happened_on=day, exactness=Exactness.DAY
        )
    session.commit()
    runner = app.test_cli_runner()

    words = runner.invoke(args=["timeline", "show", case.reference]).output.splitlines()
    told = json.loads(runner.invoke(args=["timeline", "show", case.reference, "--json"]).output)

    assert words[:3] == [
        "1. 1 September 2023: Examination performed",
        "2. 11 October 2023: Verified report",
        "Scan to verified report: 40 days. Longer than the standard: 28 days (NHSE-TAT)",
    ]
    assert told["intervals"] == [
        {
            "interval": "scan_to_report",
            "examination": None,
            "from_rows": [1],
            "to_rows": [2],
            "least_days": 40,
            "most_days": 40,
            "standard": "NHSE-TAT",
            "measured": "over",
        }
    ]


def test_a_case_there_is_not_has_no_timeline_to_print(app):
    told = app.test_cli_runner().invoke(args=["timeline", "show", "SR-2345-6789"])

    assert (told.exit_code, "There is no case SR-2345-6789." in told.output) == (1, True)
