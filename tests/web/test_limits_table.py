"""Every limit there is, tripped alone, and round which there is no way (B7, G1, G2)."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from importlib import import_module
from pkgutil import walk_packages

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

import app as app_package
from app.accounts import limits, passwords
from app.accounts.limits import Limit
from app.accounts.models import Account, AttemptCount
from app.database import db
from app.demonstration.office import PASSWORD
from app.front_door.limits import Bounds, Doing, limits_of
from config import Config
from tests.migrated import migrated
from tests.web import MANAGER, Visitor

#: What is limited, how often in how long, and what it is counted by. Changing a line is changing how safe
#: signing in is: have it reviewed as that.
CONTRACT = {
    "SIGN_IN_EMAIL": (10, timedelta(minutes=5)),
    "SIGN_IN_DEVICE": (10, timedelta(minutes=5)),
    "PASSKEY_ADDRESS": (50, timedelta(minutes=5)),
    "SIGN_IN_ADDRESS": (50, timedelta(minutes=5)),
    "SIGN_IN_ALL": (1000, timedelta(minutes=5)),
    "CONFIRM": (5, timedelta(minutes=5)),
    "CODE": (5, timedelta(minutes=5)),
    "CODE_DAY": (50, timedelta(days=1)),
    "FORGOTTEN_EMAIL": (3, timedelta(hours=1)),
    "FORGOTTEN_ADDRESS": (20, timedelta(hours=1)),
    "FORGOTTEN_ALL": (500, timedelta(hours=1)),
    "STATE": (1, timedelta(days=1)),
    "LINKS_TO_ONE": (3, timedelta(hours=1)),
    "form start network": (20, timedelta(hours=1)),
    "form start all": (500, timedelta(hours=1)),
    "form save network": (800, timedelta(hours=1)),
    "form save all": (20_000, timedelta(hours=1)),
    "form link network": (20, timedelta(hours=1)),
    "form link all": (500, timedelta(hours=1)),
    "form return network": (60, timedelta(hours=1)),
    "form return all": (1500, timedelta(hours=1)),
    "form file network": (100, timedelta(hours=1)),
    "form file all": (2500, timedelta(hours=1)),
    "form send network": (20, timedelta(hours=1)),
    "form send all": (500, timedelta(hours=1)),
}


@cache
def every_limit() -> dict[str, Limit]:
    """Every limit that any module of the service keeps, and those the front door makes of the settings."""
    names = [
        found.name for found in walk_packages(app_package.__path__, "app.") if ".readers" not in found.name
    ]
    kept = (vars(import_module(name)).items() for name in names if not name.endswith(".child"))
    told = {name: value for items in kept for name, value in items if isinstance(value, Limit)}
    defaults = {"per_network": Config.FORMS_PER_NETWORK, "in_all": Config.FORMS_PER_HOUR}
    bounds = Bounds(**defaults, days=1, bytes_in_form=1, bytes_in_all=1)
    for doing in Doing:
        pair = zip(("network", "all"), limits_of(doing, bounds), strict=True)
        told |= {f"form {doing} {whose}": limit for whose, limit in pair}
    return told


def test_the_limits_are_these_and_no_two_share_a_count():
    assert {name: (limit.most, limit.window) for name, limit in every_limit().items()} == CONTRACT
    assert len({limit.name for limit in every_limit().values()}) == len(CONTRACT)
    assert max(limit.window for limit in every_limit().values()) <= limits.KEPT_FOR


@pytest.fixture
def stopped(move):
    move(timedelta(0))


#: How many tries are really made of each limit; those before them are counted at once.
REALLY = 60


@pytest.mark.parametrize("name", CONTRACT)
def test_each_limit_trips_by_itself_and_no_other_with_it(connection, stopped, name):
    limit = every_limit()[name]
    with Session(connection, join_transaction_mode="create_savepoint") as session:
        within = [limits.spend(session, limit, "somebody")]
        mine = update(AttemptCount).where(AttemptCount.limit_name == limit.name)
        session.execute(mine.values(count=AttemptCount.count + max(0, limit.most - REALLY)))
        within += [limits.spend(session, limit, "somebody") for _ in range(min(limit.most, REALLY) + 2)]
        others = [
            limits.spend(session, other, "somebody") for other in every_limit().values() if other != limit
        ]
        another = limits.spend(session, limit, "another")

    print(f"\n{name}: {within.count(True)} of {len(within)} within, {others.count(False)} others tripped")
    assert within == [True] * min(limit.most, REALLY) + [False] * 3
    assert (all(others), another) == (True, True)


@pytest.mark.parametrize(
    ("field", "limit"),
    [("email", limits.SIGN_IN_EMAIL), ("address", limits.SIGN_IN_ADDRESS), ("all", limits.SIGN_IN_ALL)],
)
def test_signing_in_is_refused_when_any_one_of_its_limits_is_used_up(
    app, office, stopped, hashes, field, limit
):
    subject = {"email": MANAGER, "address": "127.0.0.1", "all": ""}[field]
    use_up(office, limit, subject)

    assert refused(app, hashes)


def use_up(office, limit: Limit, subject: str) -> None:
    with Session(office, join_transaction_mode="create_savepoint") as session:
        for _ in range(limit.most):
            limits.spend(session, limit, subject)
        session.commit()


def refused(app, hashes) -> bool:
    hashes.clear()
    stranger = Visitor(app)
    stranger.send("/sign-in", [("email", MANAGER.encode()), ("password", PASSWORD.encode())])
    return not stranger.is_in() and not hashes


@pytest.mark.parametrize(
    ("limit", "subject"),
    [
        (limits.FORGOTTEN_EMAIL, MANAGER),
        (limits.FORGOTTEN_ADDRESS, "127.0.0.1"),
        (limits.FORGOTTEN_ALL, ""),
    ],
)
def test_asking_for_a_password_is_refused_when_any_one_of_its_limits_is_used_up(
    app, office, stopped, limit, subject
):
    use_up(office, limit, subject)

    answer = Visitor(app).send("/forgotten-password", [("email", MANAGER.encode())])

    assert (answer.status_code, "This was asked too often." in answer.text) == (200, True)


@pytest.fixture
def served(request, tmp_path):
    """A service on a database of its own, where each request is committed, and the e-mail of its one account.

    In one transaction, as in the other tests, PostgreSQL keeps every value that a count ever had.
    """
    with migrated(request.config.getoption("--database"), tmp_path, TESTING=True) as served:
        served.config["WTF_CSRF_ENABLED"] = False
        with served.app_context(), db.unit_of_work() as session:
            password = passwords.hash_of(PASSWORD)
            session.add(Account(email=MANAGER, name="Morwenna", password_hash=password))
        yield served


@pytest.mark.timeout(600)
def test_five_thousand_passwords_from_as_many_networks_are_hardly_looked_at(served, stopped, hashes):
    """The count by e-mail address holds whoever asks, and however the address is spelt."""
    tries, stranger = 5000, Visitor(served)
    spelt = [MANAGER, MANAGER.upper(), f" {MANAGER}", f"{MANAGER}\t", MANAGER.title()]
    passwords_looked_at = 0
    for number in range(tries):
        hashes.clear()
        stranger.environ = {"environ_overrides": {"REMOTE_ADDR": f"2001:db8:{number:x}::1"}}
        stranger.post(
            "/sign-in",
            [
                ("email", spelt[number % 5].encode()),
                ("password", b"wrong %d" % number),
            ],
            headers={"X-Forwarded-For": f"198.51.100.{number % 250}"},
        )
        passwords_looked_at += len(hashes)

    print(
        f"\n{tries} passwords tried, {passwords_looked_at} looked at, {passwords_looked_at - 10} beyond the limit"
    )
    assert passwords_looked_at == limits.SIGN_IN_EMAIL.most


def test_counts_hold_for_every_process_and_after_a_restart(app, office, stopped):
    """They are rows: a second connection, as another worker has, goes on counting where the first was."""
    counted = []
    for worker in range(4):
        with Session(office, join_transaction_mode="create_savepoint") as session:
            counted += [limits.spend(session, limits.CODE, f" Somebody{' ' * worker}") for _ in range(250)]
            session.commit()

    print(
        f"\n{len(counted)} tries of four workers, {counted.count(True)} within a limit of {limits.CODE.most}"
    )
    assert counted.count(True) == limits.CODE.most


def test_a_household_counts_as_one_and_its_neighbour_as_another():
    same = {limits.network_of(f"2001:db8:1:2:{number:x}::{number:x}") for number in range(1, 500)}

    assert (len(same), limits.network_of("2001:db8:1:3::1") in same) == (1, False)
    assert limits.network_of("192.0.2.1") != limits.network_of("192.0.2.2")
