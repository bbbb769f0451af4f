"""Answers to a test of the law that were given before, or meanwhile, beside one’s own."""

from __future__ import annotations

import re

from app.accounts.models import Role
from app.checks import answers
from app.checks.answers import Given
from tests.checks.conftest import MET, NOT_MET, put_out_of_time


def folded(page):
    """What is folded away on a page, in words."""
    found = re.findall(r"<details class=\"govuk-details\">(.*?)</details>", page, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", one).split()) for one in found]


def test_an_answer_that_another_stands_instead_of_is_folded_beside_it_with_who_when_and_why(
    session, make, reader
):
    client, account = reader(Role.CASEWORKER)
    other = make.account(Role.CASEWORKER, name="Ada")
    allegation = make.allegation()
    for who, given in (
        (other, Given(answer=NOT_MET, note="He is only a neighbour.")),
        (account, Given(answer=MET)),
    ):
        answers.answer_tests(session, allegation, actor=who, answers={"standing": given})
    session.commit()

    [said] = folded(client.get(f"/complaints/{allegation.complaint.reference}/allegations/1/tests").text)

    assert re.fullmatch(r"An earlier answer to .+ He is only a neighbour\. Ada, \d+ \w+ \d{4}.*", said), said


def test_an_answer_on_facts_that_changed_is_folded_and_says_so(session, reader, accepted):
    client, account = reader(Role.CASEWORKER)
    put_out_of_time(session, accepted, actor=account)
    session.commit()

    said = folded(client.get(f"/complaints/{accepted.complaint.reference}/allegations/1/tests").text)

    assert len(said) == 1
    assert "It no longer stands: what it rests on has changed." in said[0]


def test_what_somebody_else_answered_meanwhile_stands_beside_what_was_typed(session, make, reader):
    client, _account = reader(Role.CASEWORKER)
    allegation = make.allegation()
    session.commit()
    drawn_from = allegation.version
    given = {
        "standing": Given(answer=NOT_MET, note="He is only a neighbour."),
        "writing": Given(answer=MET),
    }
    answers.answer_tests(session, allegation, actor=make.account(Role.CASEWORKER), answers=given)
    session.commit()

    page = client.post(
        f"/complaints/{allegation.complaint.reference}/allegations/1/tests",
        data={
            "drawn_from": drawn_from,
            "standing_answer": "met",
            "standing_note": "His son.",
            "writing_answer": "met",
        },
    ).text

    beside = re.findall(r'id="(\w+)-theirs">.*?<span class="prose">(.*?)</span>', page, re.DOTALL)
    assert dict(beside)["standing_note"] == "He is only a neighbour."
    assert {name for name, _words in beside} == {"standing_answer", "standing_note"}
    assert "His son." in page
