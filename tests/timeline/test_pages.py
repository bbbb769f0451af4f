from __future__ import annotations

from datetime import date, time
from itertools import pairwise

import pytest
from defusedxml import ElementTree

from app.accounts.models import Role
from app.cases.models import CaseStage
from app.timeline import actions, queries
from app.timeline.drawing import LABEL, draw
from app.timeline.models import Exactness


@pytest.fixture
def visited(make, reader):
    """A browser in which the owner of a case is signed in, and the case."""
    client, owner = reader(Role.INVESTIGATOR)
    return client, make.case(CaseStage.DETAILED_INVESTIGATION, whole=False, owner=owner)


ROW = {
    "kind": "performed",
    "study_number": "1",
    "happened_on-day": "11",
    "happened_on-month": "1",
    "happened_on-year": "2021",
    "exactness": "minute",
    "at_time": "14:05",
    "body": "=Reporting company",
}


def test_a_row_is_recorded_seen_changed_and_struck_out_on_pages(session, visited):
    client, case = visited
    at = f"/cases/{case.reference}/timeline/"
    assert "No row yet" in client.get(at).text

    client.post(f"{at}studies/new", data={"name": "Chest X-ray, Eastmarch General"})
    assert client.post(f"{at}rows/new", data=ROW).status_code == 302

    page = client.get(at).text
    assert "11 January 2021, 14:05" in page
    assert "Chest X-ray, Eastmarch General: nothing says when the report was verified." in page

    form = client.get(f"{at}rows/1").text
    assert 'value="14:05"' in form
    client.post(f"{at}rows/1", data=ROW | {"at_time": "14:06", "drawn_from": "1"})
    assert "11 January 2021, 14:06" in client.get(at).text

    client.post(f"{at}rows/1/strike", data={"reasons": "Another patient’s."})
    assert "Struck out" in client.get(at).text


def test_a_time_without_a_day_to_the_minute_is_refused_with_what_was_typed(visited):
    client, case = visited

    answer = client.post(
        f"/cases/{case.reference}/timeline/rows/new",
        data=ROW | {"study_number": "", "exactness": "day", "body": "A practice"},
    )

    assert "leave it empty otherwise" in answer.text
    assert "A practice" in answer.text


def test_a_downloaded_timeline_has_no_formula_and_its_picture_is_whole_and_runs_nothing(session, visited):
    client, case = visited
    actions.record_row(
        session,
        case,
        actor=case.owner,
        kind="performed",
        happened_on=date(2021, 1, 11),
        exactness=Exactness.DAY,
        body="=1+1 <script>",
    )
    actions.record_row(
        session,
        case,
        actor=case.owner,
        kind="diagnosis",
        happened_on=date(2022, 7, 1),
        exactness=Exactness.MONTH,
    )
    session.commit()

    sheet = client.get(f"/cases/{case.reference}/timeline/timeline.csv")
    assert "'=1+1" in sheet.text
    assert "Total diagnostic delay: first scan to diagnosis" in sheet.text
    assert "at least 536, at most 566 days" in sheet.text

    picture = client.get(f"/cases/{case.reference}/timeline/timeline.svg")
    assert picture.headers["Content-Disposition"].startswith("attachment")
    drawn = ElementTree.fromstring(picture.data)
    names = {element.tag.rpartition("}")[2] for element in drawn.iter()}
    assert names <= {"svg", "title", "desc", "defs", "pattern", "rect", "line", "circle", "text", "path"}
    assert not [element for element in drawn.iter() if "style" in element.attrib]
    assert "about 18 months without a row, drawn short" in "".join(drawn.itertext())


def test_the_words_of_rows_never_lie_on_each_other_and_time_runs_down(session, visited):
    _client, case = visited
    for minute in range(6):
        actions.record_row(
            session,
            case,
            actor=case.owner,
            kind="other",
            happened_on=date(2021, 1, 11),
            exactness=Exactness.MINUTE,
            at_time=time(9, minute),
        )
    actions.record_row(
        session, case, actor=case.owner, kind="death", happened_on=date(2022, 7, 1), exactness=Exactness.ABOUT
    )

    drawing = draw(queries.of_case(session, case))
    marks = drawing.marks

    downwards = [mark.label_y for mark in marks]
    assert all(after - before >= LABEL for before, after in pairwise(downwards))
    assert [mark.y for mark in marks] == sorted(mark.y for mark in marks)
    assert marks[-1].y_to - marks[-1].y_from > 100
    [cut] = drawing.cuts
    assert marks[-2].label_y + LABEL <= cut.y <= marks[-1].label_y - 20
