from __future__ import annotations

import pytest
from sqlalchemy import select

from app.accounts.models import Role
from app.evidence.models import Disclosure
from app.examining.models import Quarantine, Safety
from app.messages.models import HospitalMessage
from app.timeline.models import Row
from tests.messages.made import result
from tests.messages.test_filing import STRANGER


@pytest.fixture
def visited(session, of_ann, work, reader):
    """A browser in which the owner of a case is signed in, and the address of the case's messages."""

    def visit(*contents, **said):
        client, owner = reader(Role.INVESTIGATOR)
        first = of_ann(contents[0], **said)
        first.case.owner = owner
        for content in contents[1:]:
            of_ann(content, first.case)
        session.commit()
        work()
        return client, f"/cases/{first.case.reference}/messages/", first

    return visit


WHEN = {
    "happened_on-day": "11",
    "happened_on-month": "1",
    "happened_on-year": "2021",
    "exactness": "minute",
    "at_time": "11:45",
}


def keys(session):
    return list(session.scalars(select(HospitalMessage.key).order_by(HospitalMessage.id)))


def test_a_case_without_messages_says_how_to_add_one(make, reader, session):
    client, owner = reader(Role.INVESTIGATOR)
    case = make.case(owner=owner)
    session.commit()

    assert "No message yet. Add one as a document" in client.get(f"/cases/{case.reference}/messages/").text


def test_a_message_leads_to_the_timeline_and_the_document_leads_to_it(session, visited):
    client, at, document = visited(result(words="<b>No</b> effusion."))
    shown = client.get(at).text
    for words in ("ORU^R01 M1", "RIS, XEM", "TESTER ANN MARY", "Is the person affected", "OBR[1]-22"):
        assert words in shown
    assert "&lt;b&gt;No&lt;/b&gt; effusion." in shown

    [key] = keys(session)
    form = client.get(f"{at}{key}/accept").text
    assert 'value="XR Chest, XEM"' in form
    sent = {"study_name": "Chest X-ray", "study_number": "", "organisation_code": "", "body": "A clinic"}
    assert client.post(f"{at}{key}/accept", data=sent).status_code == 302

    assert "Accepted" in client.get(at).text
    shown = client.get(at.replace("messages", "timeline")).text
    assert f"{document.title}</a>, OBR[1]-22" in shown
    assert "ORU^R01 M1" in client.get(at.replace("messages/", f"evidence/{document.key}")).text


def test_one_row_is_accepted_and_another_dismissed_with_a_reason(session, visited):
    client, at, _document = visited(result())
    [key] = keys(session)
    assert 'value="11:30"' in client.get(f"{at}{key}/rows/2/accept").text
    assert client.post(f"{at}{key}/rows/2/accept", data=WHEN | {"at_time": "11:30"}).status_code == 302
    refused = client.post(f"{at}{key}/rows/1/dismiss", data={"reasons": " "}).text
    client.post(f"{at}{key}/rows/1/dismiss", data={"reasons": "The scan was a day later."})

    assert "Enter the reasons." in refused
    shown = client.get(at).text
    assert "Dismissed" in shown and "The scan was a day later." in shown
    assert [row.page for row in session.scalars(select(Row))] == ["OBR[1]-22"]
    assert client.get(f"{at}{key}/rows/3/dismiss").status_code == 404
    assert client.get(f"{at}{'0' * 32}/accept").status_code == 404


def test_a_choice_of_no_list_is_refused_with_what_was_typed(session, visited):
    client, at, _document = visited(result())
    [key] = keys(session)
    answer = client.post(
        f"{at}{key}/accept", data={"study_number": "77", "study_name": "Typed", "body": "Kept"}
    ).text

    assert "Select one of the list." in answer
    assert 'value="Typed"' in answer and 'value="Kept"' in answer
    assert session.scalars(select(Row)).all() == []


def test_a_held_message_shows_why_and_takes_nothing_until_it_is_decided(session, visited):
    client, at, _document = visited(result(patient=STRANGER))
    [key] = keys(session)
    assert "Held: its NHS number and date of birth and name differ " in client.get(at).text
    assert f"{key}/accept" not in client.get(at).text
    assert "This message is held" in client.post(f"{at}{key}/accept", data={"study_name": "X"}).text

    refused = client.post(f"{at}{key}/decide", data={"whose": "person", "reasons": " "}).text
    client.post(f"{at}{key}/decide", data={"whose": "person", "reasons": "The trust wrote its own error."})

    assert "Enter how you know whom it is about." in refused and 'value="person" checked' in refused
    assert "The trust wrote its own error." in client.get(at).text
    assert client.post(f"{at}{key}/accept", data={"study_name": "X"}).status_code == 302


def test_what_came_already_what_contradicts_and_what_is_cut_off_are_shown(session, visited):
    client, at, first = visited(result(), result(), result(status="C", finding="C"), result()[:-12])
    shown = client.get(at).text

    assert "The same message came already on " in shown
    assert f", as “{first.title}”. It proposes nothing again." in shown
    assert "A message with the same number came already on" in shown
    assert "The last line, OBX, is cut off in the middle. Ask for it again." in shown


def test_the_page_costs_the_same_with_one_and_with_ten(session, visited, cost):
    client, at, first = visited(result())
    with_one = cost(client, at)
    for number in range(9):
        message = HospitalMessage(
            case=first.case, document=first, number=number + 2, kind="ORU^R01", sender="", control_id="",
            sent="", digest=f"{number:064x}",
        )  # fmt: skip
        session.add(message)

    assert cost(client, at) == with_one


def test_when_it_happened_can_be_put_right_and_the_row_says_what_the_message_had(session, visited):
    client, at, _document = visited(result(performed="2021"))
    [key] = keys(session)
    assert "known to the year only" in client.post(f"{at}{key}/accept", data={"study_name": ""}).text
    refused = client.post(f"{at}{key}/rows/1/accept", data=WHEN | {"exactness": "day"}).text
    assert "leave it empty otherwise" in refused and 'value="11:45"' in refused
    assert "Enter the day." in client.post(f"{at}{key}/rows/1/accept", data={}).text

    client.post(f"{at}{key}/rows/1/accept", data=WHEN)
    client.post(f"{at}{key}/rows/2/accept", data=WHEN | {"at_time": "11:30"})

    first, second = session.scalars(select(Row).order_by(Row.id))
    assert (f"{first.happened_at:%Y-%m-%d %H:%M}", second.words) == ("2021-01-11 11:45", "No effusion.")
    assert first.words.endswith("The message says 2021.")


def test_a_held_message_cannot_be_disclosed(session, visited):
    client, _at, document = visited(result(patient=STRANGER))
    at = f"/cases/{document.case.reference}/evidence/{document.key}"
    code = document.case.allegations[0].organisation.code

    to_body = client.post(f"{at}/disclosures/new", data={"organisation": code})
    client.post(f"{at}/complainant", data={})

    session.expire_all()
    assert "This message is held" in to_body.text
    assert (document.disclosures, document.shown_to_complainant) == ([], [])


def test_a_held_message_is_not_given_to_who_may_see_the_document(session, visited, reader):
    _client, _at, document = visited(result(patient=STRANGER))
    client, account = reader(Role.LIAISON)
    document.disclosures.append(
        Disclosure(organisation=account.organisation, disclosed_by_id=document.added_by_id)
    )
    session.scalars(select(Quarantine)).one().state = Safety.CLEAN
    session.commit()

    refused = client.get(f"/trust/documents/{document.key}")

    assert refused.status_code == 403
    assert "The office is looking whom this message is about" in refused.text
