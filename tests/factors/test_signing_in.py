"""Signing in takes a second factor: nothing opens before it, and the sign-in is another one after it (B4, B10, B13)."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.accounts import limits
from app.accounts.models import AccountSession, KnownDevice, Role
from app.core import sealing
from app.factors import codes, queries
from tests.conftest import PASSWORD
from tests.conventions.access import ACCESS, EVERYBODY, ON_THE_WAY
from tests.conventions.test_routes import rules
from tests.factors.conftest import Holder
from tests.web import address_of


def cookie_of(client) -> str:
    return client.get_cookie("second-read").value


@pytest.mark.parametrize("has_one", [True, False])
@pytest.mark.parametrize("role", [*Role])
def test_a_password_alone_opens_no_page_by_any_method(app, session, make, strict, later, role, has_one):
    somebody = Holder(session, make, role)
    if not has_one:
        session.delete(queries.authenticator_of(session, somebody.account))
        session.commit()
    client, opened, tried = somebody.halfway(app), set(), 0
    for rule in rules(app):
        if ACCESS[rule.endpoint] in {EVERYBODY, ON_THE_WAY}:
            continue
        path = address_of(rule)
        for method in rule.methods - {"OPTIONS"}:
            with client.open(path, method=method) as answer:
                tried += 1
                led = answer.status_code == 302 and answer.location.startswith("/sign-in/second-factor")
                asked = answer.status_code == 401 and "Show your second factor" in answer.text
                if not (led or asked):
                    opened.add((rule.endpoint, method, answer.status_code))

    print(f"\n{role}: {tried} ways into pages with a password alone, {len(opened)} opened")
    assert opened == set()


def test_whoever_has_none_is_led_to_set_one_up_and_is_in_with_recovery_codes_to_keep(
    app, session, make, strict, later
):
    person = Holder(session, make)
    session.delete(queries.authenticator_of(session, person.account))
    session.commit()
    client = person.halfway(app)

    first = client.get("/caseload/", follow_redirects=True)
    page = client.get("/account/second-factor/authenticator").text
    secret = re.search(r'class="govuk-body secret">([A-Z2-7 ]+)<', page).group(1).replace(" ", "")
    locked = re.search(r'name="locked" value="([^"]+)"', page).group(1)
    person.secret = secret
    wrong = client.post("/account/second-factor/authenticator", data={"code": "000000", "locked": locked})
    done = client.post("/account/second-factor/authenticator", data={"code": person.code(), "locked": locked})

    assert (first.request.path, "Set up a second factor" in first.text) == ("/account/second-factor", True)
    assert "This is not the code your app shows now." in wrong.text
    assert len(re.findall(r'class="codes__code"', done.text)) == 10
    assert client.get("/caseload/").status_code == 200
    assert sealing.unlock(queries.authenticator_of(session, person.account).secret) == secret


def test_a_secret_that_was_shown_to_somebody_else_is_not_taken(app, session, make, strict, later):
    person = Holder(session, make)
    session.delete(queries.authenticator_of(session, person.account))
    session.commit()
    client, person.secret = person.halfway(app), codes.new_secret()
    theirs = [sealing.lock(f"{'0' * 32} {person.secret}"), person.secret, "", "junk", "é"]

    for locked in theirs:
        client.post("/account/second-factor/authenticator", data={"code": person.code(), "locked": locked})

    assert not queries.has_one(session, person.account)


def test_showing_it_gives_the_browser_another_sign_in_twenty_times(app, holder, strict, later):
    alive = 0
    for _ in range(20):
        later(timedelta(seconds=90))
        client = holder.halfway(app)
        before = cookie_of(client)
        holder.shows(client, holder.code())
        planted = app.test_client()
        planted.set_cookie("second-read", before)
        assert client.get("/account").status_code == 200
        alive += planted.get("/sign-in/second-factor").status_code != 302
        alive += planted.get("/account").location.partition("?")[0] != "/sign-in"

    print(f"\n20 planted sign-ins, {alive} alive after the second factor")
    assert alive == 0


def test_people_land_where_they_wanted(app, holder, strict, later):
    client = app.test_client()
    asked = client.get("/caseload/?standing=compliance")
    halfway = client.post(asked.location, data={"email": holder.account.email, "password": PASSWORD})
    done = client.post(halfway.location, data={"code": holder.code()})

    assert halfway.location.startswith("/sign-in/second-factor?next=")
    assert done.location == "/caseload/?standing=compliance"


def test_what_was_typed_comes_through_both_steps(app, holder, strict, later):
    client = app.test_client()
    refused = client.post("/complaints/new", data={"narrative": "A long account of it."})
    kept = re.search(r'name="kept" value="([^"]+)"', refused.text).group(1)
    halfway = client.post(
        "/sign-in", data={"email": holder.account.email, "password": PASSWORD, "kept": kept}
    )
    kept = re.search(r'name="kept" value="([^"]+)"', halfway.text).group(1)
    done = client.post("/sign-in/second-factor", data={"code": holder.code(), "kept": kept})

    assert 'value="A long account of it."' in done.text
    assert "Carry on with what you typed" in done.text


def test_where_it_is_offered_it_is_asked_of_those_who_have_one(
    app, session, make, holder, monkeypatch, reader
):
    client, _ = reader(Role.CASEWORKER)

    assert client.get("/account").status_code == 200
    assert holder.halfway(app).get("/account").location.startswith("/sign-in/second-factor")


def test_changing_a_second_factor_ends_every_other_sign_in_and_renews_this_one(
    app, session, holder, strict, later
):
    clients = []
    for _ in range(3):
        clients.append(holder.wholly(app))
        later(timedelta(seconds=60))
    here, *others = clients
    before = cookie_of(here)

    here.post(
        "/account/second-factor/passkeys/new", data={"name": "Key", "credential": "{}"}
    )  # refused: all stay
    stay = [client.get("/account").status_code for client in clients]
    page = here.get("/account/second-factor/authenticator").text
    locked = re.search(r'name="locked" value="([^"]+)"', page).group(1)
    holder.secret = sealing.unlock(locked).split()[1]
    here.post("/account/second-factor/authenticator", data={"code": holder.code(), "locked": locked})

    assert stay == [200] * 3
    assert here.get("/account").status_code == 200 and cookie_of(here) != before
    assert [client.get("/account").status_code for client in others] == [302, 302]


def test_an_ended_sign_in_is_not_revived_by_a_second_factor(app, session, holder, strict, later):
    from app.accounts import sessions

    client = holder.halfway(app)
    row = session.scalars(select(AccountSession)).one()
    sessions.end(session, row.id)
    token = sessions.renew(session, row.id, is_whole=True)
    session.commit()

    assert sessions.recognise(session, token) is None
    assert client.get("/account").location.startswith("/sign-in?")


def test_a_device_is_known_once_the_second_factor_was_shown_and_not_before(app, session, strict, holder):
    client = holder.halfway(app)
    assert session.scalars(select(KnownDevice)).all() == []

    holder.shows(client, holder.code())

    assert [device.account_id for device in session.scalars(select(KnownDevice))] == [holder.account.id]


def test_codes_from_a_known_device_are_counted_apart_from_a_strangers(app, session, strict, holder, later):
    later(timedelta())
    owner = holder.wholly(app)
    owner.post("/sign-out")
    stranger = holder.halfway(app)
    for _ in range(limits.CODE.most + 1):
        refused = holder.shows(stranger, "000000")
    assert "too" in refused.text.lower()
    later(timedelta(seconds=30))

    owner.post("/sign-in", data={"email": holder.account.email, "password": PASSWORD})

    assert holder.shows(owner, holder.code()).status_code == 302
