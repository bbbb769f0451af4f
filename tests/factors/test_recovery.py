"""Recovery codes stand in for a second factor, each once; forgetting a password is no way round it (B6)."""

from __future__ import annotations

import math

import pytest
from sqlalchemy import select

from app.accounts import links
from app.accounts.models import Role
from app.core import sealing
from app.core.errors import NotPermitted, RuleBroken
from app.core.references import ALPHABET
from app.factors import actions, queries
from app.factors.models import RecoveryCode
from app.outbox.models import Message
from tests.conftest import PASSWORD


@pytest.fixture
def recovery(session, holder):
    made = actions.make_recovery_codes(session, holder.account, actor=holder.account)
    session.commit()
    return made


def test_there_are_ten_of_77_bits_and_only_hashes_of_them_are_kept(session, recovery):
    letters = len(recovery[0].replace("-", ""))

    assert (len(set(recovery)), letters * math.log2(len(ALPHABET)) > 64) == (10, True)
    kept = str(session.execute(select(RecoveryCode.__table__)).all())
    assert [code for code in recovery if code in kept or code.replace("-", "") in kept] == []


def test_each_is_taken_once_however_it_is_written(session, holder, recovery):
    ways = [str, str.lower, lambda c: c.replace("-", ""), lambda c: c.replace("-", " "), lambda c: f" {c} ",
            lambda c: c.replace("0", "O"), lambda c: c.replace("0", "o").lower(), str, str, str]  # fmt: skip

    first = [actions.try_code(session, holder.account, way(c)) for way, c in zip(ways, recovery, strict=True)]
    again = [actions._use_recovery(session, holder.account, code) for code in recovery]

    assert (first, again) == ([None] * 10, [False] * 10)
    assert queries.recovery_codes_left(session, holder.account) == 0


def test_new_ones_make_the_old_ones_void_and_nobody_elses_are_taken(session, make, holder, recovery):
    other = make.account(Role.CASEWORKER)
    assert not actions._use_recovery(session, other, recovery[0])

    actions.make_recovery_codes(session, holder.account, actor=holder.account)

    assert [actions._use_recovery(session, holder.account, code) for code in recovery] == [False] * 10


def by_forgetting(app, session, holder):
    assert links.ask(session, email=holder.account.email, network="192.0.2.1")
    seal = session.scalars(select(Message.seal).order_by(Message.id.desc())).first()
    session.commit()
    app.test_client().post(
        f"/choose-password/{sealing.token_of(seal)}", data={"password": "four quiet herons wading"}
    )
    client = app.test_client()
    client.post("/sign-in", data={"email": holder.account.email, "password": "four quiet herons wading"})
    return client


def by_the_password(app, session, holder):
    return holder.halfway(app)


def by_a_dead_code(app, session, holder):
    client = holder.halfway(app)
    code = holder.code()
    holder.shows(holder.halfway(app), code)
    holder.shows(client, code)
    return client


def by_setting_up_another(app, session, holder):
    client = holder.halfway(app)
    page = client.get("/account/second-factor/authenticator")
    assert page.status_code == 403
    client.post("/account/second-factor/authenticator", data={"code": holder.code()})
    client.post("/account/second-factor/passkeys/new", data={"name": "Mine", "credential": "{}"})
    client.post("/account/second-factor/recovery-codes")
    client.post("/account/second-factor/authenticator/remove")
    return client


def by_confirming_the_password(app, session, holder):
    client = holder.halfway(app)
    client.post("/account/confirm", data={"password": PASSWORD})
    return client


WAYS_ROUND = [
    by_forgetting,
    by_the_password,
    by_a_dead_code,
    by_setting_up_another,
    by_confirming_the_password,
]


@pytest.mark.parametrize("path", ["/account", "/caseload/", "/", "/search?words=scan"])
@pytest.mark.parametrize("way", WAYS_ROUND)
def test_there_is_no_way_round_a_second_factor(app, session, holder, strict, later, way, path):
    client = way(app, session, holder)

    answer = client.get(path)

    assert (answer.status_code, answer.location.partition("?")[0]) == (302, "/sign-in/second-factor")
    assert queries.has_one(session, holder.account)


def test_an_administrator_removes_them_for_whoever_has_lost_them_who_is_told(session, make, holder, recovery):
    administrator = make.account(Role.ADMINISTRATOR)
    with pytest.raises(NotPermitted):
        actions.forget(session, holder.account, actor=make.account(Role.MANAGER))

    actions.forget(session, holder.account, actor=administrator)
    session.flush()

    assert not queries.has_one(session, holder.account)
    assert queries.recovery_codes_left(session, holder.account) == 0
    [letter] = session.scalars(select(Message).where(Message.address == holder.account.email))
    assert letter.subject == "Your second factor was removed"
    with pytest.raises(RuleBroken, match="has no second factor"):
        actions.forget(session, holder.account, actor=administrator)
    with pytest.raises(RuleBroken, match="Nobody removes their own"):
        actions.forget(session, administrator, actor=administrator)


def test_the_last_second_factor_stays_where_one_is_required(session, holder):
    with pytest.raises(RuleBroken, match="add another one"):
        actions.remove_authenticator(session, holder.account, actor=holder.account, is_required=True)

    actions.remove_authenticator(session, holder.account, actor=holder.account, is_required=False)
    assert not queries.has_one(session, holder.account)
