"""People see where they are signed in and end what they like; administrators end anybody's (B13, B14)."""

from __future__ import annotations

from sqlalchemy import select

from app.accounts.models import AccountSession, Role
from app.audit.models import AuditEntry
from tests.conftest import PASSWORD


def another(app, account, **more):
    client = app.test_client()
    client.post("/sign-in", data={"email": account.email, "password": PASSWORD}, **more)
    return client


def in_order(session):
    return session.scalars(select(AccountSession.id).order_by(AccountSession.id)).all()


def is_in(client) -> bool:
    return client.get("/account").status_code == 200


def test_the_page_tells_browser_address_and_times_of_each(app, session, reader):
    client, account = reader(Role.CASEWORKER)
    environ = {"REMOTE_ADDR": "192.0.2.7"}
    another(app, account, headers={"User-Agent": "A telephone"}, environ_overrides=environ)

    page = client.get("/account").text

    assert ["A telephone" in page, "192.0.2.7" in page, page.count("(this one)"), page.count("End it")] == [
        True, True, 1, 1,
    ]  # fmt: skip


def test_one_is_ended_and_no_other(app, session, reader):
    client, account = reader(Role.CASEWORKER)
    lost, kept = another(app, account), another(app, account)
    number = in_order(session)[1]

    client.post(f"/account/sign-ins/{number}/end")

    assert [is_in(one) for one in (client, lost, kept)] == [True, False, True]


def test_all_others_are_ended(app, session, reader):
    client, account = reader(Role.CASEWORKER)
    others = [another(app, account) for _ in range(2)]

    client.post("/account/sign-ins/end-others")

    assert [is_in(one) for one in (client, *others)] == [True, False, False]


def test_ending_the_one_at_hand_signs_out(session, reader):
    client, _account = reader(Role.CASEWORKER)

    answer = client.post(f"/account/sign-ins/{in_order(session)[0]}/end")

    assert (answer.location, "Clear-Site-Data" in answer.headers, is_in(client)) == ("/sign-in", True, False)


def test_nobody_ends_anothers_but_an_administrator_who_ends_all(app, session, reader):
    theirs, account = reader(Role.CASEWORKER)
    mine, _ = reader(Role.MANAGER)
    administrator, _ = reader(Role.ADMINISTRATOR)
    number = in_order(session)[0]

    refused = [
        mine.post(f"/account/sign-ins/{number}/end").status_code,
        mine.post(f"/accounts/{account.key}/sign-ins/end").status_code,
        administrator.post(f"/account/sign-ins/{number}/end").status_code,
    ]
    before = is_in(theirs)
    administrator.post(f"/accounts/{account.key}/sign-ins/end")

    assert (refused, before, is_in(theirs)) == ([404, 403, 404], True, False)
    assert session.scalars(select(AuditEntry.event)).all() == ["sign_ins.ended"]
