from __future__ import annotations

import pytest

from app.accounts.models import Role
from app.core import clock
from app.core.errors import NotFound, NotPermitted, Overtaken, RuleBroken
from app.duties import actions as duties
from app.enquiries import actions as enquiries
from app.enquiries.models import Way
from app.risk import actions, queries


@pytest.fixture
def caseworker(make):
    return make.account(Role.CASEWORKER)


@pytest.fixture
def manager(make):
    return make.account(Role.MANAGER)


def test_an_urgent_risk_is_raised_once_however_often_it_is_pressed(session, make, caseworker, manager):
    complaint = make.complaint()

    first = actions.raise_alert(session, complaint, actor=caseworker)
    again = actions.raise_alert(session, complaint, actor=manager)
    other = actions.raise_alert(session, make.complaint(), actor=caseworker)

    assert (again, first.raised_by, first.reference) == (first, caseworker, complaint.reference)
    waiting = queries.page(session, manager, is_acknowledged=False, after=0)
    assert (list(waiting), queries.count_waiting(session, manager)) == ([first, other], 2)


def test_it_waits_until_a_manager_says_that_they_know(session, make, caseworker, manager):
    complaint = make.complaint()
    alert = actions.raise_alert(session, complaint, actor=caseworker)

    with pytest.raises(NotPermitted):
        actions.acknowledge(session, alert, actor=caseworker, words="I know.")
    with pytest.raises(Overtaken):
        actions.acknowledge(session, alert, actor=manager, words="I know.", drawn_from=alert.version - 1)
    actions.acknowledge(session, alert, actor=manager, words="The practice rings them today.")
    session.flush()

    assert (alert.acknowledged_by, alert.acknowledgement) == (manager, "The practice rings them today.")
    assert queries.count_waiting(session, manager) == 0
    assert list(queries.page(session, manager, is_acknowledged=True, after=0)) == [alert]
    with pytest.raises(RuleBroken, match="already"):
        actions.acknowledge(session, alert, actor=manager, words="Again.")
    assert actions.raise_alert(session, complaint, actor=caseworker) is not alert


def test_an_urgent_risk_of_a_restricted_complaint_is_not_shown_to_who_is_not_named(
    session, make, caseworker, manager
):
    complaint, ombudsman = make.complaint(), make.account(Role.OMBUDSMAN)
    alert = actions.raise_alert(session, complaint, actor=caseworker)
    duties.restrict(session, complaint, actor=ombudsman, reasons="A member of staff is concerned.")
    session.flush()

    assert list(queries.page(session, manager, is_acknowledged=False, after=0)) == []
    with pytest.raises(NotFound):
        queries.by_key(session, manager, alert.key)
    assert queries.by_key(session, ombudsman, alert.key) is alert


def test_an_urgent_risk_of_an_enquiry_is_hidden_with_the_restricted_complaint_it_became(
    session, make, caseworker, manager
):
    asked = enquiries.take(
        session, actor=caseworker, way=Way.TELEPHONE, received_at=clock.now(), said="It hurts."
    )
    alert = actions.raise_alert(session, asked, actor=caseworker)
    assert queries.by_key(session, manager, alert.key) is alert
    complaint, ombudsman = make.complaint(enquiry_id=asked.id), make.account(Role.OMBUDSMAN)
    assert queries.by_key(session, manager, alert.key) is alert

    duties.restrict(session, complaint, actor=ombudsman, reasons="A member of staff is concerned.")
    session.flush()

    assert list(queries.page(session, manager, is_acknowledged=False, after=0)) == []
    assert (queries.count_waiting(session, manager), queries.count_waiting(session, ombudsman)) == (0, 1)
    with pytest.raises(NotFound):
        queries.by_key(session, manager, alert.key)


def test_one_press_raises_it_and_shows_what_to_say(reader, session, make):
    client, _account = reader(Role.CASEWORKER)
    complaint = make.complaint()
    session.commit()

    pressed = client.post(f"/complaints/{complaint.reference}/urgent")
    page = client.get(pressed.location).text

    assert pressed.status_code == 302
    assert "please call 999 now" in page
    assert "No manager yet" in page
    assert client.get("/urgent/").status_code == 403


def test_the_page_of_a_case_has_the_button_too(reader, session, make):
    client, account = reader(Role.INVESTIGATOR)
    case = make.case(owner=account)
    session.commit()
    way = f"/complaints/{case.reference}/urgent"

    assert f'action="{way}"' in client.get(f"/cases/{case.reference}").text
    assert "please call 999 now" in client.post(way, follow_redirects=True).text


def test_a_manager_finds_it_on_the_list_and_acknowledges_it(reader, session, make, caseworker):
    client, account = reader(Role.MANAGER)
    alert = actions.raise_alert(session, make.complaint(), actor=caseworker)
    session.commit()

    assert alert.reference in client.get("/urgent/").text
    assert "An urgent health risk waits" in client.get("/").text
    form = {"drawn_from": alert.version, "words": "Rung back; the practice sees them today."}
    client.post(f"/urgent/{alert.key}/acknowledgement", data=form)
    assert alert.reference not in client.get("/urgent/").text
    assert f"{account.name}: Rung back" in client.get("/urgent/?show=known").text
