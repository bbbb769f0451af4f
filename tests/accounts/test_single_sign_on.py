"""Single sign-on lets in who has an account, with no more than the mapping says, and nobody by a trick."""

from __future__ import annotations

import time

import pytest

from app.accounts.models import Role
from app.accounts.single_sign_on import NOBODY, NOT_TOLD
from config import ConfigError, from_environment
from tests.accounts.issuer import STRANGERS_KEY, serving

BACK = "/sign-in/single/back"
ROLES = "groups cases=caseworker boss=manager"


@pytest.fixture
def issuer(app, session, monkeypatch):
    with serving() as issuer:
        names = {"OIDC_ISSUER": issuer.address, "OIDC_CLIENT_ID": "second-read", "OIDC_CLIENT_SECRET": "s"}
        for name, value in names.items():
            monkeypatch.setitem(app.config, name, value)
        yield issuer


@pytest.fixture
def person(session, make, issuer):
    account = make.account(Role.CASEWORKER, password_hash=None)
    session.commit()
    issuer.claims["email"] = account.email
    return account


@pytest.fixture
def mapped(app, monkeypatch):
    """An office where claims give roles."""
    monkeypatch.setitem(app.config, "OIDC_ROLES", ROLES)


@pytest.fixture
def goes(app, issuer):
    """Go through the single sign-on in a new browser: its client and the last answer."""

    def go(path="/sign-in/single", client=None, **changed):
        client = client or app.test_client()
        brought = issuer.sign_in(client.get(path).location) | changed
        return client, client.get(BACK, query_string=brought)

    return go


def is_in(client) -> bool:
    return client.get("/account").status_code == 200


def test_somebody_with_an_account_is_in_and_lands_where_they_wanted(person, goes):
    client, answer = goes("/sign-in/single?next=/caseload/")

    assert (answer.status_code, answer.location, is_in(client)) == (302, "/caseload/", True)


def test_the_second_factor_is_asked_for_all_the_same(app, person, goes, monkeypatch):
    monkeypatch.setitem(app.config, "SECOND_FACTOR_REQUIRED", True)
    client, answer = goes()

    assert (answer.location, is_in(client)) == ("/sign-in/second-factor", False)


WRONG = {
    "another issuer": {"iss": "https://evil.example"},
    "for another client": {"aud": "another"},
    "another nonce": {"nonce": "x"},
    "no nonce": {"nonce": None},
    "over": {"exp": int(time.time()) - 3600},
}


@pytest.mark.parametrize("why", WRONG)
def test_what_is_not_said_to_us_now_is_not_believed(person, issuer, goes, why):
    issuer.wrong = WRONG[why]
    client, answer = goes()

    assert (answer.status_code, NOT_TOLD in answer.text, is_in(client)) == (403, True, False)


def test_another_key_is_not_believed(person, issuer, goes):
    issuer.key = STRANGERS_KEY
    client, answer = goes()

    assert (answer.status_code, is_in(client)) == (403, False)


@pytest.mark.parametrize("changed", [{"state": "another"}, {"state": ""}, {"code": "none"}, {"code": ""}])
def test_another_state_or_code_opens_nothing(person, goes, changed):
    client, answer = goes(**changed)

    assert (answer.status_code, is_in(client)) == (403, False)


def test_a_state_counts_once_even_for_a_copy_of_the_cookie(app, person, issuer):
    first, copy = app.test_client(), app.test_client()
    asked = first.get("/sign-in/single").location
    copy.set_cookie("second-read", first.get_cookie("second-read").value)

    answers = [client.get(BACK, query_string=issuer.sign_in(asked)) for client in (first, copy, first)]

    assert [answer.status_code for answer in answers] == [302, 403, 403]
    assert not is_in(copy)


def test_nobody_is_signed_in_by_a_link_that_somebody_else_began(app, person, issuer):
    begun = issuer.sign_in(app.test_client().get("/sign-in/single").location)
    victim = app.test_client()

    assert (victim.get(BACK, query_string=begun).status_code, is_in(victim)) == (403, False)


@pytest.mark.parametrize(
    "claims",
    [
        {"email": "nobody@office.example"},
        {"email_verified": False},
        {"email_verified": "true"},
        {"email": None},
    ],
)
def test_who_is_not_invited_or_not_verified_is_nobody_here(person, issuer, goes, claims):
    issuer.claims |= claims
    client, answer = goes()

    assert (answer.status_code, NOBODY.replace("’", "&#39;") in answer.text, is_in(client)) == (
        403,
        True,
        False,
    )


def test_the_suspended_and_liaison_officers_do_not_come_in_this_way(session, make, issuer, goes):
    for account in (make.account(Role.MANAGER, is_active=False), make.account(Role.LIAISON)):
        session.commit()
        issuer.claims["email"] = account.email
        client, answer = goes()
        assert (answer.status_code, is_in(client)) == (403, False)


@pytest.mark.parametrize(
    ("groups", "roles"),
    [
        (["cases"], {Role.CASEWORKER}),
        ("boss", {Role.MANAGER}),
        (["cases", "boss", "administrator", "ombudsman", 7, None], {Role.CASEWORKER, Role.MANAGER}),
    ],
)
def test_claims_give_the_roles_of_the_mapping_and_no_others(
    app, session, person, issuer, goes, monkeypatch, groups, roles
):
    monkeypatch.setitem(app.config, "OIDC_ROLES", ROLES)
    issuer.claims["groups"] = groups
    client, _answer = goes()
    session.expire_all()

    assert (is_in(client), person.roles) == (True, roles)


@pytest.mark.parametrize(
    "groups", [[], None, ["administrator"], ["ombudsman"], {"cases": 1}, [["cases"]], "cases boss"]
)
def test_whom_the_mapping_gives_nothing_does_not_come_in(
    app, session, person, issuer, goes, monkeypatch, groups
):
    monkeypatch.setitem(app.config, "OIDC_ROLES", ROLES)
    issuer.claims["groups"] = groups
    client, answer = goes()
    session.expire_all()

    assert (answer.status_code, is_in(client), person.roles) == (403, False, {Role.CASEWORKER})


def test_an_issuer_that_does_not_answer_is_said_so(app, person, issuer, monkeypatch):
    monkeypatch.setitem(app.config, "OIDC_ISSUER", "http://127.0.0.1:9")
    answer = app.test_client().get("/sign-in/single", follow_redirects=True)

    assert "The single sign-on does not answer." in answer.text


def test_without_an_issuer_there_is_no_such_way(app, session):
    client = app.test_client()

    assert [client.get(path).status_code for path in ("/sign-in/single", BACK)] == [404, 404]
    assert "single sign-on" not in client.get("/sign-in").text


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"OIDC_ISSUER": "https://id.example"}, "Set OIDC_CLIENT_ID, OIDC_CLIENT_SECRET too"),
        ({"OIDC_ROLES": ROLES}, "Set OIDC_ISSUER"),
        ({"OIDC_ISSUER": "http://id.example"}, "must be an https:// address"),
        ({"OIDC_ROLES": "groups"}, "must be a claim and what it gives"),
        ({"OIDC_ROLES": "groups cases"}, "must be a claim and what it gives"),
    ],
)
def test_half_a_single_sign_on_is_refused(tmp_path, given, said):
    whole = {"OIDC_ISSUER": "https://id.example", "OIDC_CLIENT_ID": "a", "OIDC_CLIENT_SECRET": "b"}
    is_half = said.startswith("Set")
    environ = {"OFFICE": "trial", "DATA_DIR": str(tmp_path), **({} if is_half else whole), **given}

    with pytest.raises(ConfigError, match=said):
        from_environment(environ)


@pytest.mark.parametrize("role", ["liaison", "root"])
def test_a_role_that_no_claim_can_give_is_refused_at_the_start(tmp_path, role):
    from app import create_app
    from config import Config, Office

    with pytest.raises(ConfigError, match="OIDC_ROLES gives a role it cannot give"):
        create_app(
            Config(OFFICE=Office.TRIAL, DATA_DIR=tmp_path, DATABASE_URL="sqlite://", SECRET_KEY="x" * 40,
                   OIDC_ROLES=f"groups x={role}")
        )  # fmt: skip
