"""The X-ray that was reported with an alert, and the CT eighteen months later, as one timeline.

What is right, worked out by hand. All four are of the same patient (NHS number 999 000 0018, born 12 March 1948).

* derived-01: OBR-7 says that the X-ray was made on 4 March 2019 at 10:45:12, OBR-22 that it was reported (OBR-25: F)
  at 11:30, and NTE-3 that an alert was sent at 11:31. March is winter time, so that is UTC too.
* derived-02: OBR-7 says that the CT was made on 17 September 2020 at 15:10:30. Its OBR has everything after that one
  field too far right: OBR-22 is empty, OBR-23, which is a charge, has 17:05, and OBR-25, which is a status, has RAD.
  MSH-7 says 17:05 too, and OBX-11 says F: so it was reported at 17:05, by the message's own time, with a note. In
  September London is an hour before UTC: 14:10 and 16:05.
* Scan to report: 45 minutes (10:45 to 11:30) and 1 h 55 min (15:10 to 17:05); on neither day was there a national
  reporting time, so none is applied. There is no diagnosis among them, so no total delay is told before there is one.
* From the X-ray to a diagnosis on the day of the CT it is 563 days: 366 to 4 March 2020, as that
  February has 29 days, and 197 more to 17 September.
"""

from __future__ import annotations

from datetime import date, datetime

import pytest
from sqlalchemy import select

from app.accounts.models import Role
from app.core.clock import LONDON
from app.imaging.models import ImagingStudy
from app.messages import queries
from app.messages.models import HospitalMessage
from app.timeline import actions as timeline
from app.timeline import queries as timelines
from app.timeline.intervals import Measured
from app.timeline.models import Exactness
from tests.messages.made import SHARED

FENWICK = {"name": "Margaret Ann Fenwick", "born_on": date(1948, 3, 12), "nhs_number": "9990000018"}


@pytest.fixture
def received(session, of_ann, work, reader):
    """The case with the six images and the two messages, its owner signed in at a browser."""
    if not SHARED.is_dir():
        pytest.skip("The shared files are not beside the project.")
    client, owner = reader(Role.INVESTIGATOR)
    case = None
    for place in sorted((SHARED / "dicom/derived_case").rglob("*.dcm")):
        case = of_ann(place.read_bytes(), case, filename=place.name, **FENWICK).case
    for name in ("derived-01-final-with-alert.hl7", "derived-02-ct-final.hl7"):
        of_ann((SHARED / "hl7v2" / name).read_bytes(), case, filename=name)
    case.owner = owner
    session.commit()
    work()
    return client, case


def test_the_two_messages_and_the_images_make_one_timeline(session, received):
    client, case = received
    at = f"/cases/{case.reference}/"
    assert [
        (told.message.control_id, told.compared.likeness.value, [i.accession_number for i in told.images])
        for told in queries.of_case(session, case)
    ] == [("M1001", "matches", ["RP19001903"]), ("M1002", "matches", ["RP20002009"])]
    assert len(session.scalars(select(ImagingStudy)).all()) == 2
    assert timelines.of_case(session, case).rows == []

    for number in ("M1001", "M1002"):
        key = session.scalar(select(HospitalMessage.key).where(HospitalMessage.control_id == number))
        page = client.get(f"{at}messages/{key}/accept").text
        name = page.partition('name="study_name" type="text" value="')[2].partition('"')[0]
        sent = {"study_name": name, "study_number": "", "organisation_code": "", "body": "RXX"}
        assert client.post(f"{at}messages/{key}/accept", data=sent).status_code == 302

    session.expire_all()
    told = timelines.of_case(session, case)
    assert [
        (
            row.number,
            row.study.name,
            row.kind,
            row.happened_at,
            row.exactness.value,
            row.where,
            row.document.filename,
            row.page,
        )
        for row in told.rows
    ] == [
        (
            number,
            study,
            kind,
            datetime(*at, tzinfo=LONDON),
            "minute",
            "RXX",
            file,
            page,
        )
        for number, study, kind, at, file, page in (
            (1, "XR Chest, RXX", "performed", (2019, 3, 4, 10, 45), FIRST, "OBR[1]-7"),
            (2, "XR Chest, RXX", "reported", (2019, 3, 4, 11, 30), FIRST, "OBR[1]-22"),
            (3, "XR Chest, RXX", "alert_sent", (2019, 3, 4, 11, 31), FIRST, "NTE[1]-3"),
            (4, "CT Thorax with contrast, RXX", "performed", (2020, 9, 17, 15, 10), SECOND, "OBR[1]-7"),
            (5, "CT Thorax with contrast, RXX", "reported", (2020, 9, 17, 17, 5), SECOND, "MSH-7"),
        )
    ]
    assert intervals(told) == [
        ("scan_to_report", "XR Chest, RXX", 0, 0, 45, "45 min"),
        ("scan_to_report", "CT Thorax with contrast, RXX", 0, 0, 115, "1 h 55 min"),
    ]
    assert {interval.measured for interval in told.intervals} == {Measured.NOT_IN_FORCE}

    timeline.record_row(
        session,
        case,
        actor=case.owner,
        kind="diagnosis",
        happened_on=date(2020, 9, 17),
        exactness=Exactness.DAY,
    )
    assert intervals(timelines.of_case(session, case))[-1] == (
        "total_delay",
        None,
        563,
        563,
        None,
        "563 days",
    )
    shown = client.get(f"{at}timeline/").text
    assert "4 March 2019, 10:45" in shown and "17 September 2020, 17:05" in shown


FIRST, SECOND = "derived-01-final-with-alert.hl7", "derived-02-ct-final.hl7"


def intervals(told):
    return [
        (i.about.key, i.study and i.study.name, i.least, i.most, i.minutes, i.lasted) for i in told.intervals
    ]
