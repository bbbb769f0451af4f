"""Nobody makes an account’s owner wait by failing at it: a device that has signed in is counted apart (B7)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.accounts import devices
from app.accounts.limits import SIGN_IN_ADDRESS, SIGN_IN_DEVICE, SIGN_IN_EMAIL
from app.accounts.models import KnownDevice, Role
from app.core import clock
from tests.conftest import PASSWORD

COOKIE = "second-read-device"
TOO_OFTEN = "There have been too many attempts."


@pytest.fixture(autouse=True)
def stopped(monkeypatch):
    """A window of a limit ends on the clock: a slow machine must not come to the end of one."""
    now = clock.wall()
    monkeypatch.setattr(clock, "_read", lambda: now)


def tries(client, account, password):
    return client.post("/sign-in", data={"email": account.email, "password": password})


def fail(app, account, times):
    """A stranger fails at the account so often, each time in a new browser, and once more."""
    for _ in range(times):
        answer = tries(app.test_client(), account, "not the password")
    return answer.text


def is_in(client) -> bool:
    return client.get("/account").status_code == 200


def known(session):
    session.expire_all()
    living = select(KnownDevice).where(KnownDevice.ended_at.is_(None))
    return session.scalars(living.order_by(KnownDevice.id)).all()


def test_the_owner_signs_in_again_whatever_a_stranger_has_done_meanwhile(app, reader):
    client, account = reader(Role.CASEWORKER)
    client.post("/sign-out")
    assert TOO_OFTEN in fail(app, account, max(SIGN_IN_EMAIL.most, SIGN_IN_ADDRESS.most) + 1)

    stranger = app.test_client()
    assert TOO_OFTEN in tries(stranger, account, PASSWORD).text
    assert tries(client, account, PASSWORD).status_code == 302
    assert (is_in(client), is_in(stranger)) == (True, False)


def test_a_known_device_has_a_limit_of_its_own(app, reader):
    client, account = reader(Role.CASEWORKER)
    client.post("/sign-out")

    answers = [TOO_OFTEN in tries(client, account, "wrong").text for _ in range(SIGN_IN_DEVICE.most + 1)]

    assert answers == [False] * SIGN_IN_DEVICE.most + [True]
    assert TOO_OFTEN in tries(client, account, PASSWORD).text
    assert tries(app.test_client(), account, PASSWORD).status_code == 302


def test_a_browser_with_a_token_of_its_own_choosing_gets_one_of_ours_and_is_counted(app, reader):
    _client, account = reader(Role.CASEWORKER)
    browser, chosen = app.test_client(), "k" * 100
    browser.set_cookie(COOKIE, chosen)
    assert tries(browser, account, PASSWORD).status_code == 302
    assert devices.TOKEN.fullmatch(browser.get_cookie(COOKIE).value)

    fail(app, account, SIGN_IN_EMAIL.most)
    answers = []
    for more in ("", "1", "2"):
        again = app.test_client()
        again.set_cookie(COOKIE, chosen + more)
        answers.append(TOO_OFTEN in tries(again, account, "not the password").text)
    assert answers == [True] * 3


def test_a_device_of_one_account_is_a_stranger_to_another(app, reader):
    client, _mine = reader(Role.CASEWORKER)
    _, theirs = reader(Role.MANAGER)
    client.post("/sign-out")
    fail(app, theirs, SIGN_IN_EMAIL.most)

    assert TOO_OFTEN in tries(client, theirs, PASSWORD).text


def test_devices_are_listed_and_whatever_is_forgotten_is_a_stranger(app, session, reader):
    client, account = reader(Role.CASEWORKER)
    page = client.get("/account").text
    (device,) = known(session)

    assert page.count("Forget it") == 1
    assert client.post(f"/account/devices/{device.id}/forget").status_code == 302
    assert known(session) == []
    assert client.post(f"/account/devices/{device.id}/forget").status_code == 404
    client.post("/sign-out")
    fail(app, account, SIGN_IN_EMAIL.most)
    assert TOO_OFTEN in tries(client, account, PASSWORD).text


def test_nobody_forgets_anothers_device(session, reader):
    reader(Role.CASEWORKER)
    other, _account = reader(Role.MANAGER)
    theirs = known(session)[0]

    assert other.post(f"/account/devices/{theirs.id}/forget").status_code == 404
    assert len(known(session)) == 2


def test_a_browser_is_one_device_however_often_it_signs_in(session, reader):
    client, account = reader(Role.CASEWORKER)
    for _ in range(3):
        client.post("/sign-out")
        tries(client, account, PASSWORD)

    assert len(known(session)) == 1


def test_another_password_and_a_suspension_forget_every_device(app, session, make):
    account = make.account(Role.CASEWORKER)
    for forgetting in ("password", "suspension"):
        devices.remember(session, account, forgetting, browser="A telephone")
        assert len(known(session)) == 1
        if forgetting == "password":
            from app.accounts import actions

            actions.change_password(session, account, actor=account, password="four quiet herons wading")
        else:
            actions.suspend(session, account, actor=None)
        session.flush()
        assert known(session) == []


def test_only_a_hash_is_kept_and_it_says_nothing_of_a_browser_two_share(session, make):
    one, two = make.account(Role.CASEWORKER), make.account(Role.CASEWORKER)
    token = devices.new_token()
    for account in (one, two):
        devices.remember(session, account, token, browser="A telephone")

    hashes = [device.token_hash for device in known(session)]
    assert len(set(hashes)) == 2
    assert token not in hashes
    assert [devices.knows(session, account, token) for account in (one, two, None)] == [True, True, False]
    assert not devices.knows(session, one, "")


def test_the_oldest_goes_beyond_twenty_and_what_is_not_used_for_a_year(session, make, monkeypatch):
    account, start = make.account(Role.CASEWORKER), clock.wall()
    for number in range(devices.MOST + 2):
        monkeypatch.setattr(clock, "_read", lambda number=number: start + timedelta(minutes=number))
        devices.remember(session, account, f"token {number}", browser="")

    assert len(known(session)) == devices.MOST
    assert [devices.knows(session, account, f"token {n}") for n in (0, 1, 2)] == [False, False, True]
    monkeypatch.setattr(clock, "_read", lambda: start + devices.KNOWN_FOR + timedelta(hours=1))
    assert not devices.knows(session, account, "token 2")


@pytest.mark.parametrize(
    "path",
    ["/account/sign-ins/{}/end", "/account/devices/{}/forget", "/account/second-factor/passkeys/{}/remove"],
)
def test_a_row_is_found_however_many_there_have_been(app, path):
    for number in (1, 100_000, 999_999_999):
        assert app.url_map.bind("").match(path.format(number), method="POST")[1] == {"number": number}
