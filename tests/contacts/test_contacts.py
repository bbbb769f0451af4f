from __future__ import annotations

from datetime import date

import pytest

from app.accounts.models import Role
from app.contacts import actions, queries
from app.contacts.models import ContactKind
from app.core.errors import NotPermitted, RuleBroken

LINK = {"kind": ContactKind.LINK_OFFICER, "from_on": date(2024, 1, 1)}


@pytest.fixture
def caseworker(make):
    return make.account(Role.CASEWORKER)


@pytest.fixture
def add(session, make, caseworker):
    trust = make.organisation()

    def add(name, **given):
        return actions.add_contact(session, trust, actor=caseworker, name=name, **(LINK | given))

    add.trust = trust
    return add


@pytest.mark.parametrize(
    ("from_on", "until_on", "refused"),
    [
        (date(2025, 1, 1), None, False),
        (date(2024, 12, 31), None, True),
        (date(2023, 1, 1), date(2023, 12, 31), False),
        (date(2023, 1, 1), date(2024, 1, 1), True),
        (date(2024, 5, 1), date(2024, 6, 1), True),
        (date(2023, 1, 1), None, True),
    ],
)
def test_there_is_one_link_officer_at_a_time(add, from_on, until_on, refused):
    add("First", until_on=date(2024, 12, 31))

    if refused:
        with pytest.raises(RuleBroken, match="First is the link officer") as refusal:
            add("Second", from_on=from_on, until_on=until_on)
        assert refusal.value.field == "from_on"
    else:
        assert add("Second", from_on=from_on, until_on=until_on).name == "Second"


def test_of_every_other_kind_there_may_be_several_and_other_organisations_have_their_own(
    session, make, caseworker, add
):
    add("Link")
    lawyers = [add(name, kind=ContactKind.LEGAL) for name in ("One", "Two")]
    elsewhere = actions.add_contact(session, make.organisation(), actor=caseworker, name="Link", **LINK)

    known = queries.known_at(session, add.trust, date(2025, 1, 1))
    assert [one.name for one in known.now] == ["Link", "Two", "One"]
    assert (set(known.now) >= set(lawyers), elsewhere in known.now) == (True, False)


def test_past_contacts_remain_and_a_successor_can_follow(session, caseworker, add):
    first = add("First")
    actions.change_contact(session, first, actor=caseworker, until_on=date(2024, 5, 31), **LINK)
    second = add("Second", from_on=date(2024, 6, 1))

    known = queries.known_at(session, add.trust, date(2025, 1, 1))
    assert (known.now, known.past) == ([second], [first])


def test_a_link_officer_does_not_stand_in_their_own_way(session, caseworker, add):
    only = add("Only")

    actions.change_contact(session, only, actor=caseworker, post="Head of complaints", **LINK)

    assert only.post == "Head of complaints"


def test_a_period_ends_after_it_begins(add):
    with pytest.raises(RuleBroken) as refusal:
        add("Backwards", until_on=date(2023, 12, 31))
    assert refusal.value.field == "until_on"


def test_the_page_shows_who_also_signs_in_and_keeps_what_was_typed(session, reader, make):
    officer = make.account(Role.LIAISON, email="link@trust.example")
    client, _ = reader(Role.CASEWORKER)
    path = f"/organisations/{officer.organisation.code}"
    given = {"name": "Ruth Pennyfather", "kind": "link_officer", "email": "Link@Trust.example"}
    given |= {"from_on-day": "1", "from_on-month": "2", "from_on-year": "2024"}

    refused = client.post(f"{path}/contacts/new", data=given | {"email": "nobody"})
    assert "Enter an e-mail address such as" in refused.text and "Ruth Pennyfather" in refused.text
    assert client.post(f"{path}/contacts/new", data=given).status_code == 302
    page = client.get(path).text
    assert "Ruth Pennyfather" in page and "Signs in to the portal" in page

    administrator, _ = reader(Role.ADMINISTRATOR)
    assert "Known there as" in administrator.get(f"/accounts/{officer.key}").text


def test_no_organisation_sees_contacts_and_those_without_leave_add_none(session, reader, make, add):
    add("Link")
    session.commit()
    client, _ = reader(Role.LIAISON)

    assert client.get(f"/organisations/{add.trust.code}").status_code == 403
    with pytest.raises(NotPermitted):
        actions.add_contact(session, add.trust, actor=make.account(Role.INVESTIGATOR), name="X", **LINK)
