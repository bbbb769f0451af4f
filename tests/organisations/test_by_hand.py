from __future__ import annotations

from datetime import date

import pytest

from app.accounts.models import Role
from app.core.errors import RuleBroken
from app.organisations import actions
from app.organisations.models import OrganisationKind, Source


@pytest.fixture
def caseworker(make):
    return make.account(Role.CASEWORKER)


CLOSED = {"kind": OrganisationKind.OPTICIAN, "closed_on": date(2024, 5, 31), "known_from": "Its last letter"}


def test_a_practice_that_was_entered_by_hand_is_closed_by_hand(session, make, caseworker):
    practice = make.organisation(kind=OrganisationKind.OTHER)

    actions.change_by_hand(session, practice, actor=caseworker, **CLOSED)

    assert (practice.kind, practice.closed_on) == (OrganisationKind.OPTICIAN, date(2024, 5, 31))


@pytest.mark.parametrize(
    ("given", "answers", "field"),
    [
        ({"source": Source.REGISTER}, {}, None),
        ({}, {"opened_on": date(2024, 6, 1)}, "closed_on"),
        ({}, {"closed_on": date(2199, 1, 1)}, "closed_on"),
    ],
)
def test_a_closing_by_hand_must_make_sense_and_leaves_the_register_alone(
    session, make, caseworker, given, answers, field
):
    practice = make.organisation(**given)

    with pytest.raises(RuleBroken) as refusal:
        actions.change_by_hand(session, practice, actor=caseworker, **(CLOSED | answers))

    assert (refusal.value.field, practice.closed_on) == (field, None)


def test_the_page_offers_the_change_and_keeps_what_was_typed(reader, make):
    practice = make.organisation("Fernleigh Eye Care", kind=OrganisationKind.OPTICIAN)
    client, _ = reader(Role.CASEWORKER)
    path = f"/organisations/{practice.code}"

    assert "say that it closed" in client.get(path).text
    wrong = {"kind": "optician", "closed_on-day": "1", "closed_on-month": "1", "closed_on-year": "2199"}
    refused = client.post(f"{path}/change", data=wrong | {"known_from": "Its letter", "drawn_from": "1"})
    assert "must not be in the future" in refused.text and "Its letter" in refused.text
    right = wrong | {"closed_on-year": "2020", "known_from": "Its letter", "drawn_from": "1"}
    assert client.post(f"{path}/change", data=right).status_code == 302
    assert "closed 1 January 2020" in client.get(path).text
