from __future__ import annotations

import re
from datetime import date
from io import BytesIO

import pytest
from sqlalchemy import select

from app.accounts.models import Role
from app.cases.models import CaseStage
from app.complaints.models import Part, Party
from app.evidence.models import Document
from app.people.models import Person
from app.receiving.models import Delivery
from app.reference.catalogue import LISTS
from app.requests import actions, answers
from app.requests.models import EvidenceRequest, Extent, ItemState, RequestState, RequestStep
from tests.conftest import PASSWORD


def back(client, account):
    """Sign in again: a clock that jumps ends what was begun before."""
    client.post("/sign-in", data={"email": account.email, "password": PASSWORD})


def text_of(answer):
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", answer.text))


@pytest.fixture
def visited(session, make, reader, today):
    """A browser in which the owner of a case is signed in, the case, and where its requests are."""
    today(2026, 6, 1)
    client, owner = reader(Role.INVESTIGATOR)
    case = make.case(CaseStage.DETAILED_INVESTIGATION, whole=False, owner=owner)
    person = Person(
        name="Rosa Vale", search_name="rosa vale", born_on=date(1950, 2, 3), nhs_number="9434765919"
    )
    case.complaint.parties.append(Party(person=person, part=Part.PERSON_AFFECTED))
    session.commit()
    return client, case, f"/cases/{case.reference}/requests/"


@pytest.fixture
def sent(session, visited):
    _client, case, _at = visited
    trust = case.allegations[0].organisation
    request = actions.make(
        session, case, actor=case.owner, organisation=trust, kinds=["report", "policy"], working_days=5
    )
    actions.send(session, request, actor=case.owner)
    session.commit()
    return request


DRAFT = {
    "kinds": ["report", "policy"],
    "own": "The rota",
    "words": "",
    "working_days": "5",
    "addressed_to": "",
}


def test_a_request_is_drafted_read_sent_printed_and_chased_on_pages(session, visited, today):
    client, case, at = visited
    trust = case.allegations[0].organisation
    form = client.get(f"{at}new/{trust.code}").text
    assert re.search(r'value="view_audit_trail" checked', form)
    assert not re.search(r'value="staff_statements" checked', form)
    assert client.post(f"{at}new/{trust.code}", data=DRAFT).location == f"{at}1"

    preview = text_of(client.get(f"{at}1/send"))
    assert "by 8 June 2026" in preview
    assert "Rosa Vale, born 3 February 1950" in preview
    answer = client.post(f"{at}1/send", data={"words": "Thank you.", "working_days": "6", "drawn_from": "1"})
    assert answer.location == f"{at}1/letters/1"
    printed = client.get(answer.location)
    [paper] = re.findall(r'<div class="paper">(.*?)</main>', printed.text, re.DOTALL)
    assert "9434765919" not in paper
    words = text_of(printed)
    for part in ("by 9 June 2026", "Thank you.", "section 12 of the", "subsections (1) and (1A)", "The rota"):
        assert part in words

    today(2026, 6, 10)
    back(client, case.owner)
    page = text_of(client.get(f"/cases/{case.reference}"))
    assert f"Request 1 to {trust.name} 3 items outstanding, due 9 June 2026 (1 day ago)" in page
    assert "Evidence that was asked for" in client.get("/waiting-for-others/").text
    client.post(f"{at}1/items/3", data={"state": "not_held", "explanation": "Shredded.", "drawn_from": "1"})
    [drawn_from] = re.findall('name="drawn_from" value="([0-9]+)"', client.get(f"{at}1/chaser").text)
    client.post(f"{at}1/chaser", data={"words": "", "working_days": "5", "drawn_from": drawn_from})
    chaser = text_of(client.get(f"{at}1/letters/2"))
    assert "by 17 June 2026" in chaser
    assert "The report, in every version" in chaser
    assert "The rota" not in chaser
    assert "Shredded." in client.get(f"{at}missing").text
    assert "Shredded." in client.get("/requests/missing").text


def test_the_warning_and_the_memo_say_what_the_law_says(session, make, reader, visited, sent, today):
    client, case, at = visited
    today(2026, 7, 1)
    actions.chase(session, sent, actor=case.owner, working_days=5)
    today(2026, 8, 1)
    session.commit()
    back(client, case.owner)
    assert client.get(f"{at}1/memo").status_code == 403
    client.post(f"{at}1/warning", data={"working_days": "5", "drawn_from": str(sent.version)})
    warning = text_of(client.get(f"{at}1/letters/3"))
    assert "This is a formal warning" in warning
    assert "section 13" in warning
    assert "reminded you on 1 July 2026" in warning

    today(2026, 9, 1)
    manager, _account = reader(Role.MANAGER)
    session.refresh(sent)
    form = {"words": "They answer nobody.", "drawn_from": str(sent.version)}
    assert "Enter why" in manager.post(f"{at}1/memo", data=form | {"words": ""}).text
    memo = text_of(manager.get(manager.post(f"{at}1/memo", data=form).location))
    assert "To the ombudsman" in memo
    assert "They answer nobody." in memo
    assert "certify to the High Court" in memo


def test_a_form_sent_twice_makes_one_request_and_one_letter(session, visited, today):
    client, case, at = visited
    code, key = case.allegations[0].organisation.code, "a" * 32
    for _ in range(2):
        answer = client.post(f"{at}new/{code}", data=DRAFT | {"submission": key})
        assert answer.location == f"{at}1"
    for _ in range(2):
        letter = {"working_days": "5", "drawn_from": "1", "submission": "b" * 32}
        assert client.post(f"{at}1/send", data=letter).location == f"{at}1/letters/1"

    assert len(session.scalars(select(EvidenceRequest)).all()) == 1
    assert len(session.scalars(select(RequestStep)).all()) == 1


def test_of_two_who_change_a_draft_the_second_sees_both_texts_and_nobody_sends_what_they_have_not_read(
    session, visited
):
    client, case, at = visited
    client.post(f"{at}new/{case.allegations[0].organisation.code}", data=DRAFT)
    assert client.post(f"{at}1/change", data=DRAFT | {"own": "Keys", "drawn_from": "1"}).status_code == 302

    second = client.post(f"{at}1/change", data=DRAFT | {"words": "Mine", "drawn_from": "1"})
    assert "Saved meanwhile by someone else" in second.text
    assert "Mine" in second.text
    stale = client.post(f"{at}1/send", data={"working_days": "5", "drawn_from": "1"})
    assert stale.status_code == 200
    assert "Keys" in stale.text
    assert session.scalars(select(RequestStep)).all() == []


def test_what_is_wrong_is_said_at_its_field_with_what_was_typed(visited):
    client, case, at = visited
    code = case.allegations[0].organisation.code

    nothing = client.post(f"{at}new/{code}", data=DRAFT | {"kinds": [], "own": "", "words": "Kept words"})
    assert "Choose at least one item" in nothing.text
    assert "Kept words" in nothing.text
    assert (
        "whole number from 1 to 60"
        in client.post(f"{at}new/{code}", data=DRAFT | {"working_days": "99"}).text
    )
    assert client.get(f"{at}new/NOBODY").status_code == 404
    for gone in ("9", "1/letters/9", "1/items/9", "1/items/1/answers/9/take-back"):
        assert client.get(f"{at}{gone}").status_code == 404


FILE = {
    "title": "The policy",
    "supplier": "organisation",
    "copy_kind": "copy",
    "supplied_on-day": "1",
    "supplied_on-month": "6",
    "supplied_on-year": "2026",
}


def test_a_document_that_is_added_says_what_it_answers_and_a_policy_of_another_time_is_flagged(
    session, visited, sent
):
    client, case, at = visited
    data = FILE | {"organisation": sent.organisation.code, "in_answer_to": ["1-2"]}
    when = {
        f"in_force_from-{part}": value for part, value in (("day", "1"), ("month", "6"), ("year", "2024"))
    }
    place = f"/cases/{case.reference}/evidence/new"

    def send(**more):
        return client.post(place, data=data | when | more | {"file": (BytesIO(b"Words"), "policy.txt")})

    refused = send()
    assert "Say whether that is all" in refused.text
    assert session.scalars(select(Document)).all() == []
    kept = send(extent="whole", submission="a" * 32)
    assert send(extent="whole", submission="a" * 32).location == kept.location
    assert "is here or explained by now" in send(extent="whole").text
    assert len(session.scalars(select(Document)).all()) == 1
    page = client.get(kept.location).text
    assert "Item 2 of request 1" in page
    flag = "It came into force on 1 June 2024, after what allegation 1 is about."
    assert flag in page
    assert flag in client.get(f"{at}1").text
    assert sent.items[1].state is ItemState.RECEIVED

    page = client.get(place).text
    assert "item 1: The report" in page
    assert "item 2:" not in page
    assert "in_force_from" not in page


def test_a_delivery_says_what_it_answers_when_it_is_begun_or_later(session, visited, sent):
    client, case, at = visited
    data = FILE | {"organisation": sent.organisation.code, "label": "Disc", "way": "disc"}
    begun = client.post(
        f"/cases/{case.reference}/deliveries/new", data=data | {"in_answer_to": ["1-1"], "extent": "part"}
    )
    delivery = session.scalars(select(Delivery)).one()
    assert begun.location.endswith("/files")
    assert sent.items[0].state is ItemState.IN_PART

    client.post(f"{at}deliveries/{delivery.key}", data={"in_answer_to": ["1-2"], "extent": "whole"})
    page = client.get(f"/cases/{case.reference}/deliveries/{delivery.key}").text
    assert "Item 1 of request 1" in page
    assert "Item 2 of request 1" in page
    assert "Nobody has said from when until when it was in force." in page


def test_what_is_here_already_is_said_to_answer_and_taken_back(session, make, visited, sent):
    client, case, at = visited
    document = make.document(case, title="Report of May")
    session.commit()

    assert client.post(f"{at}1/items/1/answers/new", data={"extent": "whole"}).status_code == 200
    client.post(f"{at}1/items/1/answers/new", data={"document_key": document.key, "extent": "whole"})
    assert "Report of May" in client.get(f"{at}1").text
    client.post(f"{at}documents/{document.key}", data={"in_answer_to": ["1-2"], "extent": "part"})
    assert [item.state.value for item in sent.items] == ["received", "in_part"]

    client.post(f"{at}1/items/1/answers/1/take-back", data={"reasons": "Of somebody else."})
    session.expire_all()
    assert [item.state.value for item in sent.items] == ["outstanding", "in_part"]
    client.post(f"{at}1/withdraw", data={"reasons": "The complaint is settled."})
    session.expire_all()
    assert sent.state is RequestState.WITHDRAWN
    assert "The complaint is settled." in client.get(f"/complaints/{case.reference}/story").text


def test_whoever_answers_for_the_organisation_sees_what_is_asked_and_nothing_of_what_we_note(
    session, make, reader, visited, sent
):
    _client, case, _at = visited
    answers.settle(
        session, sent.items[0], actor=case.owner, state=ItemState.REFUSED, explanation="Says Ms Quill."
    )
    officer, account = reader(Role.LIAISON)
    stranger, _other = reader(Role.LIAISON)
    account.organisation = sent.organisation
    session.commit()
    place = f"/trust/cases/{case.reference}/requests/1"

    assert "1 item outstanding" in text_of(officer.get("/trust/"))
    assert place in officer.get(f"/trust/cases/{case.reference}").text
    page = text_of(officer.get(place))
    assert "You will not supply it, as you told us" in page
    assert "The policy in force at the time" in page
    assert "Says Ms Quill." not in page
    assert "Rosa Vale" not in page
    assert stranger.get(place).status_code == 404
    assert stranger.get(f"/trust/cases/{case.reference}").status_code == 404
    assert "Request 1" not in stranger.get("/trust/").text
    assert officer.get(f"/cases/{case.reference}/requests/1").status_code == 404


def test_a_letter_names_nobody_once_consent_is_withdrawn(session, make, visited, sent, monkeypatch):
    client, _case, at = visited
    assert "Rosa Vale" in client.get(f"{at}1/letters/1").text.partition('class="paper"')[2]
    monkeypatch.setattr("app.requests.views.scopes.missing", lambda *_given: "The consent was withdrawn.")

    page = client.get(f"{at}1/letters/1").text
    assert "Rosa Vale" not in page.partition('class="paper"')[2]
    assert "The consent was withdrawn." in page


def test_a_list_of_items_that_fills_in_anything_but_the_days_is_refused():
    about = LISTS["request_items"]
    rows = [dict(row) for row in about.shipped_rows]
    rows[0]["words"] = "All of {when} and {where}."
    rows[1] |= {"events_from": "2024-01-01", "events_to": "2023-01-01"}

    assert [(one.row, one.field) for one in about.problems(rows)] == [
        ("imaging_request", "words"),
        ("images", "events_to"),
    ]


def test_a_page_of_requests_costs_the_same_with_one_item_and_with_thirty(session, make, visited, sent, cost):
    client, case, at = visited
    paths = (at, f"{at}1", "/requests/missing", f"/cases/{case.reference}")
    before = [cost(client, path) for path in paths]
    for _ in range(15):
        request = actions.make(
            session, case, actor=case.owner, organisation=sent.organisation, kinds=["report"], working_days=5
        )
        actions.send(session, request, actor=case.owner)
        given = {"actor": case.owner, "items": [sent.items[0]], "extent": Extent.PART}
        answers.answer(session, case, document=make.document(case), **given)
    assert [cost(client, path) for path in paths] == before
